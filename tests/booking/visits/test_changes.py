"""What the services promise, each guard on its own."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError

from booking.models import (
    Appointment,
    HourlyCount,
    Location,
    OutgoingEmail,
    TimeOff,
)
from booking.visits import (
    attendance,
    changes,
    corrections,
    limits,
    refusals,
    sending_again,
    staff_changes,
    tokens,
    undoing,
)
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
)
from tests.statuses import OVER, STEPS

pytestmark = pytest.mark.django_db


def rows():
    """By time; of one time, the older first."""
    appointments = Appointment.objects.order_by("starts_at", "pk")
    return list(appointments.values_list("therapist__slug", "starts_at", "status"))


def owed():
    return sorted(OutgoingEmail.objects.values_list("kind", "sequence", "occasion"))


def test_book_stores_the_visit_and_owes_one_confirmation():
    appointment = book(make_therapist(), at("9:30"))

    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    assert appointment.ends_at == at("10:15")
    assert appointment.location == Location.objects.get()
    assert owed() == [("confirmation", 0, "")]
    assert tokens.find(tokens.make(appointment), NOW) == appointment


def test_the_desk_hears_of_what_patients_do(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    appointment = book(make_therapist(), at("9:30"))
    changes.cancel_by_patient(appointment=appointment, now=NOW)

    assert owed() == [
        ("cancelled", 1, ""),
        ("confirmation", 0, ""),
        ("desk-cancelled", 1, ""),
        ("desk-new", 0, ""),
    ]


@pytest.mark.parametrize("wall", ["9:15", "9:30", "9:45"])
def test_book_refuses_a_time_that_overlaps_another(wall):
    therapist = make_therapist()
    book(therapist, at("9:30"))

    with pytest.raises(refusals.SlotUnavailable):
        book(therapist, at(wall))

    assert rows() == [("ana-ruiz", at("9:30"), "booked")]


@pytest.mark.parametrize("wall", ["8:00", "9:05", "11:30", "12:15", "16:30"])
def test_book_refuses_a_time_that_is_not_offered(wall):
    with pytest.raises(refusals.SlotUnavailable):
        book(make_therapist(), at(wall))


def test_asking_again_under_the_lock_refuses_time_off():
    therapist = make_therapist()
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("10:00"))

    with pytest.raises(refusals.SlotUnavailable):
        book(therapist, at("9:30"))


@pytest.mark.parametrize("other", ["9:00", "9:45", "10:14"])
def test_the_constraint_alone_refuses_an_overlap(other):
    therapist = make_therapist()
    first = book(therapist, at("9:30"))
    clash = Appointment(
        therapist=therapist,
        visit_type=first.visit_type,
        location=first.location,
        starts_at=at(other),
        ends_at=at(other) + timedelta(minutes=45),
        name="Someone Else",
        phone="1",
    )

    with pytest.raises(IntegrityError, match="booking_appointment_no_overlap"):
        Appointment.objects.bulk_create([clash])


def test_back_to_back_visits_do_not_overlap():
    therapist = make_therapist()
    book(therapist, at("9:30"))
    book(therapist, at("10:15"))
    book(make_therapist("ben-cole"), at("9:30"))

    assert len(rows()) == 3


@pytest.mark.parametrize("status", OVER)
def test_a_visit_that_does_not_take_place_frees_its_time(status):
    therapist = make_therapist()
    first = book(therapist, at("9:30"))
    attendance.set_status(appointment=first, status=status, now=at("9:31"))

    book_by_desk(therapist, at("9:30"), request=Request(now=at("9:32")))

    assert rows() == [("ana-ruiz", at("9:30"), status), ("ana-ruiz", at("9:30"), "booked")]


def test_the_same_request_again_returns_the_same_appointment():
    therapist, request = make_therapist(), Request(key=uuid.uuid4(), now=NOW)
    first = book(therapist, at("9:30"), request=request)
    changes.cancel_by_patient(appointment=first, now=NOW)

    again = book(therapist, at("9:30"), request=request)

    assert (again.pk, again.status) == (first.pk, "cancelled")
    assert owed() == [("cancelled", 1, ""), ("confirmation", 0, "")]


@pytest.mark.parametrize("change", ["starts_at", "therapist", "patient", "visit_type"])
def test_the_same_key_with_other_content_is_refused(change):
    therapist, request = make_therapist(), Request(key=uuid.uuid4(), now=NOW)
    book(therapist, at("9:30"), request=request)
    other = {
        "starts_at": at("11:00"),
        "therapist": make_therapist("ben-cole"),
        "patient": replace(PATIENT, name="Someone Else"),
        "visit_type": make_visit_type("other", minutes=30),
    }
    asked = {"therapist": therapist, "starts_at": at("9:30")} | {change: other[change]}

    with pytest.raises(KeyReused):
        book(**asked, request=request)


def test_only_bookings_that_succeed_count_towards_the_limit(settings):
    settings.BOOKING_LIMIT = 2
    therapist = make_therapist()
    request = Request(client=limits.client_key("192.0.2.1"), now=NOW)
    book(therapist, at("9:00"), request=request)
    for _try in range(3):
        with pytest.raises(refusals.SlotUnavailable):
            book(therapist, at("9:00"), request=request)
    book(therapist, at("10:00"), request=request)

    with pytest.raises(refusals.OverLimit):
        book(therapist, at("11:00"), request=request)
    book(therapist, at("11:00"), request=replace(request, now=NOW + timedelta(hours=1)))

    assert len(rows()) == 3


def test_a_move_is_an_update_of_the_same_row():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    first = book(ana, at("9:30"))

    moved = changes.move_by_patient(
        appointment=first, therapist=ben, starts_at=at("13:00"), now=NOW
    )

    assert moved.pk == first.pk
    assert rows() == [("ben-cole", at("13:00"), "booked")]
    assert owed() == [("confirmation", 0, ""), ("moved", 1, "")]


def test_a_move_may_overlap_the_visit_itself():
    first = book(make_therapist(), at("9:30"))
    changes.move_by_patient(
        appointment=first,
        therapist=first.therapist,
        starts_at=at("9:45"),
        now=NOW,
    )

    assert rows() == [("ana-ruiz", at("9:45"), "booked")]


def test_a_move_to_a_taken_time_keeps_the_old_one():
    therapist = make_therapist()
    first = book(therapist, at("9:30"))
    book(therapist, at("13:00"))

    for move in (changes.move_by_patient, staff_changes.change_by_desk):
        with pytest.raises(refusals.SlotUnavailable):
            move(appointment=first, therapist=therapist, starts_at=at("13:15"), now=NOW)

    assert rows() == [
        ("ana-ruiz", at("9:30"), "booked"),
        ("ana-ruiz", at("13:00"), "booked"),
    ]


def test_patients_change_a_visit_until_a_day_before_and_the_desk_later():
    first = book(make_therapist(), at("9:30"))
    late = at("9:30") - timedelta(hours=24) + timedelta(minutes=1)
    move = {"therapist": first.therapist, "starts_at": at("13:00")}

    with pytest.raises(refusals.TooLate):
        changes.cancel_by_patient(appointment=first, now=late)
    with pytest.raises(refusals.TooLate):
        changes.move_by_patient(appointment=first, now=late, **move)
    staff_changes.change_by_desk(appointment=first, now=late, **move)
    changes.cancel_by_desk(appointment=first, now=late)

    assert rows() == [("ana-ruiz", at("13:00"), "cancelled")]


def test_the_desk_books_outside_hours_and_notice():
    book_by_desk(make_therapist(), at("8:00"), request=Request(now=at("7:55")))

    assert rows() == [("ana-ruiz", at("8:00"), "booked")]


@pytest.mark.parametrize("old", STEPS)
@pytest.mark.parametrize("new", STEPS)
def test_status_follows_the_transitions(old, new):
    appointment = book(make_therapist(), at("9:30"))
    Appointment.objects.update(status=old)

    if new == old or new in STEPS[old]:
        attendance.set_status(appointment=appointment, status=new, now=at("9:30"))
        assert rows() == [("ana-ruiz", at("9:30"), new)]
    else:
        with pytest.raises(refusals.NotAllowed):
            attendance.set_status(appointment=appointment, status=new, now=at("9:30"))
        assert rows() == [("ana-ruiz", at("9:30"), old)]


def test_nobody_missed_a_visit_that_has_not_begun():
    appointment = book(make_therapist(), at("9:30"))

    with pytest.raises(refusals.NotAllowed):
        attendance.set_status(appointment=appointment, status="noshow", now=at("9:29"))


def test_a_cancellation_can_be_undone_for_ten_minutes_if_the_time_is_free():
    therapist = make_therapist()
    first = book(therapist, at("9:30"))
    changes.cancel_by_desk(appointment=first, now=NOW)
    undoing.undo_cancel(appointment=first, now=NOW + timedelta(minutes=10))
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]

    changes.cancel_by_desk(appointment=first, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        undoing.undo_cancel(appointment=first, now=NOW + timedelta(minutes=11))
    second = book(therapist, at("9:30"))
    with pytest.raises(refusals.SlotUnavailable):
        undoing.undo_cancel(appointment=first, now=NOW)

    assert sorted(Appointment.objects.values_list("pk", "status")) == [
        (first.pk, "cancelled"),
        (second.pk, "booked"),
    ]


def test_correcting_the_email_revokes_the_link_that_went_astray():
    appointment = book(make_therapist(), at("9:30"))
    astray = tokens.make(appointment)
    same = {"name": "R", "email": PATIENT.email}

    row = corrections.correct(appointment=appointment, changes=same, now=NOW)
    assert tokens.find(astray, NOW) == row
    new = {"email": "r@example.org"}
    corrected = corrections.correct(appointment=row, changes=new, now=NOW)
    sending_again.send_again(appointment=corrected, now=NOW)
    sending_again.send_again(appointment=corrected, now=NOW)

    assert tokens.find(astray, NOW) is None
    assert tokens.find(tokens.make(corrected), NOW) == corrected
    assert owed() == [
        ("confirmation", 0, ""),
        ("confirmation", 0, "again-1"),
        ("confirmation", 0, "again-2"),
    ]


def test_a_link_outlives_the_visit_by_a_day(settings):
    appointment = book(make_therapist(), at("9:30"))
    token = tokens.make(appointment)
    end = appointment.ends_at + timedelta(days=1)

    assert tokens.find(token, end - timedelta(seconds=1)) == appointment
    assert tokens.find(token, end) is None
    assert tokens.find("x" * 43, NOW) is None
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert tokens.current(appointment) == token


def test_a_booking_takes_a_fixed_number_of_queries(django_assert_num_queries):
    therapist, visit_type = make_therapist(), make_visit_type()
    ContentType.objects.get_for_model(Appointment)  # kept by each process: asked once
    with django_assert_num_queries(13):
        book(therapist, at("9:30"), visit_type=visit_type, request=Request(uuid.uuid4(), now=NOW))
    for number in range(3):
        make_therapist(f"other-{number}")
    with django_assert_num_queries(13):
        book(therapist, at("13:30"), visit_type=visit_type, request=Request(uuid.uuid4(), now=NOW))


def test_counts_of_an_hour_that_is_over_are_forgotten():
    for minutes in (0, 30):
        client = limits.client_key(f"192.0.2.{minutes}")
        limits.count([client], NOW + timedelta(minutes=minutes), 20)

    limits.forget(NOW + timedelta(hours=1))

    left = [limits.client_key("192.0.2.30")]
    assert list(HourlyCount.objects.values_list("key", flat=True)) == left
