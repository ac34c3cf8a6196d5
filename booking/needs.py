"""What staff know of a visit beyond its time: who booked, what the patient needs, the note."""

from typing import Any

from booking.models import Appointment
from booking.models.appointment import NEEDS
from booking.transactions import locked, retried

CORRECTED = ["booked_by", *NEEDS, "note"]


@retried
def correct(*, appointment: Appointment, changes: dict[str, Any]) -> Appointment:
    """Write those fields of CORRECTED that changed, and nothing else of the row.

    Mails nobody. Raises ValueError for any other field.
    """
    if others := set(changes) - set(CORRECTED):
        raise ValueError(others)
    row = locked(appointment)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=[*changes, "updated_at"])
    return row
