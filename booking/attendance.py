"""What patients say about coming."""

from datetime import datetime

from booking import versions
from booking.models import Appointment, AppointmentStatus
from booking.services import NotAllowed
from booking.transactions import locked, retried


@retried
def confirm(*, appointment: Appointment, now: datetime, seen: int | None = None) -> Appointment:
    """Keep that the patient said "I will come"; once said, it is left as it is.

    Raises Changed (not as `seen`: the word is for that time, not for another), NotAllowed for a
    visit that is not booked any more, or has begun.
    """
    row = locked(appointment)
    versions.check(row, seen)
    if row.status != AppointmentStatus.BOOKED or row.starts_at <= now:
        raise NotAllowed
    if row.confirmed_at is None:
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at", "updated_at"])
    return row
