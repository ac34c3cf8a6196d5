"""Every page that tells of something wrong: accessible in both schemes, whole on a small phone."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment, OnlineBooking
from tests.browser.test_look import faults
from tests.builders import make_therapist, make_visit_type

pytestmark = pytest.mark.only("postgresql")

TYPED = {
    "name": "Rosa Marquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "red_flags": "no",
}


def form(**changes: str) -> dict[str, str]:
    return TYPED | {"key": str(uuid.uuid4())} | changes


class Shown:
    """Answers of Django's client, in a browser: style sheets come from a running site."""

    def __init__(self, page, site) -> None:
        self.page, self.site, self.seen = page, site, {}
        self.client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})

    def show(self, name: str, response) -> None:
        """Keep the status, the heading and the faults of the answer as `name`."""
        address = f"{self.site.url}/shown/"
        html = response.content.decode()
        self.page.route(
            address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
        )
        self.page.goto(address)
        self.page.unroute(address)
        heading = self.page.locator("h1").inner_text()
        self.seen[name] = (response.status_code, heading, faults(self.page))


def away(execute, *rest):
    raise OperationalError("the connection is lost")


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


def slot(starts_at: datetime) -> str:
    return reverse("booking:book_slot", args=["ana-ruiz", starts_at])


@pytest.fixture
def hours():
    """Two free hours of a therapist who works around the clock, days from now."""
    make_visit_type()
    make_therapist(hours="0:00-12:00 12:00-23:45")
    monday = timezone.now() + timedelta(days=7)
    monday -= timedelta(days=monday.weekday())
    return [monday.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (15, 17)]


def test_every_failure_to_book_is_accessible_and_fits_a_small_phone(
    site, new_page, hours, settings
):
    first, second = hours
    shown = Shown(new_page(), site)
    client = shown.client
    shown.show("nothing typed", client.post(slot(first), {}))
    shown.show("911", client.post(slot(first), form(red_flags="yes")))
    with connection.execute_wrapper(away):
        shown.show("no database", client.post(slot(first), form()))
    sent = form()
    assert client.post(slot(first), sent).status_code == 303
    shown.show("lost", client.post(slot(first), form()))
    shown.show("lost, nothing typed", client.get(slot(first)))
    shown.show("key used", client.post(slot(second), sent | {"name": "Somebody Else"}))
    settings.BOOKING_LIMIT = 1
    shown.show("limit", client.post(slot(second), form()))
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    shown.show("stale", strict.post(slot(second), form()))

    assert {name: (status, found) for name, (status, _, found) in shown.seen.items()} == {
        "nothing typed": (200, []),
        "911": (200, []),
        "no database": (503, []),
        "lost": (409, []),
        "lost, nothing typed": (409, []),
        "key used": (422, []),
        "limit": (429, []),
        "stale": (403, []),
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
    OnlineBooking.objects.update(paused=True)
    shown.show("nothing online", client.get("/book/"))

    assert {name: (status, found) for name, (status, _, found) in shown.seen.items()} == {
        "other visit to move": (409, []),
        "other visit to cancel": (409, []),
        "stale move": (403, []),
        "stale cancel": (403, []),
        "lost time": (409, []),
        "too late to cancel": (409, []),
        "too late to move": (409, []),
        "nothing online": (200, []),
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
    shown.show("wrong address", client.post(LOST, {"email": "rosa@"}))
    for name, path in {"question": QUESTION, "lost": LOST}.items():
        shown.show(f"stale {name}", strict.post(path, asked))
    settings.MINIMUM_FILL_SECONDS = 600
    for name, path in {"question": QUESTION, "lost": LOST}.items():
        shown.show(f"too fast {name}", client.post(path, asked))
    shown.show("decoy", client.post(QUESTION, asked | {"homepage": "https://spam.example"}))
    settings.MINIMUM_FILL_SECONDS, settings.QUESTION_LIMIT = 0, 0
    shown.show("limit", client.post(QUESTION, asked))

    assert {name: (status, found) for name, (status, _, found) in shown.seen.items()} == {
        "911": (200, []),
        "no database": (503, []),
        "wrong address": (200, []),
        "stale question": (403, []),
        "stale lost": (403, []),
        "too fast question": (200, []),
        "too fast lost": (200, []),
        "decoy": (200, []),
        "limit": (429, []),
    }
