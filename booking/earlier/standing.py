"""How an offer stands: what time and others have decided, written down yet or not."""

from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from booking.calendars import free_times
from booking.models import (
    Appointment,
    AppointmentStatus,
    Closure,
    TimeOff,
    TimeOffer,
    WaitlistEntry,
)
from booking.models.time_offer import TimeOfferQuerySet
from booking.transactions import retried

State, WishState = TimeOffer.State, WaitlistEntry.State


def settle(now: datetime) -> None:
    """Write down what time and others have decided: run out, given away, gone; wishes over."""
    asked = TimeOffer.objects.filter(state=State.OPEN)
    waiting = WaitlistEntry.objects.waiting(now)
    _settle(asked.filter(expires_at__lte=now), State.LAPSED, now)
    if asked.moved_there().exists():
        _say_yes(now)
    overtaken = [row.pk for row in asked.with_details() if row.is_overtaken]
    _settle(asked.filter(pk__in=overtaken), State.OVERTAKEN, now)
    # The public cannot take an offered time: whoever has it, has it from the desk.
    _settle(asked.taken(), State.GIVEN, now)
    _settle(
        asked.filter(_closed() | ~Exists(waiting.filter(pk=OuterRef("entry")))), State.GONE, now
    )
    over = WaitlistEntry.objects.filter(state=WishState.OPEN).exclude(pk__in=waiting.values("pk"))
    _write(over, state=WishState.OVER)


@retried
def _say_yes(now: datetime) -> None:
    """For those whom the desk moved to the time that they are asked about."""
    asked = TimeOffer.objects.filter(state=State.OPEN).moved_there()
    # The wishes first, as everywhere: an answer that comes now waits for their lock.
    wishes = WaitlistEntry.objects.filter(state=WishState.OPEN, pk__in=asked.values("entry"))
    wishes.update(state=WishState.BOOKED)
    still = TimeOffer.objects.filter(state=State.OPEN, pk__in=asked.values("pk"))
    still.update(state=State.CLAIMED, answered_at=now)


def _closed() -> Q:
    during = {"starts_at__lt": OuterRef("ends_at"), "ends_at__gt": OuterRef("starts_at")}
    away = TimeOff.objects.filter(therapist=OuterRef("therapist"), **during)
    return Q(Exists(away)) | Q(Exists(Closure.objects.filter(**during)))


def _settle(rows: QuerySet, state: TimeOffer.State, now: datetime) -> None:
    _write(rows, state=state, answered_at=now)


@retried
def _write_now(rows: QuerySet, **values: object) -> None:
    rows.update(**values)


def _write(rows: QuerySet, **values: object) -> None:
    """Asked first, outside a transaction: a look that finds nothing takes no write lock."""
    if rows.exists():
        _write_now(rows, **values)


def standing(offer: TimeOffer, now: datetime) -> str:
    """How the offer stands, whether or not that has been written down yet; a `State`."""
    if offer.state != State.OPEN:
        return offer.state
    if now >= offer.expires_at:
        return State.LAPSED
    row = TimeOffer.objects.filter(pk=offer.pk)
    if row.moved_there().exists():
        return State.CLAIMED
    if offer.is_overtaken:
        return State.OVERTAKEN
    if row.taken().exists():
        return State.GIVEN
    waits = WaitlistEntry.objects.waiting(now).filter(pk=offer.entry_id).exists()
    free = free_times.slot_at(offer.visit_type, offer.therapist, offer.starts_at, now, offered=True)
    # Where the hours are elsewhere now, a yes would book a place that nobody was asked about.
    there = free is not None and free.location_id == offer.location_id
    return State.OPEN if waits and there else State.GONE


def with_standing(rows: TimeOfferQuerySet, now: datetime) -> TimeOfferQuerySet:
    """Each with `stands`, as `standing` has it and the next look will write it, for a whole list.

    Only hours that have ended or moved to another place since are not seen: no look writes those
    down.
    """
    same = TimeOffer.objects.filter(pk=OuterRef("pk"))
    booked = same.filter(entry__appointment__status=AppointmentStatus.BOOKED)
    as_soon = booked.filter(entry__appointment__starts_at__date__lte=TruncDate("starts_at"))
    waiting = WaitlistEntry.objects.waiting(now).filter(pk=OuterRef("entry"))
    found = Case(
        When(~Q(state=State.OPEN), then="state"),
        When(expires_at__lte=now, then=Value(State.LAPSED)),
        When(Exists(same.moved_there()), then=Value(State.CLAIMED)),
        When(Exists(as_soon), then=Value(State.OVERTAKEN)),
        When(Exists(same.taken()), then=Value(State.GIVEN)),
        When(_closed() | ~Exists(waiting), then=Value(State.GONE)),
        default="state",
    )
    return rows.annotate(stands=found)


def visit_of(offer: TimeOffer) -> Appointment | None:
    """The visit that a claimed offer moved or booked."""
    found = offer.entry.appointment or Appointment.objects.filter(key=offer.uuid).first()
    return found and Appointment.objects.with_details().get(pk=found.pk)
