"""What is corrected of a visit beyond its time: who comes, how to reach them, what they need."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from booking.models import Appointment, AppointmentStatus, OutgoingEmail, TimeOffer
from booking.models.appointment import NEEDS
from booking.models.findable import OF_NAME, OF_PHONE
from booking.transactions import locked, retried
from booking.visits import estimates, limits, reminders, tallies, tokens, versions
from booking.visits.owing import owe_again, tell_each_alone
from booking.visits.refusals import Changed, NotAllowed

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State
# What a confirmation says as well, and the links that who reads the old address has asked for.
OF_OLD_ADDRESS = [Kind.CONFIRMATION, Kind.MOVED, Kind.CANCELLED, Kind.DETAILS, Kind.LINK]
# What tells of a visit that is not as it was first booked: its confirmation too, once undone.
OF_CHANGES = [Kind.CONFIRMATION, Kind.MOVED, Kind.DETAILS]
CONTACT = ["name", "phone", "phone_e164", "no_phone_reason", "email"]
DERIVED = {"phone_e164"}  # shown by no form
DETAILS = [*CONTACT, "booked_by", "payment", *NEEDS, "note"]


@retried
def correct(
    *,
    appointment: Appointment,
    changes: Mapping[str, Any],
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> Appointment:
    """Write those DETAILS of a visit that changed, and nothing else of the row. Mails nobody,
    but for what a series' message, still waiting, would have told (`owing.tell_each_alone`).

    Another e-mail address revokes the old link and what it asked; a first one is owed reminders.
    Where it is taken away before the news of a change have left, nobody has told the patient.
    With another payment, an estimate is owed from now on, or no longer.
    `seen` is what a form said that it showed (`versions.digests`); None writes over anything.
    Raises Changed (not as `seen`, unless it says so already), ValueError for a field that is no
    detail.
    """
    if others := set(changes) - set(DETAILS):
        raise ValueError(others)
    row = locked(appointment)
    had_email = bool(row.email)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    shown = set(changes) - DERIVED
    if changed and seen is not None and versions.changed_since(row, shown, seen):
        raise Changed
    for name in changed:
        setattr(row, name, changes[name])
    written = [*changed, "updated_at"]
    if "name" in changed:
        written += OF_NAME
    if "phone" in changed or "phone_e164" in changed:
        written += OF_PHONE
    if "email" in changed:
        written.append("mailbox")
        written += _revoke_link(row, now)
        tell_each_alone(row, now)
        written += _lose_news(row)
    row.save(update_fields=written)
    if "email" in changed and not had_email:
        reminders.settle(Appointment.objects.filter(pk=row.pk), now)
    if "payment" in changed:
        estimates.settle(row, now)
    return row


def may_correct_address(visit: Appointment, now: datetime) -> bool:
    """Whether the patient may still put the address right: once, by the first link alone."""
    coming = visit.status == AppointmentStatus.BOOKED and now < visit.starts_at
    return coming and bool(visit.email) and visit.token_version == 1


@retried
def correct_address(
    *, appointment: Appointment, email: str, client: str, now: datetime, wide: str = ""
) -> Appointment:
    """Write to another address from now on, as who booked asks: the first link stops working, and
    one confirmation is owed in place of all that waits. The same address changes nothing.

    Where strangers have filled the mailbox, the confirmation waits for room, an hour at most.
    `client` and `wide` are `limits.sender`'s. Raises NotAllowed, OverLimit.
    """
    row = locked(appointment)  # of two corrections at once, the second finds that it is too late
    if row.email == email:
        return row
    if not may_correct_address(row, now):
        raise NotAllowed
    each, in_all = settings.BOOKING_LIMIT, settings.ONLINE_BOOKINGS_AN_HOUR
    contact = dict.fromkeys(limits.contact_keys(email, ""), each)
    limits.count_each(contact | limits.network_limits(client, wide, each, in_all), now)
    later = reminders.waiting(row, now)
    leaves_at = tallies.count_mail_soon(email, now, later.values_list("due_at", flat=True))
    row.email = email
    row.save(update_fields=["email", "mailbox", "updated_at", *_revoke_link(row, now)])
    tell_each_alone(row, now)
    row.wishes.update(confirmed_at=None)  # who reads the mail of the new address has not asked
    # Each would follow to the new address, for which it was not counted.
    row.emails.pending().filter(kind__in=OF_OLD_ADDRESS).update(state=State.SUPERSEDED)
    owe_again(row, Kind.CONFIRMATION, row.sequence, leaves_at)
    return row


def _lose_news(row: Appointment) -> list[str]:
    """Of a booked visit that has no address any more: drop what waits to tell of a change, which
    would reach nobody, and note that its patient was not told; returns which fields changed by it.
    """
    if row.email or not row.sequence or row.status != AppointmentStatus.BOOKED:
        return []
    news = row.emails.pending().filter(kind__in=OF_CHANGES, sequence=row.sequence)
    return row.untell() if news.update(state=State.SUPERSEDED) else []


def _revoke_link(row: Appointment, now: datetime) -> list[str]:
    """Make the old address's link stop working; returns which fields changed by that."""
    row.token_version += 1
    row.token_hash = tokens.hashed(tokens.make(row))
    TimeOffer.objects.withdraw(row.wishes.all().held(), now)
    return ["token_version", "token_hash"]
