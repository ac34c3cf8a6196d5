"""Whether patients come: what they say of it, and what the desk sees."""

from datetime import datetime

from booking.models import Appointment, AppointmentStatus
from booking.transactions import locked, retried
from booking.visits import bookings, changes, refusals, versions
from booking.visits.overriding import Override


@retried
def confirm(*, appointment: Appointment, now: datetime, seen: int | None = None) -> Appointment:
    """Keep that the patient said "I will come"; once said, it is left as it is.

    Raises Changed (not as `seen`: the word is for that time, not for another), NotAllowed for a
    visit that is not booked any more, or has begun.
    """
    row = locked(appointment)
    versions.check(row, seen)
    if row.status != AppointmentStatus.BOOKED or row.starts_at <= now:
        raise refusals.NotAllowed
    if row.confirmed_at is None:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at", "updated_at"])
    return row


@retried
def set_status(
    *,
    appointment: Appointment,
    status: str,
    now: datetime,
    seen: int | None = None,
    was: str | None = None,
    override: Override | None = None,
) -> Appointment:
    """Say that a patient arrived, was seen, or did not come; the desk's one click.

    A missed visit gets its time back if it is still free; with an `override`, over others too.
    Raises Changed (not as `seen`, or not in the status that it `was`), NotAllowed
    (Appointment.may_become), SlotUnavailable (given away, naming to whom).
    """
    if status == AppointmentStatus.CANCELLED:
        return changes.cancel_by_desk(appointment=appointment, now=now, seen=seen)
    row = locked(appointment)
    if row.status == status:
        return row
    versions.check(row, seen, was)
    if not row.may_become(status, now):
        raise refusals.NotAllowed
    row.status = status
    bookings.save_appointment(row, tells=False, override=override)
    return row
