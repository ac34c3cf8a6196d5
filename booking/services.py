"""Writes to the calendars: each one transaction that locks, asks again, writes, owes the e-mail.

Instants are aware UTC datetimes of whole minutes. `by_patient` and `online` say whose rules
hold: patients are bound by working hours, notice, horizon and change window; the desk only by
what the database keeps, that no two visits of a therapist overlap.
"""

import re
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from booking import reminders, tokens, versions
from booking.calendars import free_times, hours
from booking.limits import count_booking
from booking.models import (
    Appointment,
    AppointmentStatus,
    Location,
    OutgoingEmail,
    Source,
    Therapist,
    TimeOffer,
    VisitType,
)
from booking.models.appointment import new_reference
from booking.owing import owe, owe_again
from booking.requests import Patient, Request, digest, replayed
from booking.transactions import lock_therapists, locked, retried

UNDO_CANCEL = timedelta(minutes=10)
REFERENCE_TAKEN = re.compile("booking_appointment[._]reference")  # on SQLite, on PostgreSQL
BOOKED, ARRIVED, FULFILLED, NO_SHOW, CANCELLED = AppointmentStatus
TRANSITIONS: dict[str, set[AppointmentStatus]] = {
    BOOKED: {ARRIVED, NO_SHOW, CANCELLED},
    ARRIVED: {FULFILLED, BOOKED},
    FULFILLED: {ARRIVED},
    NO_SHOW: {BOOKED, ARRIVED},
    CANCELLED: set(),  # final, but for `undo_cancel`
}
Kind, State = OutgoingEmail.Kind, OutgoingEmail.State


class SlotUnavailable(Exception):
    """The time cannot be booked: taken, closed, or outside the rules."""


class TooLate(Exception):
    """Too near the visit, or past it: a change takes a call."""


class NotAllowed(Exception):
    """The appointment's status does not lead there."""


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


@retried
def cancel(
    *, appointment: Appointment, by_patient: bool, now: datetime, seen: int | None = None
) -> Appointment:
    """Cancel a booked visit and owe the messages; a cancelled one is left as it is.

    Raises Changed (not as `seen`), TooLate (patients inside the change window), NotAllowed.
    """
    row = locked(appointment)
    if row.status == CANCELLED:
        return row
    versions.check(row, seen)
    if CANCELLED not in TRANSITIONS[row.status]:
        raise NotAllowed
    if by_patient and not row.may_change(now):
        raise TooLate
    row.status, row.cancelled_at, row.confirmed_at = CANCELLED, now, None
    row.sequence += 1
    row.save()
    source = Source.ONLINE if by_patient else Source.DESK
    owe(row, Kind.CANCELLED, Kind.DESK_CANCELLED, now, source)
    return row


@retried
def undo_cancel(*, appointment: Appointment, now: datetime, seen: int | None = None) -> Appointment:
    """Take a cancellation back within ten minutes, if the time is still free.

    Raises Changed (not as `seen`), NotAllowed (not cancelled, or too long ago), SlotUnavailable.
    """
    row = locked(appointment)
    versions.check(row, seen)
    if row.status != CANCELLED or row.cancelled_at is None or now > row.cancelled_at + UNDO_CANCEL:
        raise NotAllowed
    row.status, row.cancelled_at = BOOKED, None
    row.sequence += 1
    save_appointment(row)
    owe(row, Kind.CONFIRMATION, Kind.DESK_NEW, now, Source.DESK)
    return row


@retried
def reschedule(
    *,
    appointment: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    by_patient: bool,
    now: datetime,
    location: Location | None = None,
    offered: bool = False,
    seen: int | None = None,
) -> Appointment:
    """Move a booked visit: one UPDATE of the same row, under the locks of both therapists.

    The same time again changes nothing, mails nothing, unless the desk names another `location`.
    One that was `offered` is the clinic's own doing: inside the change window it may be taken too.
    Raises Changed (not as `seen`), SlotUnavailable, TooLate (patients), NotAllowed.
    """
    row = locked(appointment, therapist.pk)
    place = location.pk if location else row.location_id
    asked = therapist.pk, starts_at, place
    if (row.therapist_id, row.starts_at, row.location_id) == asked and row.status == BOOKED:
        return row
    versions.check(row, seen)
    if row.status != BOOKED:
        raise NotAllowed
    if by_patient and not offered and not row.may_change(now):
        raise TooLate
    ends_at = starts_at + (row.ends_at - row.starts_at)
    if by_patient:
        slot = free_times.slot_at(
            row.visit_type, therapist, starts_at, now, moving=row, offered=offered
        )
        if slot is None:
            raise SlotUnavailable
        ends_at, row.location_id = slot.ends_at, slot.location_id
    else:
        row.location_id = location.pk if location else desk_location(therapist, starts_at, ends_at)
    row.therapist, row.starts_at, row.ends_at = therapist, starts_at, ends_at
    row.confirmed_at = None  # said of another time
    row.sequence += 1
    save_appointment(row)
    owe(row, Kind.MOVED, Kind.DESK_MOVED, now, Source.ONLINE if by_patient else Source.DESK)
    return row


@retried
def correct_contact(
    *, appointment: Appointment, name: str, phone: str, phone_e164: str, email: str, now: datetime
) -> Appointment:
    """Correct who comes and how to reach them.

    Another e-mail address revokes the old link and what it asked; a first one is owed reminders.
    """
    row = locked(appointment)
    had_email = bool(row.email)
    if row.email != email:
        row.token_version += 1
        row.token_hash = tokens.hashed(tokens.make(row))
        TimeOffer.objects.withdraw(row.wishes.all().held(), now)
    row.name, row.phone, row.phone_e164, row.email = name, phone, phone_e164, email
    row.save()
    if email and not had_email:
        reminders.settle(Appointment.objects.filter(pk=row.pk), now)
    return row


@retried
def set_note(*, appointment: Appointment, note: str) -> Appointment:
    """Keep staff's private note; nothing else of the row is written."""
    row = locked(appointment)
    row.note = note
    row.save(update_fields=["note", "updated_at"])
    return row


@retried
def send_again(*, appointment: Appointment, now: datetime) -> OutgoingEmail | None:
    """Owe the confirmation once more; None without an e-mail address or a booked visit."""
    row = locked(appointment)
    if not row.email or row.status != BOOKED:
        return None
    # It says all that the lost messages said.
    row.emails.filter(state=State.GIVEN_UP).update(state=State.SUPERSEDED)
    return owe_again(row, Kind.CONFIRMATION, row.sequence, now)


@retried
def try_email_again(*, message: OutgoingEmail, now: datetime) -> OutgoingEmail:
    """Owe a message once more that was given up. Raises NotAllowed for any other, and for an
    offer's, which is given up when it is too late for it.
    """
    if message.offer_id:
        raise NotAllowed
    row = locked(message.appointment) if message.appointment else message.about
    lost = row.emails.filter(pk=message.pk, state=State.GIVEN_UP)
    if not lost.update(state=State.SUPERSEDED):
        raise NotAllowed
    return owe_again(row, message.kind, message.sequence, now)


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
