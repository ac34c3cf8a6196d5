"""The way between two locations: the desk is warned, not stopped."""

import pytest
from django.urls import reverse

from booking.models import Appointment
from tests.booking.desk.pages import ADD, typed
from tests.builders import add_hours, at, make_location, make_therapist, make_visit_type, visit
from tests.reading import texts

WARNING = "Too little time for the way: from 10:30 a.m. to 11:15 a.m. is a visit at Oak Avenue."


@pytest.fixture
def elsewhere(db):
    """A visit at Oak Avenue at half past ten; until then the therapist works at Willow Street."""
    make_visit_type()
    therapist = make_therapist(hours="9:00-10:30")
    oak = make_location("oak-avenue", name="Oak Avenue", travel_minutes=30)
    add_hours(therapist, 0, "10:30-17:00", oak)
    found = visit(therapist, at("10:30"), location=oak)
    found.save()
    return found


def doubts(response):
    return response.context["doubts"]


@pytest.mark.parametrize(("time", "expected"), [("09:15", []), ("09:30", [WARNING])])
def test_a_caller_is_booked_into_the_way_only_on_purpose(desk, elsewhere, time, expected):
    response = desk.post(ADD, typed(time=time))

    assert (response.status_code == 302, Appointment.objects.count()) == (
        not expected,
        1 if expected else 2,
    )
    if expected:
        assert doubts(response) == expected
        assert texts(response, "desk-doubts") != []
        confirm = response.context["form"].confirmation()
        assert desk.post(ADD, typed(time=time, confirm=confirm)).status_code == 302


def test_a_visit_that_moves_is_not_in_its_own_way(desk, elsewhere):
    move = reverse("admin:booking_appointment_move", args=[elsewhere.pk])
    when = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "09:30", "sequence": 0}

    assert desk.post(move, when).status_code == 302
    elsewhere.refresh_from_db()
    assert (elsewhere.starts_at, elsewhere.location.slug) == (at("9:30"), "willow-street")


@pytest.mark.parametrize("minutes", [0, 15])
def test_a_shorter_way_is_no_reason_to_warn(desk, elsewhere, minutes):
    elsewhere.location.travel_minutes = minutes
    elsewhere.location.save()

    assert desk.post(ADD, typed(time="09:30")).status_code == 302
