"""Reads of the calendars: working hours − time off − appointments → free slots.

Three queries, whatever the number of therapists, days and past appointments.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import NamedTuple

from django.db.models import Exists, F, QuerySet, Value
from django.utils import timezone

from booking import availability, hours, instants
from booking.availability import NOWHERE, Span, Stay, to_instant, to_minutes, to_minutes_up
from booking.models import (
    Appointment,
    Closure,
    OnlineBooking,
    Therapist,
    TimeOff,
    TimeOffer,
    VisitType,
)
from booking.preferences import ANYTHING, Preferences

EVERYONE = 0  # stands for the therapist of a closure
WHOSE = F("therapist")
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


class Busy(NamedTuple):
    """An interval in which a therapist takes no other visit; buffers in minutes."""

    therapist_id: int
    starts_at: datetime
    ends_at: datetime
    before: int
    after: int
    visits: int  # 1 for an appointment, 0 for time off and closures
    place: int
    travel: int  # minutes between that place and another


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
) -> Iterator[Slot]:
    """Free times for a visit type, day by day, soonest first; every therapist of a time.

    `online` leaves out who or what has paused online booking; `among` gives the therapists
    where `bookable_therapists` was asked before, `rules` their hours. `moving` is an appointment
    whose own time counts as free. Lazy after its three queries: take what is needed.
    """
    asked = bookable_therapists(online) if among is None else among
    therapists = {row.pk: row for row in asked if therapist in (None, row)}
    if not therapists or window.first > window.last:
        return
    rules = hours.rules_by_weekday(therapists) if rules is None else rules
    calendar = _Calendar(visit_type, window, therapists, rules, moving)
    for day in filter(suits.suits_day, availability.days(window.first, window.last)):
        slots = (slot for slot in calendar.slots_on(day) if _suits(slot, suits))
        yield from sorted(slots, key=lambda slot: slot.starts_at)


def _suits(slot: Slot, suits: Preferences) -> bool:
    return suits is ANYTHING or suits.suits(
        timezone.localtime(slot.starts_at).time(), slot.location_id
    )


def bookable_therapists(online: bool = True) -> QuerySet[Therapist]:
    """Who can be booked, by patients or else by the desk; nobody while the clinic pauses."""
    therapists = Therapist.objects.filter(active=True)
    if not online:
        return therapists
    # The clinic's switch rides on the same query: where it is on, nobody is bookable.
    paused = OnlineBooking.objects.filter(paused=True)
    return therapists.filter(~Exists(paused), online_booking=True)


class _Calendar:
    """The calendars of some therapists over some days: their hours, and one query for the rest."""

    def __init__(
        self,
        visit_type: VisitType,
        window: Window,
        therapists: dict[int, Therapist],
        rules: hours.RulesByWeekday,
        moving: Appointment | None,
    ) -> None:
        self.visit_type, self.window, self.therapists = visit_type, window, therapists
        self.earliest = to_minutes_up(window.earliest) if window.earliest else None
        self.visits: Counter[tuple[int, date]] = Counter()
        self.rules = {
            weekday: [rule for rule in found if rule.therapist_id in therapists]
            for weekday, found in rules.items()
        }
        self.stays = self._stays(_busy_rows(therapists, window, moving))
        found = (rule for rules in self.rules.values() for rule in rules)
        self.busy: dict[tuple[int, int], list[Span]] = {
            place: availability.busy_at(place[1], travel, self.stays[place[0]])
            for place, travel in {
                (rule.therapist_id, rule.location_id): rule.location__travel_minutes
                for rule in found
            }.items()
        }

    def _stays(self, rows: Iterable[Busy]) -> dict[int, list[Stay]]:
        stays: dict[int, list[Stay]] = defaultdict(list)
        for row in rows:
            start, end = to_minutes(row.starts_at), to_minutes_up(row.ends_at)
            stay = (start - row.before, end + row.after, row.place, row.travel)
            everyone = row.therapist_id == EVERYONE
            for therapist_id in self.therapists if everyone else [row.therapist_id]:
                stays[therapist_id].append(stay)
            if row.visits:
                self.visits[row.therapist_id, hours.today(row.starts_at)] += 1
        return stays

    def slots_on(self, day: date) -> Iterator[Slot]:
        """The free times of one clinic day, therapist by therapist."""
        length, visit_type = self.visit_type.length, self.visit_type
        openings = hours.openings_on(self.rules.get(day.weekday(), []), day)
        for (therapist_id, location_id), spans in openings.items():
            therapist, visits = self.therapists[therapist_id], self.visits[therapist_id, day]
            for opening in spans:
                for start in availability.free_starts(
                    opening,
                    self.busy[therapist_id, location_id],
                    minutes=visit_type.minutes,
                    step=visit_type.step_minutes,
                    before=visit_type.buffer_before,
                    after=visit_type.buffer_after,
                ):
                    if self.earliest is None or start >= self.earliest:
                        starts_at = to_instant(start)
                        yield Slot(starts_at, starts_at + length, therapist, location_id, visits)


def _busy_rows(
    therapists: Iterable[int], window: Window, moving: Appointment | None
) -> Iterator[Busy]:
    """Appointments, offered times, time off and closures in the window, in one query."""
    start = hours.day_start(window.first) - MARGIN
    end = hours.day_start(window.last + timedelta(days=1)) + MARGIN
    visits = Appointment.objects.active().exclude(pk=moving.pk if moving else None)
    offers = (
        TimeOffer.objects.open(window.asked_at) if window.asked_at else TimeOffer.objects.none()
    )
    off = TimeOff.objects.filter(therapist__in=therapists)
    booked = [F("visit_type__buffer_before"), F("visit_type__buffer_after")]
    there = [F("location"), F("location__travel_minutes")]
    away = [Value(0), Value(0), Value(0), Value(NOWHERE), Value(0)]
    rows = [
        _intervals(visits.filter(therapist__in=therapists), start, end, *booked, Value(1), *there),
        _intervals(offers.filter(therapist__in=therapists), start, end, *booked, Value(0), *there),
        _intervals(off, start, end, *away),
        _intervals(Closure.objects.all(), start, end, *away, whose=Value(EVERYONE)),
    ]
    return map(Busy._make, rows[0].union(*rows[1:], all=True))


def _intervals(rows, start, end, *columns, whose=WHOSE) -> QuerySet:
    found = rows.overlapping(start, end).order_by()
    return found.values_list(whose, "starts_at", "ends_at", *columns)


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
        yield min(group, key=lambda slot: (slot.visits, slot.therapist.slug))


def next_slots(
    visit_type: VisitType, now: datetime, *, therapist: Therapist | None = None, count: int = 3
) -> list[Slot]:
    """The soonest bookable times, one for each start."""
    slots = free_slots(visit_type, online_window(visit_type, now), therapist=therapist)
    return list(islice(one_per_start(slots), count))


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
