"""Until when an estimate is owed to who pays themselves, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from booking.models import Closure, Estimate
from booking.visits import changes, estimates, undoing
from tests.builders import NOW, PATIENT, at, book, book_by_desk, make_therapist
from tests.threads import together

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2027, 2, day) for day in range(1, 6))
SELF_PAY = replace(PATIENT, payment="self-pay")


@pytest.mark.parametrize(
    ("booked_on", "visit_on", "due_on"),
    [
        (MONDAY, MONDAY + 14 * DAY, THURSDAY),  # ten business days ahead: within three
        (MONDAY, MONDAY + 11 * DAY, TUESDAY),  # nine ahead: within one
        (MONDAY, THURSDAY, TUESDAY),  # three ahead
        (MONDAY, TUESDAY, TUESDAY),  # nearer: the law sets no day
        (MONDAY, MONDAY, MONDAY),  # the visit's own day at the latest
        (FRIDAY, FRIDAY + 5 * DAY, FRIDAY + 3 * DAY),
        (FRIDAY, FRIDAY + 14 * DAY, FRIDAY + 5 * DAY),
        (FRIDAY, FRIDAY + 13 * DAY, FRIDAY + 3 * DAY),
        (FRIDAY + DAY, FRIDAY + 14 * DAY, FRIDAY + 5 * DAY),  # booked on a Saturday
        (FRIDAY + DAY, FRIDAY + DAY, FRIDAY + DAY),
        (MONDAY, MONDAY + 400 * DAY, THURSDAY),
    ],
)
def test_the_day_follows_from_how_far_ahead_the_visit_was_booked(booked_on, visit_on, due_on):
    assert estimates.due_day(booked_on, visit_on) == due_on


@pytest.mark.parametrize(
    ("opens", "closes", "near", "far"),
    [
        ("0:00", "23:59", WEDNESDAY, FRIDAY),
        ("9:00", "17:00", WEDNESDAY, FRIDAY),
        ("9:01", "17:00", TUESDAY, THURSDAY),  # part of a day takes nothing from it
        ("9:00", "16:59", TUESDAY, THURSDAY),
    ],
)
def test_a_day_that_a_closure_takes_whole_is_no_business_day(opens, closes, near, far):
    Closure.objects.create(name="Snow", starts_at=at(opens, TUESDAY), ends_at=at(closes, TUESDAY))

    assert estimates.due_day(MONDAY, FRIDAY) == near
    assert estimates.due_day(MONDAY, MONDAY + 21 * DAY) == far


def test_a_closure_without_end_does_not_hold_up_a_booking():
    end = datetime(9999, 12, 31, tzinfo=UTC)
    Closure.objects.create(name="Gone", starts_at=at("0:00", MONDAY), ends_at=end)

    assert estimates.due_day(MONDAY, MONDAY + 30 * DAY) == MONDAY + 30 * DAY
    # For sixty days it is looked at: a Friday is the first business day, and Tuesday the third.
    assert estimates.due_day(MONDAY, MONDAY + 400 * DAY) == date(2027, 4, 6)


def rows():
    return list(Estimate.objects.values_list("due_on", "given_at", "given_by"))


def owed():
    return [row.due_on for row in Estimate.objects.owed()]


@pytest.mark.parametrize(
    ("payment", "by", "due"),
    [
        ("self-pay", book, [date(2026, 11, 30)]),
        ("self-pay", book_by_desk, [date(2026, 11, 30)]),
        ("insurance", book, []),
        ("", book, []),
    ],
)
def test_who_pays_themselves_is_owed_an_estimate(payment, by, due):
    patient = replace(PATIENT, payment=payment)
    by(make_therapist(), at("9:30", date(2026, 12, 2)), patient=patient)

    assert owed() == due


def move(appointment, day):
    to = {"therapist": appointment.therapist, "starts_at": at("9:30", day)}
    changes.move_by_patient(appointment=appointment, now=NOW, **to)


@pytest.mark.parametrize(
    ("first", "then", "due"),
    [
        (date(2026, 12, 2), date(2026, 12, 18), date(2026, 11, 30)),  # no longer for it
        (date(2026, 12, 18), date(2026, 12, 2), date(2026, 11, 30)),  # but shorter
        (date(2026, 12, 18), date(2026, 12, 21), date(2026, 12, 2)),
    ],
)
def test_a_move_never_lengthens_the_time(first, then, due):
    appointment = book(make_therapist(), at("9:30", first), patient=SELF_PAY)
    move(appointment, then)

    assert owed() == [due]


def test_a_cancelled_visit_leaves_the_list_and_comes_back_when_that_is_undone():
    appointment = book(make_therapist(), at("9:30", date(2026, 12, 2)), patient=SELF_PAY)
    changes.cancel_by_patient(appointment=appointment, now=NOW)
    assert owed() == []

    undoing.undo_cancel(appointment=appointment, now=NOW)
    assert owed() == [date(2026, 11, 30)]


def test_what_was_given_says_who_and_when_until_it_is_undone():
    appointment = book(make_therapist(), at("9:30", date(2026, 12, 2)), patient=SELF_PAY)
    one, other = (User.objects.create_user(name) for name in ("one", "other"))

    for who, later in ((one, timedelta(0)), (other, DAY)):
        estimates.say_given(appointment=appointment, given=True, by=who, now=NOW + later)
    assert rows() == [(date(2026, 11, 30), NOW, one.pk)]
    move(appointment, date(2026, 12, 18))
    assert (owed(), rows()) == ([], [(date(2026, 11, 30), NOW, one.pk)])

    for _time in range(2):
        estimates.say_given(appointment=appointment, given=False, by=other, now=NOW)
    assert rows() == [(date(2026, 11, 30), None, None)]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_keep_the_first():
    appointment = book(make_therapist(), at("9:30", date(2026, 12, 2)), patient=SELF_PAY)
    users = [User.objects.create_user(f"user-{number}") for number in range(4)]
    together(
        *(
            lambda user=user: estimates.say_given(
                appointment=appointment, given=True, by=user, now=NOW + DAY * user.pk
            )
            for user in users
        )
    )

    (_due, given_at, given_by) = rows()[0]
    assert given_at == NOW + DAY * given_by
