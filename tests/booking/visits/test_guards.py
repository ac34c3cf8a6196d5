"""Each guard on its own: what it prevents, and that it happens without it.

The constraint's own are in `test_constraints`; all of them off, in `test_races`.
"""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import OperationalError, connection, transaction

from booking.calendars import free_times
from booking.models import Appointment, TimeOff
from booking.visits import refusals
from tests.builders import NOW, at, book, make_therapist, make_visit_type
from tests.guards import (
    overlapping_pairs,
    without_lock,
    without_look_at_others,
    without_second_look,
)
from tests.threads import together

THREADS, ROUNDS = 12, 12
DEADLOCK = "40P01"


def offered_then_away():
    """A time that was offered, and then the therapist's time off over it."""
    therapist = make_therapist()
    slot = free_times.slot_at(make_visit_type(), therapist, at("9:30"), NOW)
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("12:00"))
    return slot


@pytest.mark.django_db
def test_asking_again_refuses_a_time_that_has_gone_since_it_was_offered():
    slot = offered_then_away()

    with pytest.raises(refusals.SlotUnavailable):
        book(slot.therapist, slot.starts_at)

    assert Appointment.objects.count() == 0


@pytest.mark.django_db
def test_without_asking_again_a_visit_is_booked_over_time_off(monkeypatch):
    without_second_look(monkeypatch.setattr)
    slot = offered_then_away()

    appointment = book(slot.therapist, slot.starts_at)

    assert slot.therapist.time_off.overlapping(appointment.starts_at, appointment.ends_at).exists()


def book_once(therapist, starts_at):
    """One try in one transaction; PostgreSQL looks for deadlocks at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '10ms'")
        return book(therapist, starts_at)


def book_once_with_all(insert, therapist, starts_at):
    """The same; what the calendar says is asked before anybody inserts, and all insert at once."""

    def wait(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "booking_appointment"'):
            with suppress(BrokenBarrierError):
                insert.wait(timeout=1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wait):
        return book_once(therapist, starts_at)


def deadlocks_of_one_round(book, therapist, starts_at):
    results = together(*[partial(book, therapist, starts_at)] * THREADS)
    failed = [result for result in results if isinstance(result, OperationalError)]
    return [error for error in failed if error.__cause__.sqlstate == DEADLOCK]


@pytest.mark.only("postgresql")
@pytest.mark.django_db(transaction=True)
def test_the_lock_keeps_bookings_of_one_new_time_from_deadlocks():
    therapist = make_therapist()
    make_visit_type()
    for _round in range(ROUNDS):
        assert deadlocks_of_one_round(book_once, therapist, at("9:30")) == []
        assert Appointment.objects.count() == 1
        Appointment.objects.all().delete()


@pytest.mark.only("postgresql")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_bookings_of_one_new_time_deadlock(monkeypatch):
    without_lock(monkeypatch.setattr)
    without_look_at_others(monkeypatch.setattr)  # it lets fewer come as far as the insert
    therapist = make_therapist()
    make_visit_type()
    for _round in range(40 * ROUNDS):
        together_at_last = partial(book_once_with_all, Barrier(THREADS))
        if deadlocks_of_one_round(together_at_last, therapist, at("9:30")):
            break
        Appointment.objects.all().delete()
    else:
        pytest.fail("No deadlock: the lock prevents nothing.")

    assert overlapping_pairs() == []  # the constraint still held
