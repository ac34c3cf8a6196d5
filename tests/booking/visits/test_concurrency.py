"""Services called at the same moment, in threads, on real rows and real locks."""

import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, transaction

from booking.models import Appointment, HourlyCount, OutgoingEmail, Tally
from booking.visits import changes, limits, refusals
from booking.visits.refusals import KeyReused
from booking.visits.requests import Request
from tests.builders import (
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    visit,
)
from tests.guards import overlapping_pairs
from tests.locks import hold_the_lock, impatient, no_deadlocks
from tests.threads import counted, meanwhile, together

pytestmark = pytest.mark.django_db(transaction=True)


def move(appointment, therapist, starts_at):
    return changes.move_by_patient(
        appointment=appointment, therapist=therapist, starts_at=starts_at, now=NOW
    )


def rows():
    return sorted(Appointment.objects.values_list("therapist__slug", "starts_at", "status"))


def test_one_of_many_books_a_time():
    therapist = make_therapist()
    make_visit_type()

    results = together(*[partial(book, therapist, at("9:30"))] * 12)

    assert counted(results) == {None: 1, refusals.SlotUnavailable: 11}
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    assert OutgoingEmail.objects.count() == 1


def test_times_that_overlap_are_booked_side_by_side_at_most():
    therapist = make_therapist()
    make_visit_type()
    starts = [at("9:00") + timedelta(minutes=15 * number) for number in range(10)]

    results = together(*[partial(book, therapist, start) for start in starts])

    assert set(counted(results)) == {None, refusals.SlotUnavailable}
    assert counted(results)[None] == Appointment.objects.count() >= 2
    assert overlapping_pairs() == []


def test_one_form_sent_many_times_books_once():
    therapist = make_therapist()
    make_visit_type()
    request = Request(key=uuid.uuid4(), now=NOW)

    results = together(*[partial(book, therapist, at("9:30"), request=request)] * 8)

    assert {result.pk for result in results} == {Appointment.objects.get().pk}
    assert OutgoingEmail.objects.count() == 1


def test_one_key_for_two_therapists_books_one_of_them():
    make_visit_type()
    therapists = [make_therapist(f"therapist-{number}") for number in range(6)]
    for _round in range(5):
        Appointment.objects.all().delete()
        request = Request(key=uuid.uuid4(), now=NOW)

        results = together(*[partial(book, who, at("9:30"), request=request) for who in therapists])

        assert counted(results) == {None: 1, KeyReused: 5}
        assert Appointment.objects.count() == OutgoingEmail.objects.count() == 1


def test_bookings_of_one_client_with_many_therapists_keep_to_the_limit(settings):
    settings.BOOKING_LIMIT = 3
    make_visit_type()
    request = Request(client=limits.client_key("192.0.2.1"), now=NOW)
    therapists = [make_therapist(f"therapist-{number}") for number in range(8)]

    results = together(
        *[
            partial(book, who, at("9:30"), request=request, patient=somebody(number))
            for number, who in enumerate(therapists)
        ]
    )

    assert counted(results) == {None: 3, refusals.OverLimit: 5}
    assert HourlyCount.objects.get(key=request.client).times == Appointment.objects.count() == 3


def somebody(number):
    return replace(
        PATIENT,
        name=f"Patient {number}",
        email=f"patient-{number}@example.org",
        phone_e164=f"+1212555{number:04}",
    )


def from_address(number, **changes):
    """One person's booking from an address of its own."""
    request = Request(client=limits.client_key(f"192.0.2.{number}"), now=NOW)
    return {"request": request, "patient": replace(PATIENT, **changes)}


