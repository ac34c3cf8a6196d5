"""A new e-mail with the link to a visit or a wish, for who has lost the one they had."""

from datetime import datetime

from django.conf import settings

from booking.contacts import mailbox
from booking.models import Appointment, AppointmentStatus, OutgoingEmail, WaitlistEntry
from booking.transactions import locked, retried
from booking.visits import limits, tallies
from booking.visits.owing import owe_again
from booking.visits.refusals import NotAllowed

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State
FORM = "lost-link"  # as the counts call it
LINKS_AN_HOUR = 3  # for one e-mail address: nobody's mailbox is filled by a stranger


@retried
def send(*, email: str, client: str, now: datetime, wide: str = "") -> None:
    """Owe one message with the links of all coming visits whose mail arrives where that of this
    address does, and of the wishes without a visit; the worker sends it, to one of those addresses.

    It hangs on one of the rows, and is put together as it leaves. What is asked counts for client
    and address whether there is a visit or not, and nothing here tells the caller. `client` and
    `wide` are `limits.sender`'s. Raises OverLimit.
    """
    each, in_all = settings.BOOKING_LIMIT, settings.ONLINE_BOOKINGS_AN_HOUR
    limits.count_each(limits.network_limits(client, wide, each, in_all), now)
    # Also a lock: what is asked for one address at once gets an occasion each.
    limits.count(limits.contact_keys(email, "", FORM), now, LINKS_AN_HOUR)
    tallies.count_mail(email, now)
    visits, wishes = visits_of(email, now), wishes_of(email, now)
    if visits:
        owe_again(visits[0], Kind.LINK, visits[0].sequence, now)
    elif wishes:
        owe_again(wishes[0], Kind.LINK, 0, now)


def visits_of(email: str, now: datetime) -> list[Appointment]:
    """The coming visits whose mail goes to this mailbox, the first one first."""
    rows = Appointment.objects.with_details().upcoming(now).filter(mailbox=mailbox(email))
    return [row for row in rows if is_same(row.email, email)]


def wishes_of(email: str, now: datetime) -> list[WaitlistEntry]:
    """The wishes without a visit that wait, and whose mail goes to this mailbox."""
    waiting = WaitlistEntry.objects.with_details().waiting(now).filter(appointment__isnull=True)
    return [row for row in waiting.filter(mailbox=mailbox(email)) if is_same(row.email, email)]


def is_same(one: str, other: str) -> bool:
    """Whether the mail of two addresses arrives in one mailbox; of those with other than plain
    letters only where the plain ones' capitals are all that differs.

    To count by, a long s may be an s; here it would hand somebody the links of somebody else.
    """
    if one.isascii() and other.isascii():
        return mailbox(one) == mailbox(other)
    return one.encode().lower() == other.encode().lower()


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
