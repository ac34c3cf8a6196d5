"""Reminders count in a mailbox's tally for when they will leave, not for when they are caused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.models import OutgoingEmail, Tally
from booking.visits import changes
from booking.visits.refusals import OverLimit
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist()


def reminding():
    return make_visit_type(slug="reminds", reminder_hours="24")


def test_a_booking_counts_its_reminders_when_they_will_leave(ana):
    """Six visits at one hour, booked on six days: their reminders would leave together."""
    visit_type = reminding()
    therapists = [ana, *(make_therapist(f"other-{number}") for number in range(5))]
    results = []
    for number, therapist in enumerate(therapists):
        request = Request(client=str(number), now=NOW + number * DAY)
        patient = replace(PATIENT, name=f"Name {number}", phone_e164="")
        asked = {"visit_type": visit_type, "patient": patient, "request": request}
        try:
            results.append(book(therapist, at("9:00", MONDAY + 14 * DAY), **asked).pk > 0)
        except OverLimit:
            results.append(False)

    assert results == [True] * 5 + [False]


def moved_together(by_mail):
    """Seven visits on days of their own, each moved to the same hour; the hours of reminders."""
    visit_type, to = reminding(), at("9:00", MONDAY + 14 * DAY)
    for number in range(7):
        therapist, now = make_therapist(f"other-{number}"), NOW + number * HOUR
        request = Request(client=str(number), now=now)
        patient = replace(PATIENT, name=f"Name {number}", phone_e164="")
        asked = {"visit_type": visit_type, "patient": patient, "request": request}
        day = MONDAY + (1 + number + number // 4 * 3) * DAY
        visit = book(therapist, at("10:30", day), **asked)
        changes.move_by_patient(
            appointment=visit, therapist=therapist, starts_at=to, now=now, by_mail=by_mail
        )
    return OutgoingEmail.objects.pending().filter(kind="reminder", due_at=to - DAY).count()


@pytest.mark.parametrize(("by_mail", "owed"), [(False, 5), (True, 7)])
def test_visits_that_are_moved_to_one_hour_owe_as_many_reminders_as_it_takes(ana, by_mail, owed):
    assert moved_together(by_mail) == owed


def test_what_a_move_back_and_forth_counts_is_the_last_reminder(ana):
    visit = book(ana, at("10:30", MONDAY + 3 * DAY), visit_type=reminding())
    for wall in ("9:00", "10:30", "9:00"):
        to = at(wall, MONDAY + 3 * DAY)
        changes.move_by_patient(appointment=visit, therapist=ana, starts_at=to, now=NOW)

    kept = Tally.objects.values_list("moments", flat=True)
    assert sorted(map(len, kept)) == [3, 4]  # the moves; their mails, and the last reminder
