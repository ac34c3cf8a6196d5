"""The decoy and the fill time: bots are asked again, and nobody loses what they typed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.forms import bots
from booking.models import Appointment
from tests.booking.views.details_form import KEPT, address, rows, sent, values
from tests.builders import NOW, at, book

SECOND = timedelta(seconds=1)
SOON = "That was very fast."
DECOY = "A hidden field that must stay empty was filled in"
PATH = address()


@pytest.fixture(autouse=True)
def two_seconds(settings):
    settings.MINIMUM_FILL_SECONDS = 2


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def shown(page) -> str:
    """The stamp in the form."""
    return re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]


def form(page, **changes):
    return sent(shown=shown(page), **changes)


def check_asked_again(page, why):
    assert page.status_code == 200
    html = page.content.decode()
    assert ("<title>Error: Your details" in html, why in html) == (True, True)
    assert values(page) == KEPT
    assert rows() == []


def test_the_decoy_is_out_of_reach_of_people(client, ana):
    html = client.get(PATH).content.decode()
    around = re.search(r'<div class="away" aria-hidden="true">.*?</div>', html, re.S)[0]

    assert "Leave this field empty" in around
    decoy = re.search(r"<input[^>]*homepage[^>]*>", around)[0]
    assert all(part in decoy for part in ('autocomplete="off"', 'tabindex="-1"'))
    assert "required" not in decoy


def test_who_takes_two_seconds_books(client, ana, clock):
    page = client.get(PATH)
    clock.shift(2 * SECOND)

    assert client.post(PATH, form(page)).status_code == 303
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]


def test_who_is_faster_is_asked_again_and_waits_only_for_the_rest(client, ana, clock):
    page = client.get(PATH)
    clock.shift(1.9 * SECOND)
    again = client.post(PATH, form(page))
    check_asked_again(again, SOON)
    assert shown(again) == shown(page)
    clock.shift(0.1 * SECOND)

    assert client.post(PATH, form(again)).status_code == 303


def test_the_time_spent_on_errors_counts(client, ana, clock):
    page = client.get(PATH)
    clock.shift(SECOND)
    wrong = client.post(PATH, form(page, email="rosa@"))
    assert SOON not in wrong.content.decode()
    clock.shift(SECOND)

    assert client.post(PATH, form(wrong)).status_code == 303


def test_the_stamp_lives_through_911_and_a_lost_time(client, ana, clock):
    page = client.get(PATH)
    emergency = client.post(PATH, form(page, red_flags="yes"))
    assert "Call 911" in emergency.content.decode()
    back = client.post(PATH, form(emergency, back="1"))
    book(ana, at("9:30"))
    lost = client.post(PATH, form(back))

    assert (emergency.status_code, back.status_code, lost.status_code) == (200, 200, 409)
    assert {shown(emergency), shown(back), shown(lost)} == {shown(page)}


FORGED = f"{NOW.timestamp() * 1000 - 60_000:.0f}:forged"


@pytest.mark.parametrize("what", ["missing", "forged", "a day old", "of the future", "junk"])
def test_a_stamp_that_says_nothing_is_as_good_as_none(client, ana, clock, what):
    stamps = {
        "missing": "",
        "forged": FORGED,
        "a day old": bots.stamp(NOW - timedelta(days=1, seconds=1)),
        "of the future": bots.stamp(NOW + timedelta(hours=1)),
        "junk": "\x00" * 9,
    }
    page = client.post(PATH, sent(shown=stamps[what]))
    check_asked_again(page, SOON)
    clock.shift(2 * SECOND)

    assert client.post(PATH, form(page)).status_code == 303


def test_a_form_left_open_all_day_books(client, ana, clock):
    page = client.get(address("14:00"))
    clock.shift(timedelta(hours=23))

    assert client.post(address("14:00"), form(page)).status_code == 303


@pytest.mark.parametrize("junk", ["https://spam.example", "x" * 200_000, "\x00"])
def test_a_filled_decoy_is_emptied_and_the_form_asked_again(client, ana, clock, junk):
    page = client.get(PATH)
    clock.shift(2 * SECOND)
    again = client.post(PATH, form(page, homepage=junk))
    check_asked_again(again, DECOY)
    assert re.search(r"<input[^>]*homepage[^>]*value", again.content.decode()) is None

    assert client.post(PATH, form(again)).status_code == 303


@pytest.mark.parametrize("obstacle", [{"homepage": "spam"}, {"shown": ""}])
def test_an_emergency_and_a_replay_come_first(client, ana, clock, obstacle):
    page = client.get(PATH)
    emergency = client.post(PATH, form(page, red_flags="yes") | obstacle)
    assert "Call 911" in emergency.content.decode()
    clock.shift(2 * SECOND)
    whole = form(page)
    first = client.post(PATH, whole)
    again = client.post(PATH, whole | obstacle)
    other = client.post(address("13:00"), whole | obstacle)

    assert (first.status_code, again.status_code, other.status_code) == (303, 303, 422)
    assert Appointment.objects.count() == 1


def test_without_the_setting_nobody_waits(client, ana, settings):
    settings.MINIMUM_FILL_SECONDS = 0

    assert client.post(PATH, sent()).status_code == 303


@pytest.mark.parametrize("limit", ["BOOKING_LIMIT", "OPEN_BOOKINGS_LIMIT"])
def test_every_limit_is_told_in_the_same_words(client, ana, settings, limit):
    settings.MINIMUM_FILL_SECONDS = 0
    setattr(settings, limit, 0)
    page = client.post(PATH, sent())

    assert (page.status_code, values(page)) == (429, KEPT)
    assert "a few visits booked online at a time" in page.content.decode()
    assert "(212) 555-0143 and we will book for you" in page.content.decode()


def test_where_all_have_booked_enough_the_typing_is_kept_and_a_call_helps(client, ana, settings):
    settings.MINIMUM_FILL_SECONDS, settings.ONLINE_BOOKINGS_AN_HOUR = 0, 1
    somebody = sent(name="Luis", email="luis@example.org", phone="(212) 555-0142")
    assert client.post(address("13:00"), somebody).status_code == 303
    page = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="198.51.100.7").post(PATH, sent())

    assert (page.status_code, values(page)) == (429, KEPT)
    text = " ".join(page.content.decode().split())
    assert "we cannot take more visits here. What you typed is kept." in text
    assert "Call (212) 555-0143 and we will book for you." in text
    assert "You have reached that number" not in text
    assert rows() == [("Luis", at("13:00"), "booked")]
