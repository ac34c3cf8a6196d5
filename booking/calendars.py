"""Reads of the calendars: working hours − time off − appointments → free slots.

Three queries, whatever the number of therapists, days and past appointments.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import NamedTuple

from django.db.models import Exists
from django.utils import timezone

from booking import availability, hours, instants
from booking.availability import Span, Stay, to_instant, to_minutes_up
from booking.busy import EVERYONE, Busy, busy
from booking.models import Appointment, OnlineBooking, Therapist, VisitType
from booking.preferences import ANYTHING, Preferences
from booking.prepared import Prepared

NEARBY = timedelta(days=10)
MARGIN = timedelta(days=1)  # a neighbour's buffer may reach over midnight


class Slot(NamedTuple):
    """A bookable time: computed, never stored. Instants are UTC."""

    starts_at: datetime
    ends_at: datetime
    therapist: Therapist
    location_id: int
    visits: int  # how many the therapist has that day

    @property
    def code(self) -> str:
        """The start as addresses write it, `YYYYMMDDTHHMMZ`."""
        return instants.code(self.starts_at)


@dataclass(frozen=True)
class Window:
    """Which starts may be offered: clinic days, both included, and not before an instant.

    `asked_at` is when: a time that somebody of the earlier-time list is being asked about then
    counts as taken. Without it, as for the desk, such times count as free.
    """

    first: date
    last: date
    earliest: datetime | None = None
    asked_at: datetime | None = None

    def narrowed(self, first: date, last: date) -> "Window":
        """The part of it that lies in these days; it may be empty."""
        return replace(self, first=max(self.first, first), last=min(self.last, last))


def online_window(visit_type: VisitType, now: datetime) -> Window:
    """What patients may book: after the minimum notice, to the end of the horizon's last day."""
    last = hours.today(now) + timedelta(days=visit_type.horizon_days)
    earliest = now + timedelta(minutes=visit_type.notice_minutes)
    return Window(hours.today(earliest), last, earliest, asked_at=now)


def free_slots(
    visit_type: VisitType,
    window: Window,
    *,
    therapist: Therapist | None = None,
    online: bool = True,
    moving: Appointment | None = None,
    among: Iterable[Therapist] | None = None,
    rules: hours.RulesByWeekday | None = None,
    suits: Preferences = ANYTHING,
    each_start: bool = False,
) -> Iterator[Slot]:
    """Free times for a visit type, day by day, soonest first; every therapist of a time.

    `each_start` gives what `one_per_start` leaves of them, without making the others.
    `online` leaves out who or what has paused online booking; `among` gives the therapists
    where `bookable_therapists` was asked before, `rules` their hours. `moving` is an appointment
    whose own time counts as free. Lazy after its three queries: take what is needed.
    """
    asked = bookable_therapists(online) if among is None else among
    therapists = {row.pk: row for row in asked if therapist in (None, row)}
    if not therapists or window.first > window.last:
        return
    rules = hours.rules_by_weekday(therapists) if rules is None else rules
    calendar = _Calendar(visit_type, window, therapists, rules, moving, suits)
    slots_on = calendar.each_start_on if each_start else calendar.slots_on
    for day in filter(suits.suits_day, availability.days(window.first, window.last)):
        yield from slots_on(day)


def bookable_therapists(online: bool = True) -> list[Therapist]:
    """Who can be booked, by patients or else by the desk; nobody while the clinic pauses."""
    return (_BOOKABLE_ONLINE if online else _BOOKABLE).instances(Therapist)


_ACTIVE = Therapist.objects.filter(active=True)
_BOOKABLE = Prepared(lambda: _ACTIVE)
# The clinic's switch rides on the same query: where it is on, nobody is bookable.
_PAUSED = OnlineBooking.objects.filter(paused=True)
_BOOKABLE_ONLINE = Prepared(lambda: _ACTIVE.filter(~Exists(_PAUSED), online_booking=True))


class _Free(NamedTuple):
    """When one therapist is free for a visit at one place, on one day; starts in minutes."""

    starts: list[int]
    therapist: Therapist
    location_id: int
    visits: int


