"""Writes to the calendars: each one transaction that locks, asks again, writes, owes the e-mail.

Instants are aware UTC datetimes of whole minutes. `by_patient` and `online` say whose rules
hold: patients are bound by working hours, notice, horizon and change window; the desk only by
what the database keeps, that no two visits of a therapist overlap.
"""

from datetime import datetime

from booking.calendars import free_times
from booking.models import (
    Appointment,
    AppointmentStatus,
    Location,
    OutgoingEmail,
    Source,
    Therapist,
)
from booking.transactions import locked, retried
from booking.visits import versions
from booking.visits.bookings import desk_location, save_appointment
from booking.visits.owing import owe
from booking.visits.refusals import NotAllowed, SlotUnavailable, TooLate

BOOKED, CANCELLED = AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED
Kind = OutgoingEmail.Kind


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
    if not row.may_become(CANCELLED, now):
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
    if not row.can_undo(now):
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
