"""Sends what is owed: claim, send outside any transaction, mark.

At least once: a worker that dies, or loses the database, between the mail server's yes and the
mark leaves the message to be sent again after its lease; so does a clock that jumps past the
lease during a send, where a second worker runs. The Message-ID is then the same.
No personal data is logged or kept in `last_error`: mail servers quote addresses in refusals.
"""

import logging
import re
import traceback
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection

from booking.messages import emails, files, kinds
from booking.messages.notifications import Notification
from booking.models import OutgoingEmail
from booking.models.outgoing_email import OutgoingEmailQuerySet
from booking.transactions import retried

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
HELD = timedelta(minutes=15)  # until what is held back is looked at again
GIVE_UP_AFTER = timedelta(hours=72)
ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463

NO_ADDRESS = "No e-mail address"

State = OutgoingEmail.State


def send_next(now: datetime) -> bool:
    """Send, put off, hold back or drop the message that is due longest; False when none is."""
    # Asked first, outside a transaction: a poll takes no write lock on SQLite.
    if not OutgoingEmail.objects.due(now).exists():
        return False
    owed = OutgoingEmail.objects.claim(now=now, lease=LEASE)
    if owed is None:
        return False
    notification = kinds.of(owed)
    if notification.is_lost(now):
        give_up(notification, owed.last_error, now)
    elif notification.is_held_back(now):
        hold_back(owed, now)
    elif not notification.email and notification.needs_a_call(now):
        give_up(notification, NO_ADDRESS, now)
    elif not _may_leave(notification, now):
        supersede(owed)
    else:
        _try(notification, now)
    return True


def _may_leave(notification: Notification, now: datetime) -> bool:
    """Whether there is somebody to tell, and what it tells is so as it leaves."""
    if not notification.email or notification.is_over(now):
        return False
    return notification.leaves(now)


def _try(notification: Notification, now: datetime) -> None:
    try:
        message = emails.message(notification, now)
    except Exception as error:  # one broken message must not hold up the others
        _failed(notification, place_of(error), now)
    else:
        _send(notification, message, now)


def _send(notification: Notification, message: EmailMessage, now: datetime) -> None:
    try:
        message.connection = get_connection()
        message.send()  # SMTP may hang: no lock is held here
    except (OSError, SMTPException) as error:
        _failed(notification, refusal(error), now)
    except Exception as error:  # such as an address that no header can carry
        _failed(notification, place_of(error), now)
    else:
        mark_sent(notification.owed, now, state_after(message.connection))


def state_after(connection: object) -> str:
    """What a message is that left by that way: a file has not reached anybody."""
    return State.KEPT if isinstance(connection, files.EmailBackend) else State.SENT


def _failed(notification: Notification, why: str, now: datetime) -> None:
    """Try again later, or give up when nothing else has held it back for GIVE_UP_AFTER."""
    if now >= notification.owed.should_leave_at + GIVE_UP_AFTER:
        give_up(notification, why, now)
    else:
        put_off(notification.owed, why, now)


@retried
def mark_sent(owed: OutgoingEmail, now: datetime, state: str = State.SENT) -> None:
    """Record that the mail server took it, or that it is kept as a file; also where it was
    overtaken meanwhile, it has left.
    """
    left = OutgoingEmail.objects.filter(pk=owed.pk, state__in=[State.OWED, State.SUPERSEDED])
    left.update(state=state, sent_at=now, leased_until=None, last_error="")
    logger.info("E-mail %s (%s) %s", owed.pk, owed.kind, state)


@retried
def supersede(owed: OutgoingEmail) -> None:
    """Record that it is no longer true, and was not sent."""
    _pending(owed).update(state=State.SUPERSEDED, leased_until=None)
    logger.info("E-mail %s (%s) overtaken, not sent", owed.pk, owed.kind)


@retried
def give_up(notification: Notification, why: str, now: datetime) -> None:
    """Record that no mail server took it in time, and why."""
    owed = notification.owed
    values = {"state": State.GIVEN_UP, "leased_until": None, "last_error": why}
    if _claimed(owed).update(**values):  # another worker may have sent it: then an offer lasts
        notification.given_up(now)
    logger.error("E-mail %s (%s) given up: %s", owed.pk, owed.kind, why)


@retried
def hold_back(owed: OutgoingEmail, now: datetime) -> None:
    """Leave it owed, to be looked at again: it was not tried."""
    values = {"held_at": now, "leased_until": now + HELD, "last_error": ""}
    _claimed(owed).update(**values, attempts=owed.attempts - 1)
    logger.info("E-mail %s (%s) held back", owed.pk, owed.kind)


@retried
def put_off(owed: OutgoingEmail, why: str, now: datetime) -> None:
    """Record why it was not sent, and when it is tried again."""
    _claimed(owed).update(leased_until=now + wait(owed.attempts), last_error=why)
    logger.warning("E-mail %s (%s) put off: %s", owed.pk, owed.kind, why)


def _pending(owed: OutgoingEmail) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.pending().filter(pk=owed.pk)


def _claimed(owed: OutgoingEmail) -> OutgoingEmailQuerySet:
    """The row while the claim is ours: if the lease ran out, another worker has the say."""
    return _pending(owed).filter(attempts=owed.attempts, leased_until=owed.leased_until)


def wait(attempts: int) -> timedelta:
    """How long after the given number of attempts the next one follows."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 16), LONGEST_WAIT)


def refusal(error: Exception) -> str:
    """What a mail server or the network said, as codes: its words may hold the address."""
    words = [type(error).__name__]
    answers: list[tuple[int, bytes]] = []
    if isinstance(error, SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, SMTPResponseException):
        answers = [(error.smtp_code, _bytes(error.smtp_error))]
    for code, text in answers:
        words.append(str(code))
        words += [enhanced.decode() for enhanced in ENHANCED_CODE.findall(_bytes(text))[:1]]
    return " ".join(words)[:200]


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def place_of(error: Exception) -> str:
    """Kind and place of an error of our own, without its words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
    return f"{type(error).__name__} at {place}"[:200]
