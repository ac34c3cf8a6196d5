"""What of a visit is corrected, against what a form showed of it, and what that brings about."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from booking.models import Appointment, OutgoingEmail, Tally
from booking.visits import corrections, refusals, versions
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WEDNESDAY = MONDAY + 2 * DAY


@pytest.fixture
def visit():
    make_visit_type(reminder_hours="24")
    return book(make_therapist(), at("9:30", WEDNESDAY))


def test_an_unchanged_detail_may_have_changed_meanwhile_and_a_changed_one_may_not(visit):
    seen = versions.digests(visit, ["name"])
    correct = partial(corrections.correct, appointment=visit, now=NOW, seen=seen)
    assert correct(changes={"name": "Rosa Márquez"}).name == "Rosa Márquez"

    assert correct(changes={"name": "Rosa Márquez"}).name == "Rosa Márquez"
    with pytest.raises(refusals.Changed):
        correct(changes={"name": "Rosa Marquis"})
    assert Appointment.objects.get().name == "Rosa Márquez"


def test_another_name_is_found_as_it_is_now(visit):
    corrections.correct(appointment=visit, changes={"name": "Ann Lee"}, now=NOW)

    assert Appointment.objects.values_list("folded_name", flat=True).get() == "ann lee"


@pytest.mark.parametrize(("before", "owed"), [("rosa@example.org", 0), ("", 1)])
def test_only_a_first_address_is_owed_the_reminder_that_the_booking_was_too_late_for(before, owed):
    make_visit_type(reminder_hours="24")
    now, request = at("22:00", MONDAY), Request(now=at("22:00", MONDAY))
    patient = replace(PATIENT, email=before)
    visit = book(make_therapist(), at("9:30", WEDNESDAY), patient=patient, request=request)
    assert OutgoingEmail.objects.filter(kind="reminder").count() == 0

    corrections.correct(appointment=visit, changes={"email": "new@example.org"}, now=now)
    assert OutgoingEmail.objects.filter(kind="reminder").count() == owed


@pytest.mark.parametrize(
    ("status", "wall", "may"),
    [
        ("booked", "9:29", True),
        ("booked", "9:30", False),
        ("cancelled", "9:29", False),
        ("arrived", "9:29", False),
    ],
)
def test_the_address_of_a_visit_to_come_alone_may_be_put_right(visit, status, wall, may):
    visit.status = status

    assert corrections.may_correct_address(visit, at(wall, WEDNESDAY)) == may


def test_the_right_address_is_counted_with_the_reminders_that_follow_to_it(visit):
    Tally.objects.all().delete()
    right = {"email": "rosa@example.net", "client": "0" * 64}
    corrections.correct_address(appointment=visit, now=NOW, **right)

    told = [NOW, at("9:30", WEDNESDAY - DAY)]
    assert Tally.objects.get().moments == [int(moment.timestamp()) for moment in told]
