"""What can go wrong on the earlier-time list: each page accessible, whole on a small phone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from booking.earlier.waitlist import Wish
from booking.models import Appointment, TimeOffer
from booking.visits import changes
from tests.browser.shown import TOO_LONG, Shown, away, form, slot
from tests.browser.waiting import ask
from tests.builders import wait_without_visit
from tests.patients import opened

# What the pages look like does not depend on the database; PostgreSQL's process has the time.
pytestmark = pytest.mark.only("postgresql")

LIST, ABOUT_A_VISIT = "/book/earlier/", "/appointment/earlier/"
SUITS = {"weekdays": "0", "parts": "morning"}


@pytest.fixture
def shown(site, new_page, hours):
    return Shown(new_page(), site)


@pytest.fixture
def strict():
    """A browser whose forms are stale."""
    return Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})


def test_every_failure_to_join_the_list_is_accessible(shown, strict, settings):
    client, asked = shown.client, form(**SUITS)
    shown.show("nothing typed", client.post(LIST, {}))
    shown.show("too long", client.post(LIST, asked | TOO_LONG))
    shown.show("911", client.post(LIST, asked | {"red_flags": "yes"}))
    shown.show("decoy", client.post(LIST, asked | {"homepage": "https://spam.example"}))
    shown.show("stale", strict.post(LIST, asked))
    with connection.execute_wrapper(away):
        shown.show("no database", client.post(LIST, asked))
    settings.MINIMUM_FILL_SECONDS = 600
    shown.show("too fast", client.post(LIST, asked))
    settings.MINIMUM_FILL_SECONDS = settings.BOOKING_LIMIT = 0
    shown.show("limit", client.post(LIST, asked))
    wish = wait_without_visit(now=timezone.now())
    shown.show("stale wish", strict.post(opened(strict, wish)))

    assert shown.seen == {
        "nothing typed": (200, "There is a problem", []),
        "too long": (200, "There is a problem", []),
        "911": (200, "Call 911 or go to an emergency room now", []),
        "decoy": (200, "Please send the form once more", []),
        "stale": (403, "Please send the form once more", []),
        "no database": (503, "Please try again in a minute", []),
        "too fast": (200, "Please send the form once more", []),
        "limit": (429, "Please call us", []),
        "stale wish": (403, "Please send the form once more", []),
    }


def test_every_failure_to_take_an_offer_is_accessible(shown, strict, settings):
    client, yes = shown.client, {"answer": "yes", "red_flags": "no"}
    wait_without_visit(wish=Wish("01234", morning=True, afternoon=True), now=timezone.now())
    ask()
    path = opened(client, TimeOffer.objects.get())
    opened(strict, TimeOffer.objects.get())
    shown.show("nothing said of signs", client.post(path, {"answer": "yes"}))
    shown.show("911", client.post(path, yes | {"red_flags": "yes"}))
    shown.show("stale", strict.post(path, yes))
    with connection.execute_wrapper(away):
        shown.show("no database", client.post(path, yes))
    settings.OPEN_BOOKINGS_LIMIT = 0
    shown.show("limit", client.post(path, yes))
    TimeOffer.objects.update(expires_at=timezone.now())
    shown.show("lapsed", client.post(path, yes))

    assert shown.seen == {
        "nothing said of signs": (200, "There is a problem", []),
        "911": (200, "Call 911 or go to an emergency room now", []),
        "stale": (403, "Please send the form once more", []),
        "no database": (503, "Please try again in a minute", []),
        "limit": (429, "Please call us to book", []),
        "lapsed": (409, "We have asked someone else", []),
    }


def test_every_failure_to_wish_for_a_sooner_visit_is_accessible(shown, hours):
    client = shown.client
    assert client.post(slot(hours[1] + timedelta(days=7)), form()).status_code == 303
    shown.show("nothing chosen", client.post(ABOUT_A_VISIT, {}))
    shown.show("other visit", client.post(ABOUT_A_VISIT, SUITS | {"reference": "X"}))
    client.handler.enforce_csrf_checks = True
    shown.show("stale", client.post(ABOUT_A_VISIT, SUITS))
    client.handler.enforce_csrf_checks = False
    changes.cancel_by_desk(appointment=Appointment.objects.get(), now=timezone.now())
    shown.show("cancelled", client.post(ABOUT_A_VISIT, SUITS))

    assert shown.seen == {
        "nothing chosen": (200, "There is a problem", []),
        "other visit": (409, "Please look again", []),
        "stale": (403, "Please send the form once more", []),
        "cancelled": (409, "Tell me if something sooner comes up", []),
    }
