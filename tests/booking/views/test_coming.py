"""The two links of a reminder: "I will come" and "I need to move it"."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Appointment, VisitType
from booking.visits import attendance, changes, tokens, undoing
from tests.builders import NOW, at, book, make_therapist, make_visit_type

DAY = timedelta(days=1)
SAID_SO = "You told us that you will come."


@pytest.fixture
def booked(ana):
    return book(ana, at("9:30"))


@pytest.fixture
def patient(booked):
    """A browser that holds the visit's cookie."""
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["appointment"] = tokens.make(booked)
    return client


def confirmed():
    return Appointment.objects.get(therapist__slug="ana-ruiz").confirmed_at


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("?next=come", "/appointment/come/"),
        ("?next=move", "/appointment/move/"),
        ("?next=//evil.example", "/appointment/"),
        ("?next=", "/appointment/"),
    ],
)
def test_links_lead_to_pages_that_ask_and_change_nothing(client, booked, query, place):
    before = Appointment.objects.values().get()
    answer = client.get(f"/m/{tokens.make(booked)}/{query}")
    page = client.get(answer["Location"])

    assert (answer.status_code, answer["Location"], page.status_code) == (303, place, 200)
    assert Appointment.objects.values().get() == before


def test_one_button_says_that_the_patient_will_come(patient, booked):
    html = patient.get("/appointment/come/").content.decode()
    form = re.search(r'<form method="post" action="/appointment/come/">.*?</form>', html, re.S)[0]
    assert re.findall(r"<button[^>]*>(.*?)</button>", form) == ["I will come"]
    assert "It is booked" not in html  # that was for the day of the booking
    assert confirmed() is None

    answer = patient.post("/appointment/come/", {"reference": booked.reference})

    assert (answer.status_code, answer["Location"]) == (303, "/appointment/")
    assert confirmed() == NOW
    html = patient.get("/appointment/").content.decode()
    assert (SAID_SO in html, "Will you come?" in html) == (True, False)


def test_saying_so_twice_keeps_the_first_time(patient, booked):
    patient.post("/appointment/come/")
    with time_machine.travel(NOW + DAY, tick=False):
        assert patient.post("/appointment/come/").status_code == 303

    assert confirmed() == NOW


@pytest.mark.parametrize(
    ("hours", "seen"),
    [
        ("72, 24", [False, False, True, False]),  # the first would follow the booking too soon
        ("48, 24", [False, True, True, False]),
        ("24", [False, False, True, False]),
        ("", [False, False, False, False]),
    ],
)
def test_the_proof_asks_from_the_first_reminder_on(client, ana, hours, seen):
    VisitType.objects.update(reminder_hours=hours)
    appointment = book(ana, at("14:00"), visit_type=VisitType.objects.get())
    client.cookies["appointment"] = tokens.make(appointment)

    asked = []
    for moment in [NOW, at("14:00") - 2 * DAY, at("14:00") - DAY, at("14:00")]:
        with time_machine.travel(moment, tick=False):
            html = client.get("/appointment/").content.decode()
        asked.append("Will you come?" in html)
        assert ("It is booked" in html) == (moment < at("14:00"))
    assert asked == seen


def test_whoever_moves_or_cancels_has_not_said_so_of_the_new_time(patient, booked):
    attendance.confirm(appointment=booked, now=NOW)
    patient.post("/appointment/move/", {"to": "ana-ruiz/20261201T1400Z"})
    assert confirmed() is None

    booked.refresh_from_db()
    attendance.confirm(appointment=booked, now=NOW)
    changes.cancel_by_patient(appointment=booked, now=NOW)
    undoing.undo_cancel(appointment=booked, now=NOW)
    assert confirmed() is None


@pytest.mark.parametrize("wall", ["9:30", "12:00"])
def test_nobody_says_so_of_a_visit_that_has_begun(patient, wall):
    with time_machine.travel(at(wall), tick=False):
        assert patient.post("/appointment/come/").status_code == 409
    assert confirmed() is None


def test_nobody_says_so_of_a_cancelled_visit(patient, booked):
    changes.cancel_by_patient(appointment=booked, now=NOW)
    answer = patient.post("/appointment/come/")

    assert answer.status_code == 409
    assert "Your visit is cancelled" in answer.content.decode()
    assert confirmed() is None


def test_inside_the_change_window_the_telephone_stands_beside_the_button(patient):
    with time_machine.travel(at("8:00")):
        html = patient.get("/appointment/come/").content.decode()
        assert patient.post("/appointment/come/").status_code == 303

    assert "I cannot come: call (212) 555-0143" in html
    assert "I need to move it" not in html
    assert confirmed() is not None


def test_a_form_of_another_visit_says_nothing_of_this_one(patient, ana):
    other = book(ana, at("11:00"))
    answer = patient.post("/appointment/come/", {"reference": other.reference})

    assert answer.status_code == 409
    assert "Nothing was changed." in answer.content.decode()
    assert set(Appointment.objects.values_list("confirmed_at", flat=True)) == {None}


def test_a_stale_form_asks_again_with_a_fresh_token(booked):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.cookies["appointment"] = tokens.make(booked)
    page = client.post("/appointment/come/")
    html = page.content.decode()

    assert page.status_code == 403
    assert "Please send the form once more" in html
    assert confirmed() is None
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    answer = client.post("/appointment/come/", {"csrfmiddlewaretoken": token})
    assert (answer.status_code, confirmed()) == (303, NOW)


def test_without_the_cookie_nothing_is_disclosed(client, booked):
    assert "If you just booked" in client.get("/appointment/come/").content.decode()
    assert client.post("/appointment/come/").status_code == 409
    assert confirmed() is None


def test_only_the_visit_of_the_link_is_confirmed(patient):
    make_visit_type()
    book(make_therapist("ben-cole"), at("9:30"))
    patient.post("/appointment/come/")

    found = Appointment.objects.order_by("pk").values_list("therapist__slug", "confirmed_at")
    assert list(found) == [("ana-ruiz", NOW), ("ben-cole", None)]
