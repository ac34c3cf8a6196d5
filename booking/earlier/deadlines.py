"""How long an offered time is kept: OFFER_MINUTES, from when the question leaves by e-mail.

It leaves within OFFER_MINUTES of its making, or never: so an offer ends by itself, at the latest
after twice that time. Where no mail server takes its e-mail, it ends as that is given up.
"""

from datetime import datetime, timedelta

from django.conf import settings

from booking.models import TimeOffer
from booking.transactions import lock_therapists, retried


def minutes_to_answer() -> int:
    """How many minutes a time is kept for whoever is asked."""
    return settings.OFFER_MINUTES


def time_to_answer() -> timedelta:
    """How long an offer waits for its answer."""
    return timedelta(minutes=minutes_to_answer())


def is_late(offer: TimeOffer, now: datetime) -> bool:
    """Whether it is too late for its e-mail to leave: so that the offer ends if none ever does."""
    return now >= offer.created_at + time_to_answer()


@retried
def begin(*, offer: TimeOffer, now: datetime) -> bool:
    """The time to answer begins now, as the e-mail leaves; False where the time is not kept now.

    At each try of the e-mail anew, and only ever later: what one says that left unseen, of a
    worker that died, still holds. Never later than the visit type's notice lets them answer.
    """
    # The lock closes the race with a booking that found the offer run out a moment ago.
    lock_therapists([offer.therapist_id])
    row = TimeOffer.objects.with_standing(now).select_related("visit_type").get(pk=offer.pk)
    if row.stands != TimeOffer.State.OPEN:
        return False
    latest = row.visit_type.book_until(row.starts_at)
    offer.expires_at = max(row.expires_at, min(now + time_to_answer(), latest))
    unanswered = TimeOffer.objects.open(now).filter(pk=offer.pk)
    return bool(unanswered.update(expires_at=offer.expires_at))


def end(offer: TimeOffer, now: datetime) -> None:
    """The time to answer ends now, as its e-mail is given up: nobody knows of it.

    It has run out then as others do, and the next look writes that down. No lock: one UPDATE,
    which waits for an answer that is being written and then finds nothing.
    """
    TimeOffer.objects.open(now).filter(pk=offer.pk).update(expires_at=now)