@pytest.mark.parametrize("other", ["email", "phone_e164"])
def test_of_a_third_and_a_fourth_booking_at_once_one_succeeds(other):
    make_visit_type()
    ana, ben, cem = (make_therapist(name) for name in ("ana-ruiz", "ben-cole", "cem-kaya"))
    changes = {other: ""}  # they share the name and the other of the two
    with no_deadlocks():
        for _round in range(4):
            Appointment.objects.all().delete()
            HourlyCount.objects.all().delete()
            Tally.objects.all().delete()
            book(ana, at("9:30"), **from_address(1))
            book(ana, at("11:00"), **from_address(2))

            results = together(
                partial(book, ben, at("9:30"), **from_address(3)),
                partial(book, cem, at("9:30"), **from_address(4, **changes)),
            )

            assert counted(results) == {None: 1, refusals.OverLimit: 1}


@pytest.mark.only("postgresql")  # SQLite has one write lock for all
@pytest.mark.parametrize("counting", [True, False])
def test_without_the_counts_locks_a_fourth_booking_gets_by(counting, monkeypatch):
    make_visit_type()
    ana, ben, cem = (make_therapist(name) for name in ("ana-ruiz", "ben-cole", "cem-kaya"))
    book(ana, at("9:30"), **from_address(1))
    book(ana, at("11:00"), **from_address(2))
    if not counting:
        monkeypatch.setattr(limits, "count_each", lambda limits, _now: dict.fromkeys(limits, 1))

    fourth = []
    with meanwhile(partial(book, ben, at("9:30"), **from_address(3))) as commit:
        thread = threading.Thread(target=lambda: fourth.append(attempt_fourth(cem)))
        thread.start()
        thread.join(None if not counting else 0.2)
        commit()
        thread.join()

    assert fourth == [refusals.OverLimit if counting else None]
    assert Appointment.objects.count() == (3 if counting else 4)


def attempt_fourth(therapist):
    """What booking once more raised; None where it booked. Nobody is mailed: what one mailbox gets
    is counted under a lock of its own.
    """
    fourth = partial(book, therapist, at("13:00"), **from_address(4, email=""))
    [result] = together(fourth)
    return type(result) if isinstance(result, Exception) else None


def test_moves_in_opposite_directions_both_succeed():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    first, second = book(ana, at("9:30")), book(ben, at("13:30"))
    with no_deadlocks():
        for there in (True, False) * 8:
            to_first, to_second = (ben, ana) if there else (ana, ben)
            Tally.objects.all().delete()  # as if a day had passed
            results = together(
                partial(move, first, to_first, at("9:30")),
                partial(move, second, to_second, at("13:30")),
            )
            assert counted(results) == {None: 2}

    assert rows() == [("ana-ruiz", at("9:30"), "booked"), ("ben-cole", at("13:30"), "booked")]


def test_two_visits_that_change_places_never_share_a_time():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    first, second = book(ana, at("9:30")), book(ben, at("9:30"))

    results = together(
        partial(move, first, ben, at("9:30")), partial(move, second, ana, at("9:30"))
    )

    assert counted(results) == {refusals.SlotUnavailable: 2}
    assert rows() == [("ana-ruiz", at("9:30"), "booked"), ("ben-cole", at("9:30"), "booked")]


def test_a_move_a_cancellation_and_bookings_at_once_leave_one_truth():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    for _round in range(6):
        Appointment.objects.all().delete()
        appointment = book(ana, at("9:30"))

        moved, cancelled, *booked = together(
            partial(move, appointment, ben, at("11:00")),
            partial(changes.cancel_by_patient, appointment=appointment, now=NOW),
            partial(book, ana, at("9:45")),
            partial(book, ben, at("10:45")),
        )

        # The cancellation always holds; the move only if it came first and found its time free.
        assert isinstance(cancelled, Appointment)
        assert counted([moved]).keys() <= {None, refusals.NotAllowed, refusals.SlotUnavailable}
        assert counted(booked).keys() <= {None, refusals.SlotUnavailable}
        appointment.refresh_from_db()
        moves = int(isinstance(moved, Appointment))
        assert (appointment.status, appointment.sequence) == ("cancelled", 1 + moves)
        kinds = ["cancelled", "confirmation", "moved"] if moves else ["cancelled", "confirmation"]
        assert sorted(appointment.emails.values_list("kind", flat=True)) == kinds
        assert Appointment.objects.active().count() == counted(booked).get(None, 0)
        assert overlapping_pairs() == []


