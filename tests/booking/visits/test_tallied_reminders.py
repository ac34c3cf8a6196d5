"""Reminders count in a mailbox's tally for when they will leave, not for when they are caused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.models import OutgoingEmail, Tally
from booking.visits import changes
from booking.visits.limits import hashed
from booking.visits.refusals import OverLimit
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


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
    owed = OutgoingEmail.objects.pending().filter(kind="reminder").order_by("due_at", "pk")
    return [(to - due_at) // HOUR for due_at in owed.values_list("due_at", flat=True)]


@pytest.mark.parametrize(("by_mail", "leads"), [(False, [25, 25, *[24] * 5]), (True, [24] * 7)])
def test_visits_that_are_moved_to_one_hour_owe_each_its_reminder(ana, by_mail, leads):
    """As many leave within the hour as the mailbox takes, the others an hour sooner."""
    assert moved_together(by_mail) == leads


def test_made_up_visits_of_one_hour_take_no_reminder_of_a_visit_that_moves(ana):
    visit_type, to = reminding(), at("9:00", MONDAY + 14 * DAY)
    for number in range(5):
        therapist, now = make_therapist(f"other-{number}"), NOW + number * HOUR
        patient = replace(PATIENT, name=f"Name {number}", phone_e164="")
        request = Request(client=str(number), now=now)
        book(therapist, to, visit_type=visit_type, patient=patient, request=request)
    now = NOW + DAY
    visit = book(ana, at("14:00", MONDAY + 3 * DAY), visit_type=visit_type)
    changes.move_by_patient(appointment=visit, therapist=ana, starts_at=to, now=now)

    owed = visit.emails.pending().filter(kind="reminder")
    assert list(owed.values_list("sequence", "due_at")) == [(1, to - 25 * HOUR)]


def test_where_a_whole_day_has_no_room_a_reminder_leaves_at_its_time(ana):
    visit_type, to = reminding(), at("9:00", MONDAY + 14 * DAY)
    visit = book(ana, at("14:00", MONDAY + 3 * DAY), visit_type=visit_type)
    due_at, key = to - DAY, hashed("mail", "email", PATIENT.email)
    full = [int((due_at - number * 4200 * SECOND).timestamp()) for number in range(20)]
    Tally.objects.update_or_create(key=key, defaults={"moments": full, "over_at": to})
    changes.move_by_patient(appointment=visit, therapist=ana, starts_at=to, now=NOW)

    owed = visit.emails.pending().filter(kind="reminder")
    assert list(owed.values_list("due_at", flat=True)) == [due_at]
    assert len([each for each in Tally.objects.get(key=key).moments if each > full[1]]) == 1


def test_what_a_move_back_and_forth_counts_is_the_last_reminder(ana):
    visit = book(ana, at("10:30", MONDAY + 3 * DAY), visit_type=reminding())
    for wall in ("9:00", "10:30", "9:00"):
        to = at(wall, MONDAY + 3 * DAY)
        changes.move_by_patient(appointment=visit, therapist=ana, starts_at=to, now=NOW)

    kept = Tally.objects.values_list("moments", flat=True)
    assert sorted(map(len, kept)) == [3, 4]  # the moves; their mails, and the last reminder


@pytest.mark.parametrize("by", ["patient", "desk"])
def test_a_cancelled_visit_counts_its_reminder_no_more(ana, by):
    request = Request(client="1", now=NOW)
    visit = book(ana, at("9:00", MONDAY + 14 * DAY), visit_type=reminding(), request=request)
    due_at, now = at("9:00", MONDAY + 13 * DAY), NOW + HOUR
    key = hashed("mail", "email", PATIENT.email)
    before = int(due_at.timestamp()) in Tally.objects.get(key=key).moments
    if by == "desk":
        changes.cancel_by_desk(appointment=visit, now=now)
    else:
        changes.cancel_by_patient(appointment=visit, now=now, by_mail=True)

    assert (before, int(due_at.timestamp()) in Tally.objects.get(key=key).moments) == (True, False)
