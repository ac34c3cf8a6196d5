"""Offers of the earlier-time list: who is asked about a free time, and what they answer.

What is free is computed at each look, not signalled: whatever frees a time (a cancellation, a
move, hours that open) is found. One person at a time is asked about a time, the one who has
waited longest first. While the question is open the public does not see the time; the desk does,
and may give it away.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from booking import calendars, hours, services, tokens
from booking.calendars import Slot
from booking.models import (
    Appointment,
    Closure,
    OutgoingEmail,
    TimeOff,
    TimeOffer,
    VisitType,
    WaitlistEntry,
)
from booking.requests import Patient, Request
from booking.transactions import lock_therapists, locked, retried

State, WishState = TimeOffer.State, WaitlistEntry.State
DAY = timedelta(days=1)
# Nobody is asked at night: the question would run out unread, and the next would miss it too.
ASKS_FROM, ASKS_UNTIL = time(8), time(20)
ASKED_A_DAY = 3  # one person, in 24 hours
ASKED_AT_ONCE = 10  # everybody together: the list never hides the clinic's calendar
LOOKED_AT = 500  # wishes at one look
REFUSED = {State.DECLINED, State.LAPSED}  # nobody is asked twice about one day


class OfferOver(Exception):
    """Answered, run out, or its time is no longer free."""


def look(now: datetime) -> int:
    """Write down which offers are over, and make those that can be made; returns how many."""
    if not WaitlistEntry.objects.filter(state=WishState.OPEN).exists():
        return 0
    settle(now)
    if not ASKS_FROM <= timezone.localtime(now).time() < ASKS_UNTIL:
        return 0
    return sum(make(wish=wish, slot=slot, now=now) is not None for wish, slot in matches(now))


def settle(now: datetime) -> None:
    """Write down what time and others have decided: run out, given away, gone; wishes over."""
    asked = TimeOffer.objects.filter(state=State.OPEN)
    waiting = WaitlistEntry.objects.waiting(now)
    _settle(asked.filter(expires_at__lte=now), State.LAPSED, now)
    _settle(asked.filter(pk__in=asked.moved_there().values("pk")), State.CLAIMED, now)
    # The public cannot take an offered time: whoever has it, has it from the desk.
    _settle(asked.taken(), State.GIVEN, now)
    _settle(
        asked.filter(_closed() | ~Exists(waiting.filter(pk=OuterRef("entry")))), State.GONE, now
    )
    over = WaitlistEntry.objects.filter(state=WishState.OPEN).exclude(pk__in=waiting.values("pk"))
    _write(over, state=WishState.OVER)


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


def matches(now: datetime) -> Iterator[tuple[WaitlistEntry, Slot]]:
    """Whom to ask about what, those who have waited longest first; some slots may be gone since."""
    wishes = list(WaitlistEntry.objects.waiting(now).with_details()[:LOOKED_AT])
    history = _History(wishes, now)
    free: dict[VisitType, _FreeTimes] = {}
    for wish in wishes:
        if history.room <= 0:
            return
        if not history.may_ask(wish):
            continue
        if wish.visit_type not in free:
            free[wish.visit_type] = _FreeTimes(wish.visit_type, now)
        slot = free[wish.visit_type].first_for(wish, history)
        if slot:
            history.add(slot)
            yield wish, slot


class _History:
    """What was asked before; one query."""

    def __init__(self, wishes: list[WaitlistEntry], now: datetime) -> None:
        self.lately: dict[int, int] = defaultdict(int)
        self.days: dict[int, set[date]] = defaultdict(set)
        self.open: set[int] = set()
        self.times: list[tuple[int, datetime, datetime]] = []  # asked about at this look
        offers = TimeOffer.objects.filter(entry__in=wishes)
        rows = offers.values_list("entry", "starts_at", "state", "created_at")
        for entry, starts_at, state, asked_at in rows:
            self.lately[entry] += asked_at > now - DAY
            if state == State.OPEN:
                self.open.add(entry)
            if state in REFUSED:
                self.days[entry].add(hours.today(starts_at))
        self.room = ASKED_AT_ONCE - len(self.open)

    def may_ask(self, wish: WaitlistEntry) -> bool:
        return wish.pk not in self.open and self.lately[wish.pk] < ASKED_A_DAY

    def add(self, slot: Slot) -> None:
        self.times.append((slot.therapist.pk, slot.starts_at, slot.ends_at))
        self.room -= 1

    def is_free(self, slot: Slot) -> bool:
        """Whether nobody is asked about it, or about part of it, at this look."""
        return not any(
            therapist == slot.therapist.pk and start < slot.ends_at and slot.starts_at < end
            for therapist, start, end in self.times
        )


class _FreeTimes:
    """The free times of one visit type that leave somebody time to answer; three queries."""

    def __init__(self, visit_type: VisitType, now: datetime) -> None:
        window = calendars.online_window(visit_type, now)
        earliest = now + timedelta(minutes=visit_type.notice_minutes + settings.OFFER_MINUTES)
        window = replace(window, first=hours.today(earliest), earliest=earliest)
        self.by_kind: dict[tuple[int, bool], list[Slot]] = defaultdict(list)
        for slot in calendars.free_slots(visit_type, window):
            local = timezone.localtime(slot.starts_at)
            self.by_kind[local.weekday(), local.hour < 12].append(slot)

    def first_for(self, wish: WaitlistEntry, history: _History) -> Slot | None:
        """The soonest time that suits the wish and lies on an earlier day than its visit."""
        visit, refused = wish.appointment, history.days[wish.pk]
        before = hours.today(visit.starts_at) if visit else date.max

        def suits(slot: Slot) -> bool:
            day = hours.today(slot.starts_at)
            with_whom = wish.therapist_id in (None, slot.therapist.pk)
            return day < before and day not in refused and with_whom and history.is_free(slot)

        kinds = [(day, part) for day in map(int, wish.weekdays) for part in _parts(wish)]
        found = (next(filter(suits, self.by_kind[kind]), None) for kind in kinds)
        return min(filter(None, found), key=lambda slot: slot.starts_at, default=None)


def _parts(wish: WaitlistEntry) -> list[bool]:
    return [part for part, wanted in ((True, wish.morning), (False, wish.afternoon)) if wanted]


@retried
def make(*, wish: WaitlistEntry, slot: Slot, now: datetime) -> TimeOffer | None:
    """Ask one person about one time, and owe the e-mail; None where either is not to be had.

    The therapist's lock closes the race with bookings, the wish's that with another worker and
    with its owner leaving the list.
    """
    lock_therapists([slot.therapist.pk])
    row = _locked_wish(wish)
    stands = WaitlistEntry.objects.waiting(now).filter(pk=row.pk).exists()
    if not stands or not calendars.slot_at(row.visit_type, slot.therapist, slot.starts_at, now):
        return None
    offer = TimeOffer(
        entry=row,
        therapist=slot.therapist,
        visit_type=row.visit_type,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        created_at=now,
        expires_at=now + timedelta(minutes=settings.OFFER_MINUTES),
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


def _locked_wish(wish: WaitlistEntry) -> WaitlistEntry:
    # Without a join, which cannot be locked where it may find nothing.
    WaitlistEntry.objects.select_for_update(no_key=True).values_list("pk").get(pk=wish.pk)
    return WaitlistEntry.objects.with_details().get(pk=wish.pk)


def claim(*, offer: TimeOffer, now: datetime) -> Appointment:
    """Take the offered time: the visit moves there, or is booked. Once more, the same visit.

    One transaction under the locks of both therapists: the old time is free when the new one is
    taken, and not before. Raises OfferOver; OverLimit where a first visit would be one too many
    (the offer stays open meanwhile: they may cancel another).
    """
    # Asked first, outside a transaction: who comes too late waits for nobody's write lock.
    [state] = TimeOffer.objects.filter(pk=offer.pk).values_list("state", flat=True)
    if state != State.CLAIMED and (state != State.OPEN or now >= offer.expires_at):
        raise OfferOver
    return _claim(offer, now)


@retried
def _claim(offer: TimeOffer, now: datetime) -> Appointment:
    visit = offer.entry.appointment
    if visit:
        locked(visit, offer.therapist_id)
    else:
        lock_therapists([offer.therapist_id])
    wish = _locked_wish(offer.entry)
    row = TimeOffer.objects.with_details().get(pk=offer.pk)
    if row.state == State.CLAIMED and (taken := visit_of(row)):
        return taken
    stands = WaitlistEntry.objects.waiting(now).filter(pk=wish.pk).exists()
    if row.state != State.OPEN or now >= row.expires_at or not stands:
        raise OfferOver
    try:
        taken = _take(row, now)
    except (services.SlotUnavailable, services.NotAllowed) as error:
        raise OfferOver from error
    row.state, row.answered_at, wish.state = State.CLAIMED, now, WishState.BOOKED
    row.save(update_fields=["state", "answered_at"])
    wish.save(update_fields=["state"])
    return taken


def _take(offer: TimeOffer, now: datetime) -> Appointment:
    wish = offer.entry
    if wish.appointment:
        return services.reschedule(
            appointment=wish.appointment,
            therapist=offer.therapist,
            starts_at=offer.starts_at,
            by_patient=True,
            offered=True,
            now=now,
        )
    contact = {name: getattr(wish, name) for name in ("name", "phone", "phone_e164", "email")}
    return services.book(
        visit_type=offer.visit_type,
        therapist=offer.therapist,
        starts_at=offer.starts_at,
        patient=Patient(**contact),
        request=Request(key=offer.uuid, now=now, offered=True),
    )


def standing(offer: TimeOffer, now: datetime) -> str:
    """How the offer stands, whether or not that has been written down yet; a `State`."""
    if offer.state != State.OPEN:
        return offer.state
    if now >= offer.expires_at:
        return State.LAPSED
    row = TimeOffer.objects.filter(pk=offer.pk)
    if row.moved_there().exists():
        return State.CLAIMED
    if row.taken().exists():
        return State.GIVEN
    waits = WaitlistEntry.objects.waiting(now).filter(pk=offer.entry_id).exists()
    free = calendars.slot_at(offer.visit_type, offer.therapist, offer.starts_at, now, offered=True)
    return State.OPEN if waits and free else State.GONE


def visit_of(offer: TimeOffer) -> Appointment | None:
    """The visit that a claimed offer moved or booked."""
    found = offer.entry.appointment or Appointment.objects.filter(key=offer.uuid).first()
    return found and Appointment.objects.with_details().get(pk=found.pk)


@retried
def decline(*, offer: TimeOffer, now: datetime) -> bool:
    """Keep what they have; the next is asked. False where there was nothing left to decline."""
    _locked_wish(offer.entry)
    asked = TimeOffer.objects.open(now).filter(pk=offer.pk)
    return bool(asked.update(state=State.DECLINED, answered_at=now))