def test_a_service_follows_a_visit_that_moved_to_another_therapist():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    appointment = book(ana, at("9:30"))
    seen_before = Appointment.objects.get(pk=appointment.pk)
    move(appointment, ben, at("9:30"))

    changes.cancel_by_patient(appointment=seen_before, now=NOW)

    assert rows() == [("ben-cole", at("9:30"), "cancelled")]


def test_inside_another_transaction_a_moved_visit_is_an_operational_error():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    appointment = book(ana, at("9:30"))
    seen_before = Appointment.objects.get(pk=appointment.pk)
    move(appointment, ben, at("9:30"))

    with pytest.raises(OperationalError), transaction.atomic():
        changes.cancel_by_patient(appointment=seen_before, now=NOW)

    assert rows() == [("ben-cole", at("9:30"), "booked")]


def test_a_service_follows_a_visit_that_moves_while_it_waits():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    appointment = book(ana, at("9:30"))
    rows_of_it = Appointment.objects.filter(pk=appointment.pk)

    # A writer that takes no lock of a therapist, such as a shell.
    with meanwhile(partial(rows_of_it.update, therapist=ben)) as commit:
        threading.Timer(0.3, commit).start()
        changes.cancel_by_patient(appointment=appointment, now=NOW)

    assert rows() == [("ben-cole", at("9:30"), "cancelled")]


def test_after_a_lock_that_passes_the_booking_is_tried_again():
    therapist = make_therapist()
    make_visit_type()
    with (
        meanwhile(partial(hold_the_lock, therapist)) as commit,
        impatient(before_second_try=commit) as tries,
    ):
        book(therapist, at("9:30"))

    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    assert len(tries) == 2


def test_a_lock_that_stays_is_given_up_after_three_tries():
    therapist = make_therapist()
    make_visit_type()
    with meanwhile(partial(hold_the_lock, therapist)), impatient() as tries:
        with pytest.raises(OperationalError):
            book(therapist, at("9:30"))
        assert len(tries) == 3

    assert rows() == []
    book(therapist, at("9:30"))


def test_after_a_long_wait_there_is_no_second_try(monkeypatch):
    monkeypatch.setattr("booking.transactions.PATIENCE_SECONDS", 0.05)
    therapist = make_therapist()
    make_visit_type()
    with meanwhile(partial(hold_the_lock, therapist)), impatient() as tries:
        with pytest.raises(OperationalError):
            book(therapist, at("9:30"))
        assert len(tries) == 1


def test_inside_another_transaction_there_is_one_try():
    therapist = make_therapist()
    make_visit_type()
    with meanwhile(partial(hold_the_lock, therapist)), impatient() as tries:
        with pytest.raises(OperationalError), transaction.atomic():
            book(therapist, at("9:30"))
        assert len(tries) == 1


def test_what_is_no_passing_error_is_not_tried_again():
    therapist = make_therapist()
    visit(therapist, at("9:30"), reference="AAA-AAA").save()
    with impatient() as tries, pytest.raises(refusals.SlotUnavailable):
        book_by_desk(therapist, at("9:30"))

    assert len(tries) == 1


def test_a_reference_drawn_twice_is_drawn_again(monkeypatch):
    letters = iter("222222222222222222333333")
    monkeypatch.setattr("booking.models.reference.secrets.choice", lambda _letters: next(letters))
    therapist = make_therapist()

    for wall in ("9:30", "13:30"):
        book(therapist, at(wall))

    assert sorted(Appointment.objects.values_list("reference", flat=True)) == ["222-222", "333-333"]
    with pytest.raises(IntegrityError, match="reference"):
        visit(therapist, at("16:00"), reference="333-333").save()
