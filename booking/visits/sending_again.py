"""A new e-mail with the link to a visit or a wish, for who has lost the one they had."""

from datetime import datetime

from django.conf import settings

from booking.models import Appointment, AppointmentStatus, OutgoingEmail, WaitlistEntry
from booking.transactions import locked, retried
from booking.visits import limits
from booking.visits.owing import owe_again
from booking.visits.refusals import NotAllowed

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State
FORM = "lost-link"  # as the counts call it
LINKS_AN_HOUR = 3  # for one e-mail address: nobody's mailbox is filled by a stranger
WISHES_AT_ONCE = 5  # likewise: unlike a visit, a wish can be made for somebody who does not exist


@retried
def send(*, email: str, client: str, now: datetime) -> None:
    """Owe the links of each coming visit under this address, and of the newest wishes without a
    visit; the worker sends them.

    What is asked counts for client and address whether there is a visit or not, and nothing here
    tells the caller. `client` is `limits.client_key`'s. Raises OverLimit.
    """
    limits.count([client], now, settings.BOOKING_LIMIT)
    # Also a lock: what is asked for one address at once gets an occasion each.
    limits.count(limits.contact_keys(email, "", FORM), now, LINKS_AN_HOUR)
    for visit in Appointment.objects.upcoming(now).filter(email__iexact=email):
        owe_again(visit, OutgoingEmail.Kind.LINK, visit.sequence, now)
    wishes = WaitlistEntry.objects.waiting(now).filter(appointment__isnull=True)
    for wish in wishes.filter(email__iexact=email).order_by("-created_at", "-pk")[:WISHES_AT_ONCE]:
        owe_again(wish, OutgoingEmail.Kind.WISH, 0, now)


@retried
def send_again(*, appointment: Appointment, now: datetime) -> OutgoingEmail | None:
    """Owe the confirmation once more; None without an e-mail address or a booked visit."""
    row = locked(appointment)
    if not row.email or row.status != AppointmentStatus.BOOKED:
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
