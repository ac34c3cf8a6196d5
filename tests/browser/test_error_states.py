"""Every page that tells of something wrong: accessible in both schemes, whole on a small phone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, OnlineBooking
from booking.visits import changes
from tests.browser.shown import TOO_LONG, Shown, away, form, slot

pytestmark = pytest.mark.only("postgresql")


@pytest.mark.urls("tests.clinic_site.faulty_urls")
def test_every_error_page_is_accessible_and_fits_a_small_phone(site, new_page):
    shown = Shown(new_page(), site)
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    for name in ("suspicious", "permission", "bug", "operational"):
        shown.show(name, shown.client.get(f"/fail/{name}/"))
    shown.show("address", shown.client.get("/no-such-page/"))
    shown.show("link", shown.client.get("/m/no-such-link/"))
    shown.show("token", strict.post("/form/", {}))

    assert shown.seen == {
        "suspicious": (400, "We did not understand that", []),
        "permission": (403, "You cannot open this page", []),
        "bug": (500, "Something went wrong on our side", []),
        "operational": (503, "We will be back in a moment", []),
        "address": (404, "We cannot find that page", []),
        "link": (404, "We cannot find that page", []),
        "token": (403, "Please send that again", []),
    }


def test_every_failure_to_book_is_accessible_and_fits_a_small_phone(
    site, new_page, hours, settings
):
    first, second = hours
    shown = Shown(new_page(), site)
    client = shown.client
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    shown.show("nothing typed", client.post(slot(first), {}))
    shown.show("911", client.post(slot(first), form(red_flags="yes")))
    with connection.execute_wrapper(away):
        shown.show("no database", client.post(slot(first), form()))
    sent = form()
    assert client.post(slot(first), sent).status_code == 303
    shown.show("lost", client.post(slot(first), form()))
    shown.show("lost, nothing typed", strict.get(slot(first)))
    shown.show("their own", client.get(slot(first)))
    shown.show("key used", client.post(slot(second), sent | {"name": "Somebody Else"}))
    settings.BOOKING_LIMIT = 1
    shown.show("limit", client.post(slot(second), form(name="Luis Marquez")))
    shown.show("stale", strict.post(slot(second), form()))
    settings.BOOKING_LIMIT = 20
    shown.show("decoy", client.post(slot(second), form(homepage="https://spam.example")))
    shown.show("too long", client.post(slot(second), form() | TOO_LONG))
    settings.MINIMUM_FILL_SECONDS = 600
    shown.show("too fast", client.post(slot(second), form()))

    assert shown.statuses() == {
        "nothing typed": (200, []),
        "911": (200, []),
        "no database": (503, []),
        "lost": (409, []),
        "lost, nothing typed": (409, []),
        "their own": (200, []),
        "key used": (422, []),
        "limit": (429, []),
        "stale": (403, []),
        "decoy": (200, []),
        "too long": (200, []),
        "too fast": (200, []),
    }


def test_every_failure_to_change_a_visit_is_accessible_and_fits_a_small_phone(
    site, new_page, hours
):
    first, second = hours
    shown = Shown(new_page(), site)
    client = shown.client
    assert client.post(slot(first), form()).status_code == 303
    to = {"to": slot(second).removeprefix("/book/").strip("/")}
    shown.show("other visit to move", client.post("/appointment/move/", to | {"reference": "X"}))
    shown.show("other visit to cancel", client.post("/appointment/cancel/", {"reference": "X"}))
    client.handler.enforce_csrf_checks = True
    shown.show("stale move", client.post("/appointment/move/", to))
    shown.show("stale cancel", client.post("/appointment/cancel/", {}))
    client.handler.enforce_csrf_checks = False
    here = {"to": slot(first - timedelta(days=30)).removeprefix("/book/").strip("/")}
    shown.show("lost time", client.post("/appointment/move/", here))
    soon = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    Appointment.objects.update(starts_at=soon, ends_at=soon + timedelta(minutes=45))
    shown.show("too late to cancel", client.post("/appointment/cancel/", {}))
    shown.show("too late to move", client.post("/appointment/move/", to))
    changes.cancel_by_desk(appointment=Appointment.objects.get(), now=timezone.now())
    for name in ("cancel", "move"):
        shown.show(f"nothing to {name}", client.get(f"/appointment/{name}/"))
    OnlineBooking.objects.update(paused=True)
    shown.show("nothing online", client.get("/book/"))

    assert shown.statuses() == {
        "other visit to move": (409, []),
        "other visit to cancel": (409, []),
        "stale move": (403, []),
        "stale cancel": (403, []),
        "lost time": (409, []),
        "too late to cancel": (409, []),
        "too late to move": (409, []),
        "nothing to cancel": (200, []),
        "nothing to move": (200, []),
        "nothing online": (200, []),
    }


def test_every_failure_to_say_i_will_come_is_accessible_and_fits_a_small_phone(
    site, new_page, hours
):
    shown = Shown(new_page(), site)
    client, path = shown.client, "/appointment/come/"
    without = [
        client.post(f"/appointment/{name}/") for name in ("come", "cancel", "move", "earlier")
    ]
    assert {(page.status_code, page.content) for page in without} == {(409, without[0].content)}
    shown.show("no cookie", without[0])
    assert client.post(slot(hours[0]), form()).status_code == 303
    shown.show("other visit", client.post(path, {"reference": "X"}))
    client.handler.enforce_csrf_checks = True
    shown.show("stale", client.post(path))
    client.handler.enforce_csrf_checks = False
    changes.cancel_by_desk(appointment=Appointment.objects.get(), now=timezone.now())
    shown.show("cancelled", client.post(path))

    assert shown.seen == {
        "no cookie": (409, "Your visit", []),
        "other visit": (409, "Please look again", []),
        "stale": (403, "Please send the form once more", []),
        "cancelled": (409, "Your visit is cancelled", []),
    }


QUESTION, LOST = "/contact/question/", "/appointment/lost/"


def test_every_failure_of_the_other_forms_is_accessible_and_fits_a_small_phone(
    site, new_page, settings
):
    shown = Shown(new_page(), site)
    client = shown.client
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    asked = form(message="Is there parking?")
    shown.show("911", client.post(QUESTION, asked | {"red_flags": "yes"}))
    with connection.execute_wrapper(away):
        shown.show("no database", client.post(QUESTION, asked))
        shown.show("no database for a link", client.post(LOST, {"email": "rosa@example.org"}))
    sent = form(message="Is there a bus?")
    assert client.post(QUESTION, sent).status_code == 303
    shown.show("key used", client.post(QUESTION, sent | {"message": "Is there a train?"}))
    shown.show("wrong address", client.post(LOST, {"email": "rosa@"}))
    for name, path in {"question": QUESTION, "lost": LOST}.items():
        shown.show(f"stale {name}", strict.post(path, asked))
    settings.MINIMUM_FILL_SECONDS = 600
    for name, path in {"question": QUESTION, "lost": LOST}.items():
        shown.show(f"too fast {name}", client.post(path, asked))
    shown.show("decoy", client.post(QUESTION, asked | {"homepage": "https://spam.example"}))
    settings.MINIMUM_FILL_SECONDS = settings.QUESTION_LIMIT = settings.BOOKING_LIMIT = 0
    for name, path in {"question": QUESTION, "lost": LOST}.items():
        shown.show(f"limit {name}", client.post(path, asked))

    assert shown.statuses() == {
        "911": (200, []),
        "no database": (503, []),
        "no database for a link": (503, []),
        "key used": (422, []),
        "wrong address": (200, []),
        "stale question": (403, []),
        "stale lost": (403, []),
        "too fast question": (200, []),
        "too fast lost": (200, []),
        "decoy": (200, []),
        "limit question": (429, []),
        "limit lost": (429, []),
    }