class _Calendar:
    """The calendars of some therapists over some days: their hours, and one query for the rest."""

    def __init__(
        self,
        visit_type: VisitType,
        window: Window,
        therapists: dict[int, Therapist],
        rules: hours.RulesByWeekday,
        moving: Appointment | None,
        suits: Preferences,
    ) -> None:
        self.therapists, self.suits, self.length = therapists, suits, visit_type.length
        self.any_suits = suits == ANYTHING
        self.earliest = to_minutes_up(window.earliest) if window.earliest else None
        self.rules = {
            weekday: [rule for rule in found if rule.therapist_id in therapists]
            for weekday, found in rules.items()
        }
        self.minutes, self.step = visit_type.minutes, visit_type.step_minutes
        self.before, self.after = visit_type.buffer_before, visit_type.buffer_after
        self._take(_busy_around(window, therapists, moving))

    def _take(self, rows: Iterable[Busy]) -> None:
        stays: dict[int, list[Stay]] = defaultdict(list)
        visits: dict[int, list[int]] = defaultdict(list)
        for whose, start, end, place, travel, begins in rows:
            stays[whose].append((start, end, place, travel))
            if begins:
                visits[whose].append(begins)
        closed = stays.pop(EVERYONE, [])
        places = {
            (rule.therapist_id, rule.location_id): rule.location__travel_minutes
            for found in self.rules.values()
            for rule in found
        }
        self.busy = {
            (whose, place): availability.busy_at(place, travel, stays[whose] + closed)
            for (whose, place), travel in places.items()
        }
        self.visits = {whose: sorted(visits[whose]) for whose in self.therapists}

    def slots_on(self, day: date) -> list[Slot]:
        """The free times of one clinic day, of every therapist."""
        slots = [self._slot(start, free) for free in self._free_on(day) for start in free.starts]
        return sorted(slots, key=lambda slot: slot.starts_at)

    def each_start_on(self, day: date) -> list[Slot]:
        """The same, as `one_per_start` picks them."""
        by_preference = sorted(self._free_on(day), key=_preferred)
        best: dict[int, _Free] = {}
        for free in reversed(by_preference):
            best.update(dict.fromkeys(free.starts, free))
        return [self._slot(start, best[start]) for start in sorted(best)]

    def _slot(self, start: int, free: _Free) -> Slot:
        starts_at = to_instant(start)
        _starts, therapist, location_id, visits = free
        # `_make` skips what the class itself does with arguments: there are hundreds of slots.
        return Slot._make((starts_at, starts_at + self.length, therapist, location_id, visits))

    def _free_on(self, day: date) -> Iterator[_Free]:
        begins, ends = hours.day_start_minutes(day), hours.day_start_minutes(day + hours.DAY)
        openings = hours.openings_on(self.rules.get(day.weekday(), []), day)
        for (therapist_id, location_id), spans in openings.items():
            starts = self._starts(self.busy[therapist_id, location_id], spans)
            if not self.any_suits:
                starts = [start for start in starts if self._suits(start, location_id)]
            if starts:
                begun = self.visits[therapist_id]
                visits = bisect_left(begun, ends) - bisect_left(begun, begins)
                yield _Free(starts, self.therapists[therapist_id], location_id, visits)

    def _starts(self, busy: list[Span], openings: list[Span]) -> list[int]:
        minutes, step, before, after = self.minutes, self.step, self.before, self.after
        starts: list[int] = []
        for opening in openings:
            starts += availability.free_starts(
                opening, busy, minutes=minutes, step=step, before=before, after=after
            )
        return starts if self.earliest is None else starts[bisect_left(starts, self.earliest) :]

    def _suits(self, start: int, location_id: int) -> bool:
        return self.suits.suits(timezone.localtime(to_instant(start)).time(), location_id)


def _busy_around(
    window: Window, therapists: Iterable[int], moving: Appointment | None
) -> list[Busy]:
    start, end = hours.day_start(window.first), hours.day_start(window.last + hours.DAY)
    return busy(
        therapists,
        start - MARGIN,
        end + MARGIN,
        asked_at=window.asked_at,
        moving=moving.pk if moving else None,
    )


def _preferred(free: _Free | Slot) -> tuple[int, str]:
    """Of several therapists, the one with fewest visits that day, then by slug."""
    return free.visits, free.therapist.slug


def slot_at(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    offered: bool = False,
) -> Slot | None:
    """The slot that patients may book at exactly that instant, or None.

    `offered` says that whoever asks was offered it: it is kept for them.
    """
    day = hours.today(starts_at)
    window = online_window(visit_type, now).narrowed(day, day)
    if offered:
        window = replace(window, asked_at=None)
    slots = free_slots(visit_type, window, therapist=therapist, moving=moving)
    return next((slot for slot in slots if slot.starts_at == starts_at), None)


def one_per_start(slots: Iterable[Slot]) -> Iterator[Slot]:
    """One slot for each start: the therapist with fewest visits that day, then by slug."""
    for _start, group in groupby(slots, key=lambda slot: slot.starts_at):
        yield min(group, key=_preferred)


def next_slots(
    visit_type: VisitType, now: datetime, *, therapist: Therapist | None = None, count: int = 3
) -> list[Slot]:
    """The soonest bookable times, one for each start."""
    window = online_window(visit_type, now)
    slots = free_slots(visit_type, window, therapist=therapist, each_start=True)
    return list(islice(slots, count))


def next_by_therapist(visit_type: VisitType, now: datetime, therapists: int) -> dict[int, Slot]:
    """The soonest bookable time by therapist (primary key); stops when so many have one."""
    soonest: dict[int, Slot] = {}
    for slot in free_slots(visit_type, online_window(visit_type, now)):
        soonest.setdefault(slot.therapist.pk, slot)
        if len(soonest) == therapists:
            break
    return soonest


def nearest_slots(
    visit_type: VisitType,
    therapist: Therapist,
    wanted: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    count: int = 3,
) -> list[Slot]:
    """The bookable times nearest to `wanted` over all therapists, soonest first.

    Smallest difference wins; on a tie the same therapist, then the one with fewest visits.
    Looks ten days to either side, and at the whole horizon where that holds too few.
    """
    whole = online_window(visit_type, now)
    near = whole.narrowed(hours.today(wanted - NEARBY), hours.today(wanted + NEARBY))

    def distance(slot: Slot) -> tuple[timedelta, bool, int, str]:
        other = slot.therapist.pk != therapist.pk
        return abs(slot.starts_at - wanted), other, slot.visits, slot.therapist.slug

    for window in (near, whole):
        best: dict[datetime, Slot] = {}
        for slot in sorted(free_slots(visit_type, window, moving=moving), key=distance):
            best.setdefault(slot.starts_at, slot)
        if sum(abs(start - wanted) <= NEARBY for start in best) >= count:
            break  # what lies outside the window is farther away than these
    return sorted(islice(best.values(), count), key=lambda slot: slot.starts_at)
