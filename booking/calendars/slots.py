"""Slots: which starts are free, and with whom, of what was read. No database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.utils import timezone

from booking.calendars import hours, instants
from booking.calendars.availability import (
    LONG_AGO,
    Edges,
    Stay,
    free_starts,
    refused_starts,
    to_instant,
    to_minutes_up,
)
from booking.calendars.busy import EVERYONE
from booking.calendars.preferences import Preferences
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


def one_for_each_start(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Of slots in order of their starts one for each: who has fewest visits, then by slug."""
    for _start, same in groupby(slots, attrgetter("starts_at")):
        yield min(same, key=lambda slot: (slot.visits, slot.therapist.slug))


class Calendar:
    """The calendars of some therapists, by primary key: weekly hours less what takes their time.

    `earliest` is the first instant at which a visit may start.
    """

    def __init__(
        self,
        visit_type: VisitType,
        therapists: dict[int, Therapist],
        rules: Iterable[hours.Rule],
        stays: Iterable[Stay],
        earliest: datetime | None,
        suits: Preferences,
    ) -> None:
        self.visit_type, self.therapists, self.suits = visit_type, therapists, suits
        self.rules = [rule for rule in rules if rule.therapist_id in therapists]
        self.earliest = to_minutes_up(earliest) if earliest else LONG_AGO
        self.stays: dict[int, list[Stay]] = defaultdict(list)
        for stay in stays:
            self.stays[stay.therapist_id].append(stay)
        places = {(rule.therapist_id, rule.location_id): rule.travel_minutes for rule in self.rules}
        self.refused = {
            (whose, place): self._refused(whose, place, travel)
            for (whose, place), travel in places.items()
        }

    def _refused(self, therapist_id: int, place: int, travel: int) -> Edges:
        visit = self.visit_type
        return refused_starts(
            place,
            travel,
            self.stays[therapist_id] + self.stays[EVERYONE],
            minutes=visit.minutes,
            before=visit.buffer_before,
            after=visit.buffer_after,
            earliest=self.earliest,
        )

    def slots_on(self, day: date) -> list[Slot]:
        """The free times of one clinic day, of every therapist."""
        minutes, step = self.visit_type.minutes, self.visit_type.step_minutes
        length, slots = self.visit_type.length, []
        for (therapist_id, location_id), spans in hours.openings_on(self.rules, day).items():
            refused = self.refused[therapist_id, location_id]
            therapist, visits = self.therapists[therapist_id], self._visits_on(day, therapist_id)
            for start in free_starts(spans, refused, minutes=minutes, step=step):
                at = to_instant(start)
                slots.append(Slot(at, at + length, therapist, location_id, visits))
        return sorted(filter(self._suits, slots), key=attrgetter("starts_at"))

    def _suits(self, slot: Slot) -> bool:
        return self.suits.suits(timezone.localtime(slot.starts_at).time(), slot.location_id)

    def _visits_on(self, day: date, therapist_id: int) -> int:
        begins, ends = hours.day_span(day)
        stays = self.stays[therapist_id]
        return sum(stay.visit_id is not None and begins <= stay.begins < ends for stay in stays)
