"""Where a visit could go instead: its own time with a colleague, and the next free times.

Of many visits from one reading of the calendars, as the desk may book: without the notice that
patients need, and up to any day that was read.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q

from booking.calendars import hours
from booking.calendars.availability import DAY, refused_starts, to_minutes, to_minutes_up
from booking.calendars.busy import EVERYONE
from booking.calendars.free_times import Calendars, Window
from booking.calendars.slots import Slot, one_for_each_start
from booking.models import Appointment, Therapist, VisitType

COUNT = 3  # next times with the same therapist, and with anyone
AFTER, AT_MOST = 21 * DAY, 366 * DAY  # days looked at after the last visit, and in all
Kind = tuple[int, int]  # of visits: the visit type, and how many minutes


@dataclass
class Elsewhere:
    """Free times around some visits; they are as true as what was read still is."""

    calendars: Calendars
    by_kind: dict[Kind, list[Slot]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        visits: Sequence[Appointment],
        now: datetime,
        until: datetime,
        therapists: Iterable[Therapist],
        at: Q,
    ) -> "Elsewhere":
        """Read the calendars from the first of these visits to three weeks after the last, or after
        `until`; three queries. A time that somebody is being offered counts as taken. Of these
        therapists alone, `at` as for `hours.weekly_rules`.
        """
        days = [hours.today(visit.starts_at) for visit in visits] or [hours.today(now)]
        last = max(*days, hours.today(until)) + AFTER
        window = Window(min(days), min(last, min(days) + AT_MOST), now)
        return cls(Calendars.read(therapists, window, offers_at=now, at=at))

    def colleagues(self, visit: Appointment) -> list[Slot]:
        """Who else is free at the visit's own time: at its place first, then as its patient asked
        to be treated by, then who comes first on the day's sheet.
        """
        found = [
            Slot(visit.starts_at, visit.ends_at, row, place, 0)
            for row in self.calendars.therapists.values()
            if row.pk != visit.therapist_id and (place := self._free_place(row, visit))
        ]
        return sorted(found, key=lambda slot: self._rank(slot, visit))

    def _rank(self, slot: Slot, visit: Appointment) -> tuple[bool, bool, int, str]:
        row = slot.therapist
        other_gender = bool(visit.wants_gender) and row.gender != visit.wants_gender
        return slot.location_id != visit.location_id, other_gender, row.order, row.slug

    def _free_place(self, therapist: Therapist, visit: Appointment) -> int | None:
        """Where (primary key) a therapist could see the visit at its time; the place it has, if
        there; None where they cannot.
        """
        rules = [rule for rule in self.calendars.rules if rule.therapist_id == therapist.pk]
        travel = {rule.location_id: rule.travel_minutes for rule in rules}
        start, end = to_minutes(visit.starts_at), to_minutes_up(visit.ends_at)
        openings = hours.openings_during(rules, visit.starts_at, visit.ends_at)
        places = [
            place
            for (_whose, place), spans in openings.items()
            if any(opens <= start and end <= closes for opens, closes in spans)
            and self._has_room(therapist, visit, place, travel[place])
        ]
        return next(iter(sorted(places, key=lambda place: place != visit.location_id)), None)

    def _has_room(self, therapist: Therapist, visit: Appointment, place: int, travel: int) -> bool:
        kind, theirs = visit.visit_type, (therapist.pk, EVERYONE)
        refused = refused_starts(
            place,
            travel,
            [stay for stay in self.calendars.stays if stay.therapist_id in theirs],
            minutes=visit.minutes,
            before=kind.buffer_before,
            after=kind.buffer_after,
        )
        return bisect_right(refused, to_minutes(visit.starts_at)) % 2 == 0

    def own(self, visit: Appointment) -> list[Slot]:
        """The next free times with the same therapist, after the visit's own."""
        return list(islice(self.after(visit, visit.therapist), COUNT))

    def anyone(self, visit: Appointment) -> list[Slot]:
        """The next free times with whoever is free, one for each start."""
        return list(islice(one_for_each_start(self.after(visit)), COUNT))

    def after(self, visit: Appointment, therapist: Therapist | None = None) -> Iterator[Slot]:
        """All later times that patients are shown, as they keep the day full; of one, or of all."""
        kind = visit.visit_type_id, visit.minutes
        if kind not in self.by_kind:
            calendars = replace(self.calendars, minutes=visit.minutes)
            self.by_kind[kind] = list(calendars.shown(visit.visit_type))
        for slot in self.by_kind[kind]:
            if slot.starts_at > visit.starts_at and therapist in (None, slot.therapist):
                yield slot


@dataclass
class Shared:
    """Times given to one visit after the other, so that no two are led to the same one."""

    taken: dict[int, list[tuple[Slot, timedelta]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def first(self, slots: Iterable[Slot], kind: VisitType) -> Slot | None:
        """The first of these that no visit before was given; it is given now. None where all are.

        `kind` says what must be free around the visit.
        """
        gap = timedelta(minutes=kind.buffer_before + kind.buffer_after)
        found = next((slot for slot in slots if self._is_free(slot, gap)), None)
        if found:
            self.taken[found.therapist.pk].append((found, gap))
        return found

    def _is_free(self, slot: Slot, gap: timedelta) -> bool:
        """Whether the therapist can do it besides; not from one place to another within a day."""
        return not any(
            slot.starts_at < other.ends_at + max(gap, around)
            and other.starts_at < slot.ends_at + max(gap, around)
            for other, before in self.taken[slot.therapist.pk]
            for around in [before if other.location_id == slot.location_id else DAY]
        )
