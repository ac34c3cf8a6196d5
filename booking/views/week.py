"""A week of bookable times, of which a page shows one day: what is shown, in words and links."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, takewhile
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from booking import wording
from booking.calendars import availability, hours
from booking.calendars.availability import DAY
from booking.calendars.free_times import Window
from booking.calendars.slots import Slot
from booking.models import Therapist
from booking.models.day_parts import day_part
from booking.views.filters import Places

WEEK = 7 * DAY
FORETASTE = 2  # times of the next free day that stand below those of the chosen one


class Link(NamedTuple):
    """One start time as a page shows it: where it leads, the wall time, with whom it is, and how
    many others are free then.
    """

    address: str
    time: str
    who: str
    therapist: Therapist
    others: int


class Part(NamedTuple):
    """The times of a part of the day under its heading."""

    name: str | Promise
    links: list[Link]


@dataclass(frozen=True)
class Day:
    """A clinic day with free times, soonest first."""

    today: date
    date: date
    slots: list[Slot]

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return f"day-{self.date:%Y%m%d}"

    @property
    def count(self) -> int:
        """How many times are free."""
        return len(self.slots)

    @property
    def near(self) -> str:
        """What people call the day if it is near: "Today", "Tomorrow"; else nothing."""
        ahead = (self.date - self.today).days
        return {0: _("Today"), 1: _("Tomorrow")}.get(ahead, "")

    @property
    def short(self) -> str:
        """ "Today", "Tomorrow", then "Wed"."""
        return self.near or date_format(self.date, "D")

    @property
    def label(self) -> str:
        """Such as "Today, Monday, November 30"."""
        return ", ".join(filter(None, [self.near, date_format(self.date, "l, F j")]))


class Shown(NamedTuple):
    """How a page says slots: the places that it has to name, and where a slot leads."""

    places: Places
    address: Callable[[Slot], str]

    def parts(self, day: Day) -> list[Part]:
        """The day's times by part of the day."""
        walls = [(timezone.localtime(slot.starts_at), slot) for slot in day.slots]
        return [
            Part(part.name, [self._link(*found) for found in of_part])
            for part, of_part in groupby(walls, lambda pair: day_part(pair[0].time()))
        ]

    def foretaste(self, day: Day) -> list[Link]:
        """The first of the day's times."""
        first = day.slots[:FORETASTE]
        return [self._link(timezone.localtime(slot.starts_at), slot) for slot in first]

    def _link(self, begins: datetime, slot: Slot) -> Link:
        who = wording.with_whom(slot.therapist.name, self.places.get(slot.location_id))
        return Link(self.address(slot), wording.clock(begins), who, slot.therapist, slot.others)


@dataclass(frozen=True)
class Week:
    """Those of seven days that have free times, and which of them is shown.

    `earlier` and `later` are where other weeks begin; `full` is the first day of the week that was
    asked for, where that had no free time.
    """

    days: list[Day]
    shown: Day | None
    earlier: date | None
    later: date | None
    full: date | None = None
    is_soonest: bool = False  # whether no free time comes before those of the shown day

    @property
    def following(self) -> Day | None:
        """The free day of this week after the one that is shown."""
        shown = self.shown
        return next((day for day in self.days if shown and day.date > shown.date), None)


def week(
    whole: Window, asked: date | None, slots_in: Callable[[Window], Iterator[Slot]], today: date
) -> Week:
    """The week of the day that was asked for; that of the next free day where it holds no time
    from that day on, and the last free day before it where none comes at all.

    `whole` is what may be booked at all, and weeks are counted from its first day; `slots_in`
    gives the times in a part of it, soonest first.
    """
    wanted = min(max(asked or whole.first, whole.first), whole.last)
    start = first = _start(whole, wanted)
    days = asked_for = list(
        _days(start, slots_in(whole.narrowed(start, start + WEEK - DAY)), today)
    )
    if not days or days[-1].date < wanted:
        slots = slots_in(whole.narrowed(start + WEEK, whole.last))
        if soonest := next(slots, None):
            start = _start(whole, hours.today(soonest.starts_at))
            days = list(_days(start, chain([soonest], slots), today))
    is_passed_by = bool(asked_for) and start > first
    before = max(first - WEEK, whole.first) if first > whole.first else None
    return Week(
        days,
        next((day for day in days if day.date >= wanted), days[-1] if days else None),
        # Seen from the week that was asked for: from the next free one it would lead back here.
        earlier=first if is_passed_by else before,
        later=start + WEEK if days and start + WEEK <= whole.last else None,
        full=first if start > first and not is_passed_by else None,
        is_soonest=bool(days) and first == whole.first and wanted <= (asked_for or days)[0].date,
    )


def _start(whole: Window, day: date) -> date:
    """The first day of the week that holds the day."""
    return day - (day - whole.first) % WEEK


def _days(start: date, slots: Iterable[Slot], today: date) -> Iterator[Day]:
    """The seven days from `start` that have slots, each with its own."""
    dates = list(availability.days(start, start + WEEK))
    starts = [hours.day_start(day) for day in dates]
    inside = takewhile(lambda slot: slot.starts_at < starts[-1], slots)
    for number, found in groupby(inside, lambda slot: bisect_right(starts, slot.starts_at)):
        yield Day(today, dates[number - 1], list(found))
