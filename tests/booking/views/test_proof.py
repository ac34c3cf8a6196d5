"""The proof as a patient keeps it: calendars, the way there, what was asked for."""

import re

import pytest
import time_machine

from booking.messages import web_calendars
from booking.models import Appointment, Location
from booking.visits import changes, tokens
from tests.booking.views.details_form import address, sent
from tests.builders import NOW, at, book
from tests.reading import texts, tight

PROOF = "/appointment/"
CALENDARS = r'<a class="button second" href="([^"]+)"( rel="[^"]+")?>(Google|Outlook|Apple[^<]*)<'
APART = ' rel="noopener noreferrer"'
ALL_NEEDS = {"interpreter": "Spanish", "wants_gender": "woman", "step_free": "on"}


@pytest.fixture
def visit(ana):
    return book(ana, at("9:30"))


@pytest.fixture
def holder(client, visit):
    """A browser that has followed the visit's link."""
    client.get(f"/m/{tokens.make(visit)}/")
    return client


def shown(client):
    return tight(client.get(PROOF).content.decode())


def ways(client):
    """How to get there: the text under each heading."""
    [part] = re.findall(r"<h2>Getting here</h2>.*?Directions on a map", shown(client))
    return dict(re.findall(r"<h3>(.*?)</h3><p>(.*?)</p>", part))


def asked_for(client):
    """What the proof repeats, a line each."""
    part = re.search(r"<h2>What you asked for</h2><ul>(.*?)</ul>", shown(client))
    return re.findall(r"<li>(.*?)</li>", part[1]) if part else []


def test_three_calendars_are_offered_and_none_is_asked_untapped(holder, visit):
    html = shown(holder).replace("&amp;", "&")

    assert re.findall(CALENDARS, html) == [
        (web_calendars.google(visit), APART, "Google"),
        (web_calendars.outlook(visit), APART, "Outlook"),
        ("/appointment.ics", "", "Apple or other"),
    ]
    assert [html.count(host) for host in ("calendar.google.com", "live.com")] == [1, 1]


def test_a_booked_visit_looks_like_success(holder):
    assert '<svg class="tick"' in shown(holder)


@pytest.mark.parametrize("what", ["cancelled", "over"])
def test_a_visit_that_is_not_to_come_looks_otherwise_and_goes_into_no_calendar(holder, visit, what):
    if what == "cancelled":
        changes.cancel_by_patient(appointment=visit, now=NOW)
    with time_machine.travel(NOW if what == "cancelled" else at("9:30"), tick=False):
        html = shown(holder)

    assert ('<svg class="tick"' in html, re.findall(CALENDARS, html)) == (False, [])
    assert visit.reference in html


@pytest.mark.parametrize(
    ("map_url", "leads_to"),
    [
        ("https://maps.example/willow?a=1&b=2", "https://maps.example/willow?a=1&amp;b=2"),
        (
            "",
            "https://www.google.com/maps/dir/?api=1&amp;destination="
            "12+Willow+Street%2C+Springfield%2C+NY+10001",
        ),
    ],
)
def test_the_way_is_a_tap_away(holder, map_url, leads_to):
    Location.objects.update(map_url=map_url)

    assert f'href="{leads_to}"{APART}>Directions on a map<' in shown(holder)


def test_the_proof_tells_the_ways_that_the_clinic_has_entered(holder):
    assert ways(holder) == {}
    Location.objects.update(by_car="Turn left.", by_bus="Bus 4.", on_foot="Five minutes.")

    assert ways(holder) == {
        "By car": "Turn left.",
        "By bus or train": "Bus 4.",
        "On foot": "Five minutes.",
    }


def test_what_was_asked_for_is_repeated_where_it_was_typed(client, ana):
    client.post(address(), sent(**ALL_NEEDS))

    assert asked_for(client) == [
        "An interpreter: Spanish",
        "A way in without steps",
        "A woman to treat you",
    ]


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ({"interpreter": "<b>sign</b>"}, ["An interpreter: &lt;b&gt;sign&lt;/b&gt;"]),
        ({"step_free": "on"}, ["A way in without steps"]),
        ({"wants_gender": "man"}, ["A man to treat you"]),
        ({}, []),
    ],
)
def test_only_what_was_asked_for_is_repeated(client, ana, need, said):
    client.post(address(), sent(**need))

    assert asked_for(client) == said


def test_who_has_only_the_link_reads_nothing_of_it(client, ana):
    client.post(address(), sent(**ALL_NEEDS))
    client.cookies.clear()
    client.get(f"/m/{tokens.make(Appointment.objects.get())}/")

    assert asked_for(client) == []
    assert "Spanish" not in shown(client)


def test_the_card_says_when_with_whom_what_and_where(holder, visit):
    [card] = texts(holder.get(PROOF), "visit")

    assert card.partition(" Add to my calendar")[0] == (
        "Monday, November 30, 2026 9:30 a.m. (Eastern time) with Ana Ruiz, PT, DPT AR"
        " What Initial consultation, 45 minutes"
        " Where Willow Street 12 Willow Street, Springfield, NY 10001"
        f" Our telephone (212) 555-0143 Reference {visit.reference}"
    )
