"""How an offer stands: what time and others have decided, written down yet or not.

The rows say nearly all of it: see `time_offer.endings`. That the hours have ended, or moved to
another place, only the calendars tell. A list does not ask them, and no look writes that down: the
hours may come back. Likewise a visit type that was withdrawn.
"""

from datetime import datetime

from django.db.models import QuerySet

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.models.time_offer import TimeOfferQuerySet
from booking.transactions import retried

State, WishState = TimeOffer.State, WaitlistEntry.State


def of(offer: TimeOffer, now: datetime) -> str:
    """How one offer stands now, a `State`."""
    row = TimeOffer.objects.with_standing(now).get(pk=offer.pk)
    if row.stands == State.OPEN and slot_of(offer, now) is None:
        return State.GONE
    return row.stands


def slot_of(offer: TimeOffer, now: datetime) -> Slot | None:
    """The offered time, if the calendars still have it.

    Where the hours are elsewhere now, a yes would book a place that nobody was asked about; where
    the visit type was withdrawn, a visit that is no longer offered.
    """
    if not offer.visit_type.active:
        return None
    slot = free_times.slot_at(
        offer.visit_type,
        offer.therapist,
        offer.starts_at,
        now,
        moving=offer.entry.appointment,
        offered=True,
    )
    return slot if slot and slot.location_id == offer.location_id else None


def visit_of(offer: TimeOffer) -> Appointment | None:
    """The visit that a claimed offer moved or booked; needs `with_details`."""
    booked = Appointment.objects.with_details().filter(key=offer.uuid)
    return offer.entry.appointment or booked.first()


def settle(now: datetime) -> None:
    """Write down what time and others have decided, and which wishes are over.

    Asked first, outside a transaction: a look that finds nothing takes no write lock.
    """
    over = _still_open(now).exclude(stands=State.OPEN)
    for state in set(over.values_list("stands", flat=True)):
        _write_ending(State(state), now)
    waiting = WaitlistEntry.objects.waiting(now)
    wishes = WaitlistEntry.objects.filter(state=WishState.OPEN).exclude(pk__in=waiting.values("pk"))
    if wishes.exists():
        _write_over(wishes)


def _still_open(now: datetime) -> TimeOfferQuerySet:
    """Offers that nobody has answered, with how they stand."""
    return TimeOffer.objects.filter(state=State.OPEN).with_standing(now)


@retried
def _write_ending(state: TimeOffer.State, now: datetime) -> None:
    """Write a state to all open offers that stand so."""
    ended = _still_open(now).filter(stands=state)
    if state == State.CLAIMED:
        # The wishes first, as everywhere: an answer that comes now waits for their lock.
        wishes = WaitlistEntry.objects.filter(state=WishState.OPEN, pk__in=ended.values("entry"))
        wishes.update(state=WishState.BOOKED)
    _unanswered(ended).update(state=state, answered_at=now)


def _unanswered(ended: TimeOfferQuerySet) -> TimeOfferQuerySet:
    """These offers; asks for their state outside a subquery too.

    That closes the race with an answer that is being written: an update that waits for its lock
    looks at the row once more, but not at what a subquery has found.
    """
    return TimeOffer.objects.filter(state=State.OPEN, pk__in=ended.values("pk"))


@retried
def _write_over(wishes: QuerySet[WaitlistEntry]) -> None:
    wishes.update(state=WishState.OVER)
