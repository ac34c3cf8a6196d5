"""Offers of the earlier-time list: who is asked about a free time, and what they answer.

What is free is computed at each look, not signalled: whatever frees a time (a cancellation, a
move, hours that open) is found. One person at a time is asked about a time, the one who has
waited longest first. While the question is open the public does not see the time; the desk does,
and may give it away.
"""

from collections.abc import Mapping
from datetime import datetime, time
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.calendars import free_times, hours
from booking.calendars.slots import Slot
from booking.earlier import deadlines, matches, standing, waitlist
from booking.earlier.standing import State, WishState
from booking.models import (
    Appointment,
    OutgoingEmail,
    TimeOffer,
    WaitlistEntry,
)
from booking.transactions import lock_therapists, locked, retried
from booking.visits import bookings, changes, refusals, tokens
from booking.visits.requests import Patient, Request

# Nobody is asked at night: the question would run out unread, and the next would miss it too.
ASKS_FROM, ASKS_UNTIL = time(8), time(20)


class OfferOver(refusals.Refused):
    """Answered, run out, or its time is no longer free."""

    status = HTTPStatus.CONFLICT
    code = "over"
    problem = _("This time is not free any more.")


def look(now: datetime) -> int:
    """Write down which offers are over, and make those that can be made; returns how many."""
    if not WaitlistEntry.objects.filter(state=WishState.OPEN).exists():
        return 0
    standing.settle(now)
    if not ASKS_FROM <= timezone.localtime(now).time() < ASKS_UNTIL:
        return 0
    return sum(
        make(wish=wish, slot=slot, now=now) is not None for wish, slot in matches.whom_to_ask(now)
    )


@retried
def make(*, wish: WaitlistEntry, slot: Slot, now: datetime) -> TimeOffer | None:
    """Ask one person about one time, and owe the e-mail; None where either is not to be had.

    The therapist's lock closes the race with bookings, the wish's that with its owner leaving the
    list; of two workers the constraints let one ask. No lock holds the wish's own visit, which may
    be with another therapist: one that moves just now overtakes the offer, as one that moves later.
    """
    lock_therapists([slot.therapist.pk])
    _lock_wish(wish)
    row = WaitlistEntry.objects.with_details().get(pk=wish.pk)
    askable = WaitlistEntry.objects.askable(now).filter(pk=row.pk).exists()
    if not askable or hours.today(slot.starts_at) >= row.before:
        return None
    if not free_times.slot_at(row.visit_type, slot.therapist, slot.starts_at, now):
        return None
    offer = TimeOffer(
        entry=row,
        therapist=slot.therapist,
        visit_type=row.visit_type,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        created_at=now,
        expires_at=now + deadlines.time_to_answer(),
        token_version=row.appointment.token_version if row.appointment else 1,
    )
    offer.token_hash = tokens.hashed(tokens.make(offer))
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError:  # asked meanwhile: the database keeps one open offer a person, a time
        return None
    OutgoingEmail.objects.create(offer=offer, kind=OutgoingEmail.Kind.OFFER, due_at=now)
    return offer


def claim(
    *,
    offer: TimeOffer,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    client: str = "",
    wide: str = "",
) -> Appointment:
    """Take the offered time: the visit moves there, or is booked. Once more, the same visit.

    `offer` is as it was read just now; `details` are what a first visit's `Patient` has beyond
    what the wish knows; `client` and `wide` are the sender's, as in a `Request`.

    One transaction under the locks of both therapists: the old time is free when the new one is
    taken, and not before; the old time is where the visit is by then, the desk may have moved it.
    Raises OfferOver; OverLimit or OnlineFull where a first visit would be one too many
    (the offer stays open meanwhile: they may cancel another, or call).
    """
    # Asked first, outside a transaction: who comes too late waits for nobody's write lock.
    if offer.state != State.CLAIMED and (offer.state != State.OPEN or now >= offer.expires_at):
        raise OfferOver
    request = Request(key=offer.uuid, client=client, wide=wide, now=now)
    return _claim(offer, request, details or {})


@retried
def _claim(offer: TimeOffer, request: Request, details: Mapping[str, Any]) -> Appointment:
    now = request.now
    row = _held(offer, now)
    visit = standing.visit_of(row) if row.stands == State.CLAIMED else None
    if visit is None:
        visit = _move_or_book(row, request, details)
    if row.state == State.OPEN:
        _write_yes(row, now)
    return visit


def _held(offer: TimeOffer, now: datetime) -> TimeOffer:
    """The offer, its wish and its visit as they are now, under all their locks.

    Whatever a claim goes on to ask stays true until it has written.
    """
    visit = offer.entry.appointment
    # The locks of visit and therapists close the race with a move of the visit by the desk: what
    # has moved is seen here, not undone. The therapist's before the wish's, as everywhere, so that
    # none can deadlock; also where there is no visit, and the booking takes it next.
    if visit:
        visit = locked(visit, offer.therapist_id)
    else:
        lock_therapists([offer.therapist_id])
    # The wish's closes those with its owner leaving the list, and with a no.
    _lock_wish(offer.entry)
    rows = TimeOffer.objects.select_related("entry", "therapist", "visit_type", "location")
    row = rows.with_standing(now).get(pk=offer.pk)
    row.entry.appointment = visit
    return row


def _lock_wish(wish: WaitlistEntry) -> None:
    # Without a join, which cannot be locked where it may find nothing.
    WaitlistEntry.objects.select_for_update(no_key=True).values_list("pk").get(pk=wish.pk)


def _move_or_book(offer: TimeOffer, request: Request, details: Mapping[str, Any]) -> Appointment:
    """Write the visit at the offered time. Raises OfferOver, OverLimit."""
    now = request.now
    slot = standing.slot_of(offer, now) if offer.stands == State.OPEN else None
    if slot is None:
        raise OfferOver
    wish, visit = offer.entry, offer.entry.appointment
    try:
        if visit:
            return changes.move_to_offered(appointment=visit, slot=slot, now=now)
        return bookings.book_offered(
            slot=slot,
            visit_type=offer.visit_type,
            patient=Patient(**{name: getattr(wish, name) for name in waitlist.KEPT}, **details),
            request=request,
        )
    except (refusals.SlotUnavailable, refusals.NotAllowed) as error:
        raise OfferOver from error


def _write_yes(offer: TimeOffer, now: datetime) -> None:
    offer.state, offer.answered_at, offer.entry.state = State.CLAIMED, now, WishState.BOOKED
    offer.save(update_fields=["state", "answered_at"])
    offer.entry.save(update_fields=["state"])


@retried
def decline(*, offer: TimeOffer, now: datetime) -> bool:
    """Keep what they have; the next is asked. False where there was nothing left to decline."""
    # The lock closes the race with a yes that has been checked and is not yet written.
    _lock_wish(offer.entry)
    unanswered = TimeOffer.objects.open(now).filter(pk=offer.pk)
    return bool(unanswered.update(state=State.DECLINED, answered_at=now))
