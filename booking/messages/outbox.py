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

from django.core.mail import EmailMessage

from booking.earlier import deadlines
from booking.messages import emails
from booking.models import Appointment, OutgoingEmail, TimeOffer, WaitlistEntry
from booking.transactions import retried

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(hours=72)
ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463

State = OutgoingEmail.State


def send_next(now: datetime) -> bool:
    """Send, put off or drop the message that is due longest; False when none is due."""
    # Asked first, outside a transaction: a poll takes no write lock on SQLite.
    if not OutgoingEmail.objects.due(now).exists():
        return False
    owed = OutgoingEmail.objects.claim(now=now, lease=LEASE)
    if owed is None:
        return False
    if owed.appointment_id:
        owed.appointment = Appointment.objects.with_details().get(pk=owed.appointment_id)
    if owed.wish_id:
        owed.wish = WaitlistEntry.objects.with_details().get(pk=owed.wish_id)
    if owed.offer_id:
        owed.offer = TimeOffer.objects.with_details().get(pk=owed.offer_id)
    if emails.is_lost(owed, now):
        give_up(owed, now)
    elif emails.is_overtaken(owed, now) or not _begins(owed, now):
        supersede(owed)
    else:
        _try(owed, now)
    return True


def _begins(owed: OutgoingEmail, now: datetime) -> bool:
    """Whether what it tells of is so when it leaves: an offer lasts from then on."""
    return owed.offer is None or deadlines.begin(offer=owed.offer, now=now)


def _try(owed: OutgoingEmail, now: datetime) -> None:
    try:
        message = emails.message(owed, now)
    except Exception as error:  # one broken message must not hold up the others
        put_off(owed, place_of(error), now)
    else:
        _send(owed, message, now)


def _send(owed: OutgoingEmail, message: EmailMessage, now: datetime) -> None:
    try:
        message.send()  # SMTP may hang: no lock is held here
    except (OSError, SMTPException) as error:
        put_off(owed, refusal(error), now)
    except Exception as error:  # such as an address that no header can carry
        put_off(owed, place_of(error), now)
    else:
        mark_sent(owed, now)


@retried
def mark_sent(owed: OutgoingEmail, now: datetime) -> None:
    """Record that the mail server took it."""
    _pending(owed).update(state=State.SENT, sent_at=now, leased_until=None, last_error="")
    logger.info("E-mail %s (%s) sent", owed.pk, owed.kind)


@retried
def supersede(owed: OutgoingEmail) -> None:
    """Record that it is no longer true, and was not sent."""
    _pending(owed).update(state=State.SUPERSEDED, leased_until=None)
    logger.info("E-mail %s (%s) overtaken, not sent", owed.pk, owed.kind)


@retried
def give_up(owed: OutgoingEmail, now: datetime) -> None:
    """Record that no mail server took it in time; the last error says why. Its offer ends."""
    given_up = _pending(owed).update(state=State.GIVEN_UP, leased_until=None)
    if owed.offer and given_up:  # another worker may have sent it: then the offer lasts
        deadlines.end(owed.offer, now)
    logger.error("E-mail %s (%s) given up: %s", owed.pk, owed.kind, owed.last_error)


@retried
def put_off(owed: OutgoingEmail, why: str, now: datetime) -> None:
    """Try again later, or give up when it has been due for GIVE_UP_AFTER.

    Only while the claim is ours: if the lease ran out, another worker has the say.
    """
    claimed = _pending(owed).filter(attempts=owed.attempts)
    if now >= owed.due_at + GIVE_UP_AFTER:
        claimed.update(state=State.GIVEN_UP, leased_until=None, last_error=why)
        logger.error("E-mail %s (%s) given up: %s", owed.pk, owed.kind, why)
    else:
        claimed.update(leased_until=now + wait(owed.attempts), last_error=why)
        logger.warning("E-mail %s (%s) put off: %s", owed.pk, owed.kind, why)


def _pending(owed: OutgoingEmail):
    return OutgoingEmail.objects.pending().filter(pk=owed.pk)


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
        words += [found.decode() for found in ENHANCED_CODE.findall(_bytes(text))[:1]]
    return " ".join(words)[:200]


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def place_of(error: Exception) -> str:
    """Kind and place of an error of our own, without its words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
    return f"{type(error).__name__} at {place}"[:200]
