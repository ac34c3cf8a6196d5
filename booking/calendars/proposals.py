"""Times for several visits: one therapist and one time of day on each of the days, as far as they
are free, else what is nearest. Asks what was read already, no database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from booking.calendars.availability import DAY, days
from booking.calendars.slots import Slot
from booking.models.day_parts import DayPart

NEARBY = 3 * DAY  # to either side of a day without a time
EACH = 2  # times of each other day
USUAL_CLOCK = time(9)  # where nothing at all is free


class Want(NamedTuple):
    """One visit that is wanted: on which clinic day, and what else has to suit; None always does.

    `clock` is the clinic time that the others of its week have, or nearest to it.
    """

    day: date
    therapist_id: int | None = None
    part: DayPart | None = None
    clock: time | None = None

    def suits(self, slot: Slot) -> bool:
        """Whether the slot may stand for it, on whichever day."""
        wall = timezone.localtime(slot.starts_at).time()
        is_theirs = self.therapist_id in (None, slot.therapist.pk)
        return is_theirs and (self.part is None or self.part.holds(wall))


class Offer(NamedTuple):
    """What is free for one of them: the time that is proposed, all times of the day, soonest first,
    and where none of them suits, the nearest ones that do.
    """

    proposed: Slot | None
    that_day: list[Slot]
    nearest: list[Slot]


class Usual(NamedTuple):
    """What most of the visits can have: with whom (primary key), and when (clinic time)."""

    therapist_id: int | None
    clock: time


def wanted_days(first: date, weekdays: Iterable[int], weeks: int, most: int) -> list[date]:
    """The days from `first` on, for so many weeks, that are one of the weekdays (Monday is 0)."""
    chosen = set(weekdays)
    every = days(first, first + weeks * 7 * DAY - DAY)
    return [day for day in every if day.weekday() in chosen][:most]


def propose(slots: Iterable[Slot], wants: Sequence[Want]) -> list[Offer]:
    """An offer for each of what is wanted, from the free times of all days around."""
    by_day: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_day[timezone.localdate(slot.starts_at)].append(slot)
    usual = _usual(by_day, wants)
    return [_offer(by_day, want, usual) for want in wants]


def _usual(by_day: Mapping[date, list[Slot]], wants: Sequence[Want]) -> Usual:
    """The therapist and the time of day that are free on most days; on a tie whoever is there on
    most days, then what leaves the fewest gaps, then the earliest.
    """
    pairs: Counter[Usual] = Counter()
    gaps: Counter[Usual] = Counter()
    present: Counter[int | None] = Counter()
    for want in wants:
        suitable = [slot for slot in by_day.get(want.day, []) if want.suits(slot)]
        found = {_pair(slot): slot for slot in suitable}
        pairs.update(found.keys())
        gaps.update(pair for pair, slot in found.items() if slot.leaves_gap)
        present.update({pair.therapist_id for pair in found})
    return min(
        pairs,
        key=lambda pair: (-pairs[pair], -present[pair.therapist_id], gaps[pair], pair.clock),
        default=Usual(None, USUAL_CLOCK),
    )


def _pair(slot: Slot) -> Usual:
    return Usual(slot.therapist.pk, timezone.localtime(slot.starts_at).time())


def _offer(by_day: Mapping[date, list[Slot]], want: Want, usual: Usual) -> Offer:
    wall = want.clock or usual.clock
    whom = want.therapist_id or usual.therapist_id

    def distance(slot: Slot) -> tuple[bool, timedelta, datetime]:
        local = timezone.make_naive(slot.starts_at)
        off = abs(local - datetime.combine(local.date(), wall))
        return slot.therapist.pk != whom, off, slot.starts_at

    def best(day: date) -> list[Slot]:
        return sorted(filter(want.suits, by_day.get(day, [])), key=distance)

    proposed = next(iter(best(want.day)), None)
    around = [] if proposed else [slot for day in _days_near(want.day) for slot in best(day)[:EACH]]
    return Offer(proposed, by_day.get(want.day, []), around)


def _days_near(wanted: date) -> list[date]:
    """The other days near it, the nearest first."""
    near = days(wanted - NEARBY, wanted + NEARBY)
    return sorted((day for day in near if day != wanted), key=lambda day: abs(day - wanted))
