"""A visit type that was withdrawn is offered nowhere; what is booked of it can still move."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.earlier import offers
from booking.models import Appointment, VisitType
from booking.visits import tokens
from conditions.models import Page
from tests.booking.desk.pages import ADD, typed
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    make_therapist,
    make_visit_type,
    wait,
    wait_without_visit,
)
from tests.patients import Form
from tests.reading import texts
from tests.staff import desk, now, sign_in

__all__ = ["desk", "now", "sign_in"]

DAY = reverse("desk:day") + "?date=2026-11-30"
TIME = re.compile(r'"(/book/[\w-]+/\d{8}T\d{4}Z/)')


@pytest.fixture(autouse=True)
def ana(now, settings):
    settings.DEMO = True  # shipped pages show
    make_visit_type(price="165.00")
    return make_therapist()


@pytest.fixture
def withdraw():
    return lambda: VisitType.objects.update(active=False)


@pytest.mark.parametrize("path", ["/", "/book/", "/team/", "/team/ana-ruiz/"])
def test_no_page_has_a_time_for_it(client, withdraw, path):
    assert TIME.findall(client.get(path).content.decode()) != []

    withdraw()
    page = client.get(path)
    assert (page.status_code, TIME.findall(page.content.decode())) == (200, [])


def test_another_that_is_still_offered_takes_its_place(client, withdraw):
    withdraw()
    make_visit_type("checkup", name="Checkup", order=9)

    times = [TIME.findall(client.get(path).content.decode())[0] for path in ("/", "/book/")]
    html = client.get(times[0]).content.decode()
    assert times[0] == times[1]
    assert ("Checkup" in html, "Initial consultation" in html) == (True, False)


def test_it_has_no_price_any_more(client, withdraw):
    Page.objects.create(slug="costs", title="Costs", summary="Ask us.", state="example")
    assert "$165.00" in client.get("/costs/").content.decode()

    withdraw()
    assert "$165.00" not in client.get("/costs/").content.decode()


def test_the_desk_neither_sees_times_for_it_nor_books_it(desk, withdraw):
    assert len(texts(desk.get(DAY), "desk-time")) > 0

    withdraw()
    assert texts(desk.get(DAY), "desk-time") == []
    assert "Initial consultation" not in desk.get(ADD).content.decode()
    assert desk.post(ADD, typed()).status_code == 200
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize("with_visit", [True, False])
def test_nobody_who_waits_is_offered_a_time_for_it(ana, withdraw, with_visit):
    if with_visit:
        wait(book(ana, at("9:30", MONDAY + timedelta(days=3))))
    else:
        wait_without_visit()
    withdraw()
    assert offers.look(NOW) == 0

    VisitType.objects.update(active=True)
    assert offers.look(NOW) == 1


def test_its_patient_moves_it_and_it_stays_what_it_is(client, ana, withdraw):
    visit = book(ana, at("9:30"))
    withdraw()
    client.get(f"/m/{tokens.current(visit)}/")
    to = {"to": "ana-ruiz/20261130T1900Z"}
    form = Form(client.get("/appointment/move/", to).content.decode()).values
    assert client.post("/appointment/move/", form | to).status_code == 303

    visit.refresh_from_db()
    assert (visit.starts_at, visit.visit_type.slug) == (at("14:00"), "initial-consultation")
