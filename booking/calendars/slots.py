"""Slots: which starts are free, and with whom, of what was read. No database."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from booking.calendars import availability, hours, instants
from booking.calendars.availability import (
    FAR,
    NO_VISIT,
    Stay,
    free_starts,
    to_instant,
    to_minutes_up,
)
from booking.calendars.busy import EVERYONE
from booking.calendars.preferences import ANYTHING, Preferences
from booking.models import Therapist, VisitType


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


# When one therapist is free for a visit at one place, on one day: starts in minutes, and what
# their slots say besides.
Free = tuple[list[int], Therapist, int, int]


class Calendar:
    """The calendars of some therapists, by primary key: weekly hours less what takes their time.

    `earliest` is the first instant at which a visit may start.
    """

    def __init__(
        self,
        visit_type: VisitType,
        therapists: dict[int, Therapist],
        rules: hours.RulesByWeekday,
        stays: Iterable[Stay],
        earliest: datetime | None,
        suits: Preferences,
    ) -> None:
        self.visit_type, self.therapists, self.suits = visit_type, therapists, suits
        self.any_suits = suits == ANYTHING
        theirs = {
            weekday: [rule for rule in found if rule.therapist_id in therapists]
            for weekday, found in rules.items()
        }
        self.openings = hours.Openings(theirs)
        self._take(stays, to_minutes_up(earliest) if earliest else -FAR)

    def _take(self, rows: Iterable[Stay], earliest: int) -> None:
        stays: dict[int, list[Stay]] = defaultdict(list)
        for row in rows:
            stays[row[0]].append(row)  # by therapist: what was read are plain tuples
        closed = stays.pop(EVERYONE, [])
        visit = self.visit_type
        self.refused = {
            (whose, place): availability.refused_starts(
                place,
                travel,
                stays[whose] + closed,
                minutes=visit.minutes,
                before=visit.buffer_before,
                after=visit.buffer_after,
                earliest=earliest,
            )
            for (whose, place), travel in self.openings.travel.items()
        }
        self.visits = {whose: _begins(stays[whose]) for whose in self.therapists}

    def slots_on(self, day: date) -> list[Slot]:
        """The free times of one clinic day, of every therapist."""
        slots = self._slots((start, free) for free in self._free_on(day) for start in free[0])
        return sorted(slots, key=lambda slot: slot.starts_at)

    def each_start_on(self, day: date) -> list[Slot]:
        """One for each start: with whoever has fewest visits that day, then by slug."""
        best: dict[int, Free] = {}
        for free in sorted(self._free_on(day), key=_preferred, reverse=True):
            best |= dict.fromkeys(free[0], free)
        return self._slots((start, best[start]) for start in sorted(best))

    def _slots(self, found: Iterable[tuple[int, Free]]) -> list[Slot]:
        # `_make` skips what the class itself does with arguments: there are hundreds of slots.
        make, length = Slot._make, self.visit_type.length
        return [
            make((at := to_instant(start), at + length, therapist, location_id, visits))
            for start, (_starts, therapist, location_id, visits) in found
        ]

    def _free_on(self, day: date) -> Iterator[Free]:
        minutes, step = self.visit_type.minutes, self.visit_type.step_minutes
        begins, ends = hours.day_span(day)
        for (therapist_id, location_id), spans in self.openings.on(day).items():
            refused = self.refused[therapist_id, location_id]
            starts = free_starts(spans, refused, minutes=minutes, step=step)
            if not self.any_suits:
                starts = [start for start in starts if self._suits(start, location_id)]
            if starts:
                begun = self.visits[therapist_id]
                visits = bisect_left(begun, ends) - bisect_left(begun, begins)
                yield starts, self.therapists[therapist_id], location_id, visits

    def _suits(self, start: int, location_id: int) -> bool:
        return self.suits.suits(timezone.localtime(to_instant(start)).time(), location_id)


def _begins(stays: Iterable[Stay]) -> list[int]:
    """When visits begin, in minutes, soonest first."""
    begins = [start + lead for _, start, _, _, _, lead in stays if lead != NO_VISIT]
    return sorted(begins)


def _preferred(free: Free) -> tuple[int, str]:
    _starts, therapist, _location_id, visits = free
    return visits, therapist.slug
