"""Books a visit: one transaction that locks, asks again, writes, and owes the e-mail."""

import re
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from booking.calendars import free_times, hours
from booking.models import Appointment, Location, OutgoingEmail, Source, Therapist, VisitType
from booking.models.appointment import new_reference
from booking.transactions import lock_therapists, retried
from booking.visits import tokens
from booking.visits.limits import count_booking
from booking.visits.owing import owe
from booking.visits.refusals import SlotUnavailable
from booking.visits.requests import Patient, Request, digest, replayed

Kind = OutgoingEmail.Kind
REFERENCE_TAKEN = re.compile("booking_appointment[._]reference")  # on SQLite, on PostgreSQL


@retried
def book(
    *,
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    patient: Patient,
    request: Request,
    location: Location | None = None,
) -> Appointment:
    """Book a visit and owe its confirmation; the same request again returns the same row.

    Online, the location follows from the hours; the desk may name one.
    Raises SlotUnavailable, KeyReused, OverLimit.
    """
    lock_therapists([therapist.pk])
    content = digest(visit_type, therapist, starts_at, patient, location)
    bookings = Appointment.objects.with_details()
    if found := replayed(bookings, request.key, content):
        return found
    location_id = _location(visit_type, therapist, starts_at, request, location)
    if request.client or request.offered:
        count_booking(request.client, patient, request.now)
    appointment = Appointment(
        therapist=therapist,
        visit_type=visit_type,
        location_id=location_id,
        starts_at=starts_at,
        ends_at=starts_at + visit_type.length,
        source=request.source,
        key=request.key,
        request_digest=content,
        **asdict(patient),
    )
    appointment.token_hash = tokens.hashed(tokens.make(appointment))
    try:
        save_appointment(appointment)
    except IntegrityError:
        # Two copies of one form, for two therapists, hold different locks: the key decides.
        if request.key and (found := replayed(bookings, request.key, content)):
            return found
        raise
    owe(appointment, Kind.CONFIRMATION, Kind.DESK_NEW, request.now, request.source)
    return appointment


def _location(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    request: Request,
    location: Location | None,
) -> int:
    if request.source == Source.ONLINE:
        slot = free_times.slot_at(
            visit_type, therapist, starts_at, request.now, offered=request.offered
        )
        if slot is None:
            raise SlotUnavailable
        return slot.location_id
    if location is not None:
        return location.pk
    return desk_location(therapist, starts_at, starts_at + visit_type.length)


def desk_location(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> int:
    """Where the desk's visit takes place: as the hours say, else where the therapist works most.

    Returns a primary key. Raises SlotUnavailable where there is no location at all.
    """
    by_hours = hours.location_for(therapist, starts_at, ends_at)
    usual = therapist.working_hours.values_list("location", flat=True).first()
    found = by_hours or usual or Location.objects.values_list("pk", flat=True).first()
    if found is None:
        raise SlotUnavailable
    return found


def save_appointment(appointment: Appointment) -> None:
    """Write the row; the database's own guard has the last word. Raises SlotUnavailable."""
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        if "booking_appointment_no_overlap" in str(error):
            raise SlotUnavailable from error
        if not REFERENCE_TAKEN.search(str(error)):
            raise
        # At 100,000 rows one new visit in 900 draws a reference that another has.
        appointment.reference = new_reference()
        save_appointment(appointment)
