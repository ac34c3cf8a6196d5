"""Slots: which starts are free, and with whom, of what was read. No database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from booking.calendars import hours, instants
from booking.calendars.availability import (
    LONG_AGO,
    Edges,
    Span,
    Start,
    Stay,
    filling,
    free_starts,
    refused_starts,
    to_instant,
    to_minutes_up,
)
from booking.calendars.busy import EVERYONE
from booking.models import Therapist, VisitType


class Slot(NamedTuple):
    """A bookable time: computed, never stored. Instants are UTC."""

    starts_at: datetime
    ends_at: datetime
    therapist: Therapist
    location_id: int
    visits: int  # how many the therapist has that day
    leaves_gap: bool = False  # where another start would keep the day fuller: see `filling`
    others: int = 0  # how many others are free at the same start, where they are not named

    @property
    def code(self) -> str:
        """The start as addresses write it, `YYYYMMDDTHHMMZ`."""
        return instants.code(self.starts_at)


def one_for_each_start(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Of slots, soonest first, one for each start: who has fewest visits that day, then by slug;
    and how many others are free then.
    """
    for _start, same_start in groupby(slots, attrgetter("starts_at")):
        free = list(same_start)
        chosen = min(free, key=lambda slot: (slot.visits, slot.therapist.slug))
        yield chosen._replace(others=len(free) - 1)


class Search:
    """The search for the free times of one visit type: weekly hours less what takes their time.

    `therapists` are by primary key; `rules` are theirs alone; `earliest` is the first instant at
    which a visit may start; `minutes` how long it lasts, if not as its type says.
    """

    def __init__(
        self,
        visit_type: VisitType,
        therapists: Mapping[int, Therapist],
        rules: Iterable[hours.Rule],
        stays: Iterable[Stay],
        earliest: datetime | None,
        minutes: int | None = None,
    ) -> None:
        self.minutes = minutes or visit_type.minutes
        self.visit_type, self.therapists, self.rules = visit_type, therapists, list(rules)
        self.earliest = to_minutes_up(earliest) if earliest else LONG_AGO
        self.stays: dict[int, list[Stay]] = defaultdict(list)
        for stay in stays:
            self.stays[stay.therapist_id].append(stay)
        self.travel: dict[int, dict[int, int]] = defaultdict(dict)  # by therapist and place
        for rule in self.rules:
            self.travel[rule.therapist_id][rule.location_id] = rule.travel_minutes
        self.refused = {
            (therapist_id, place): self._refused(therapist_id, place, minutes)
            for therapist_id, places in self.travel.items()
            for place, minutes in places.items()
        }

    def _refused(self, therapist_id: int, place: int, travel: int) -> Edges:
        visit = self.visit_type
        return refused_starts(
            place,
            travel,
            self.stays[therapist_id] + self.stays[EVERYONE],
            minutes=self.minutes,
            before=visit.buffer_before,
            after=visit.buffer_after,
            earliest=self.earliest,
        )

    def slots_on(self, day: date) -> Iterator[Slot]:
        """The free times of one clinic day, therapist by therapist."""
        length, span = timedelta(minutes=self.minutes), hours.day_span(day)
        for therapist_id, openings in self._free_on(day).items():
            therapist, visits = self.therapists[therapist_id], self._visits_in(span, therapist_id)
            full = self._filling(therapist, openings)
            for start in chain.from_iterable(openings):
                at, place = to_instant(start[0]), start[1]
                yield Slot(at, at + length, therapist, place, visits, start not in full)

    def _free_on(self, day: date) -> dict[int, list[list[Start]]]:
        """The free starts of one clinic day by therapist, opening by opening."""
        minutes, step = self.minutes, self.visit_type.step_minutes
        free: dict[int, list[list[Start]]] = defaultdict(list)
        for (therapist_id, place), openings in hours.openings_on(self.rules, day).items():
            refused = self.refused[therapist_id, place]
            for opening in openings:
                starts = free_starts([opening], refused, minutes=minutes, step=step)
                free[therapist_id].append([(start, place) for start in starts])
        return free

    def _filling(self, therapist: Therapist, openings: list[list[Start]]) -> set[Start]:
        """Those of the free starts that patients are shown: all, if the visit type says so."""
        visit = self.visit_type
        if not visit.fills_day:
            return set(chain.from_iterable(openings))
        return filling(
            openings,
            self.travel[therapist.pk],
            length=self.minutes + visit.buffer_before + visit.buffer_after,
            step=visit.step_minutes,
            shortest=therapist.shortest_visit or 0,
        )

    def _visits_in(self, span: Span, therapist_id: int) -> int:
        """How many visits the therapist has that begin in it."""
        begins, ends = span
        stays = self.stays[therapist_id]
        return sum(stay.visit_id is not None and begins <= stay.begins < ends for stay in stays)
