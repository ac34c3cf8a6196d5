"""What staff know of a visit beyond its time: who booked, what the patient needs, the note."""

from datetime import datetime
from typing import Any

from booking.models import Appointment, TimeOffer
from booking.models.appointment import NEEDS
from booking.transactions import locked, retried
from booking.visits import reminders, tokens

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
