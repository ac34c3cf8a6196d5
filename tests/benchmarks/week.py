"""A week that fills up by the times that patients are shown.

One therapist works from 8 to 12 and from 13 to 17 on five days. People ask one after the other; a
tenth of them cancel later, and a tenth move. Each wishes for a day and a time. Half of them take
the time shown nearest to it, the others any that day; where the day shows none they look at the
days around it. They ask for a fifth more than the week holds. Who asks is drawn from a fixed seed,
and is the same whatever is shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from random import Random

from booking.calendars import availability
from booking.calendars.availability import Stay, to_minutes
from booking.calendars.free_times import Calendars, Window
from booking.calendars.hours import Rule, day_span
from booking.calendars.slots import Slot
from booking.models import Therapist, VisitType

PLACE, THERAPIST = 1, 1
FIRST = date(2026, 11, 30)
DAYS = list(availability.days(FIRST, FIRST + timedelta(days=4)))
HOURS = [(8, 12), (13, 17)]
RULES = [
    Rule(THERAPIST, day.weekday(), time(opens), time(closes), None, None, PLACE, 0, "", "")
    for day in DAYS
    for opens, closes in HOURS
]
STEP = 15
Mix = tuple[int, ...]  # lengths in minutes, each as often as it is asked for
DEMAND = 1.2  # minutes that are asked for to minutes that the week holds
CHANGE, LATEST = 0.1, 15  # of those who ask, and after how many others at most


@dataclass(frozen=True)
class Wish:
    """A minute of the week, and how somebody chooses who wishes for it."""

    day: int
    minute: int
    takes_nearest: bool
    chance: float

    @property
    def at(self) -> int:
        """In minutes since the epoch."""
        return day_span(DAYS[self.day])[0] + self.minute

    @property
    def days(self) -> list[date]:
        """The nearest first."""
        return sorted(DAYS, key=lambda day: abs(day - DAYS[self.day]))

    def of(self, slots: Sequence[Slot]) -> Slot:
        """Which of these somebody takes."""
        if self.takes_nearest:
            return min(slots, key=lambda slot: abs(to_minutes(slot.starts_at) - self.at))
        return slots[int(self.chance * len(slots))]


@dataclass(frozen=True)
class Ask:
    """Somebody who asks for a visit, and what becomes of it once `after` others have asked."""

    minutes: int
    wish: Wish
    changes: bool
    after: int
    other: Wish | None  # where the visit is moved; None where it is cancelled


def asks(mix: Mix, seed: int) -> Iterator[Ask]:
    """Those who ask in one week, one after the other."""
    random = Random(f"{mix} {seed}")
    asked = 0
    while asked < DEMAND * best(mix):
        minutes, fate = random.choice(mix), random.random()
        own, other = _wish(random), _wish(random)
        after = random.randint(1, LATEST)
        yield Ask(minutes, own, fate < 2 * CHANGE, after, other if fate < CHANGE else None)
        asked += minutes


def _wish(random: Random) -> Wish:
    opens, closes = random.choice(HOURS)
    minute = random.randrange(opens * 60, closes * 60, 5)
    return Wish(random.randrange(len(DAYS)), minute, random.random() < 0.5, random.random())


@cache
def best(mix: Mix) -> int:
    """The most minutes of such visits that the week's openings hold: dynamic programming."""
    openings = [(closes - opens) * 60 for opens, closes in HOURS]
    most = [0]
    for room in range(STEP, max(openings) + 1, STEP):
        fits = [minutes + most[(room - minutes) // STEP] for minutes in mix if minutes <= room]
        most.append(max([most[-1], *fits]))
    return len(DAYS) * sum(most[opening // STEP] for opening in openings)


class Week:
    """The visits of a week, where `filling` are the lengths whose times shown fill the day.

    Where the desk places visits of the other lengths anywhere, and `heeds` the marks at times that
    leave a gap, every second of them is at a time without one, if there is any that day.
    """

    def __init__(self, mix: Mix, filling: Mix, heeds: bool = False) -> None:
        therapist = Therapist(pk=THERAPIST, slug="")
        therapist.shortest_visit = min(mix)
        self.therapists = {THERAPIST: therapist}
        self.kinds = {
            (minutes, fills): VisitType(minutes=minutes, step_minutes=STEP, fills_day=fills)
            for minutes in mix
            for fills in (True, False)
        }
        self.filling, self.heeds = filling, heeds
        self.visits: dict[int, Stay] = {}  # by who asked
        self.distances: dict[int, int] = {}

    def take(self, number: int, minutes: int, wish: Wish) -> None:
        """Book or move the visit of whoever asked as that number, if any time is shown."""
        for day in wish.days:
            slots = self.shown(day, number, minutes)
            if slots:
                start = to_minutes(wish.of(slots).starts_at)
                stay = Stay(THERAPIST, start, start + minutes, PLACE, 0, start, number)
                self.visits[number], self.distances[number] = stay, abs(start - wish.at)
                return

    def shown(self, day: date, number: int, minutes: int) -> list[Slot]:
        stays = list(self.visits.values())
        calendars = Calendars(Window(day, day), self.therapists, RULES, stays)
        fills = minutes in self.filling or (self.heeds and number % 2 == 0)
        return list(replace(calendars, moving=number).shown(self.kinds[minutes, fills]))

    def cancel(self, number: int) -> None:
        del self.visits[number], self.distances[number]

    @property
    def held(self) -> int:
        """Minutes of the visits."""
        return sum(stay.end - stay.start for stay in self.visits.values())


def week(mix: Mix, filling: Mix, seed: int, heeds: bool = False) -> Week:
    """The week that comes about where such times are shown."""
    result = Week(mix, filling, heeds)
    changes: dict[int, list[tuple[int, Ask]]] = defaultdict(list)
    for number, ask in enumerate(asks(mix, seed)):
        result.take(number, ask.minutes, ask.wish)
        if ask.changes:
            changes[number + ask.after].append((number, ask))
        for own, changed in changes.pop(number, []):
            if own not in result.visits:
                continue
            if changed.other is None:
                result.cancel(own)
            else:
                result.take(own, changed.minutes, changed.other)
    return result
