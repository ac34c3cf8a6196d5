"""What staff correct of a visit beyond its time: who comes, how to reach them, what they need."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.models import Appointment, TimeOffer
from booking.models.appointment import NEEDS
from booking.transactions import locked, retried
from booking.visits import estimates, reminders, tokens

CONTACT = ["name", "phone", "phone_e164", "email"]
DETAILS = [*CONTACT, "booked_by", "payment", *NEEDS, "note"]


@retried
def correct(*, appointment: Appointment, changes: Mapping[str, Any], now: datetime) -> Appointment:
    """Write those DETAILS of a visit that changed, and nothing else of the row. Mails nobody.

    Another e-mail address revokes the old link and what it asked; a first one is owed reminders.
    With another payment, an estimate is owed from now on, or no longer.
    Raises ValueError for a field that is no detail.
    """
    if others := set(changes) - set(DETAILS):
        raise ValueError(others)
    row = locked(appointment)
    had_email = bool(row.email)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    written = [*changed, "updated_at"]
    if "name" in changed:
        written.append("folded_name")
    if "email" in changed:
        written += _revoke_link(row, now)
    row.save(update_fields=written)
    if "email" in changed and not had_email:
        reminders.settle(Appointment.objects.filter(pk=row.pk), now)
    if "payment" in changed:
        estimates.settle(row, now)
    return row


def _revoke_link(row: Appointment, now: datetime) -> list[str]:
    """Make the old address's link stop working; returns which fields changed by that."""
    row.token_version += 1
    row.token_hash = tokens.hashed(tokens.make(row))
    TimeOffer.objects.withdraw(row.wishes.all().held(), now)
    return ["token_version", "token_hash"]
