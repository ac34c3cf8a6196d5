"""Bookable times: `/book/`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import chain, takewhile
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking import wording
from booking.calendars import availability, free_times, hours, instants
from booking.calendars.availability import DAY
from booking.calendars.free_times import Calendars, Window
from booking.calendars.slots import Slot, one_for_each_start
from booking.models import Appointment, VisitType
from booking.models.day_parts import DayPart, day_part
from booking.views.choices import chosen, online_visit_types
from booking.views.filters import Filters, Places, filters

WEEK = 7 * DAY


class Offer(NamedTuple):
    """One start time as pages show it; words are made once, not by the template for each."""

    therapist: str  # slug
    code: str  # of the instant
    time: str
    who: str


@dataclass
class Part:
    """The times of a part of the day under its heading."""

    name: str | Promise
    offers: list[Offer] = field(default_factory=list)


@dataclass
class Day:
    """A clinic day's times."""

    date: date
    label: str
    parts: dict[str, Part] = field(default_factory=dict)  # by the slug of the part of the day

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return f"day-{self.date:%Y%m%d}"

    @property
    def count(self) -> int:
        """How many times are free."""
        return sum(len(part.offers) for part in self.parts.values())


def by_day(slots: Iterable[Slot], places: Places) -> list[Day]:
    """An offer for each slot, grouped by clinic day and the parts of the day."""
    days: list[Day] = []
    zone, language = timezone.get_current_timezone(), get_language()
    whom: dict[tuple[str, int], str] = {}
    for slot in slots:
        day, part, clock, code = _in_words(slot.starts_at, zone, language)
        if not days or days[-1].date != day:
            days.append(Day(day, wording.dated(day, "l, F j")))
        slug = slot.therapist.slug
        who = whom.get((slug, slot.location_id))
        if who is None:
            who = wording.with_whom(slot.therapist.name, places.get(slot.location_id))
            whom[slug, slot.location_id] = who
        parts = days[-1].parts
        if part.slug not in parts:
            parts[part.slug] = Part(part.name)
        parts[part.slug].offers.append(Offer(slug, code, clock, who))
    return days


@lru_cache(maxsize=4096)  # two months of quarters of an hour
def _in_words(
    instant: datetime, zone: tzinfo, language: str | None
) -> tuple[date, DayPart, str, str]:
    """The clinic day of an instant, the part of the day, the time, and the code for addresses."""
    local = instant.astimezone(zone)
    return local.date(), day_part(local.time()), wording.clock(local), instants.code(instant)


@dataclass
class Week:
    """Seven days of times from `first`, and where earlier and later ones begin.

    `full` is the first of the days that were asked for, where none of them had a free time.
    """

    first: date
    last: date
    days: list[Day]
    earlier: date | None
    later: date | None
    full: date | None = None

    @property
    def strip(self) -> Iterator[tuple[date, Day | None]]:
        """Each of the days, with its times if it has any."""
        found = {day.date: day for day in self.days}
        for day in availability.days(self.first, self.last):
            yield day, found.get(day)


def week(
    whole: Window, first: date | None, slots_in: Callable[[Window], Iterator[Slot]], places: Places
) -> Week:
    """The seven days from `first`; from the next free day where they hold no time.

    `whole` is what may be booked at all, `slots_in` gives the times in a part of it.
    """
    wanted = start = min(max(first or whole.first, whole.first), whole.last)
    days = by_day(slots_in(whole.narrowed(start, start + WEEK - DAY)), places)
    if not days:
        later_slots = slots_in(whole.narrowed(start + WEEK, whole.last))
        start, days = _next_week(later_slots, start, places)
    last = min(start + WEEK - DAY, whole.last)
    # Seen from the days that were asked for: from the next free ones it would lead back here.
    earlier = max(wanted - WEEK, whole.first) if wanted > whole.first else None
    later = start + WEEK if days and start + WEEK <= whole.last else None
    return Week(start, last, days, earlier, later, wanted if start > wanted else None)


def _next_week(slots: Iterator[Slot], otherwise: date, places: Places) -> tuple[date, list[Day]]:
    """The first day of the slots and its week's days; `otherwise` where there are no slots."""
    soonest = next(slots, None)
    if soonest is None:
        return otherwise, []
    start = hours.today(soonest.starts_at)
    inside = takewhile(lambda slot: hours.today(slot.starts_at) < start + WEEK, slots)
    return start, by_day(chain([soonest], inside), places)


@require_safe
@cache_control(private=True, no_cache=True)
def book(request: HttpRequest) -> HttpResponse:
    """Bookable times, soonest first, always computed afresh."""
    visit_types, now = online_visit_types(), timezone.now()
    if not visit_types:
        return render(request, "booking/call_to_book.html")
    visit_type = _visit_type(visit_types, request.GET.get("visit", ""))
    context = choice(request.GET, visit_type, now, visit_types)
    condition = context["filters"].by_name["for"].chosen
    context["condition"] = condition.name if condition else ""
    context["zone"] = wording.zone_name(now)
    return render(request, "booking/book.html", context)


def _visit_type(visit_types: list[VisitType], slug: str) -> VisitType:
    """The one that was asked for, else the first; `filters` says where it left one out."""
    return next((row for row in visit_types if row.slug == slug), visit_types[0])


def choice(
    asked: Mapping[str, str],
    visit_type: VisitType,
    now: datetime,
    visit_types: Sequence[VisitType] = (),
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """What a page says on which a time is chosen: the filters that `asked` sets, and a week.

    `visit_types` are those to choose from, if any; `moving` is the visit that is to be moved.
    """
    therapists = list(free_times.bookable_therapists())
    rules = hours.weekly_rules()  # everyone's, which the page's header needs too
    window = free_times.online_window(visit_type, now)
    lists = filters(visit_types, therapists, rules, (window.first, window.last))
    narrowed = Filters(asked, lists)
    first = parse_day(asked.get("from", ""))

    def slots_in(part: Window) -> Iterator[Slot]:
        calendars = Calendars.read(therapists, part, rules=rules, offers_at=now).without(moving)
        slots = calendars.slots(visit_type)
        return one_for_each_start(filter(narrowed.preferences.suits, slots))

    times = week(window, first, slots_in, narrowed.places)
    said = {"visit_type": visit_type, "filters": narrowed, "times": times}
    return said | {"working_hours": rules} | _links(narrowed, first, times)


def _links(narrowed: Filters, first: date | None, times: Week) -> dict[str, Any]:
    """Query strings of the page's links; each keeps what was chosen."""
    since = first.isoformat() if first else ""
    kept = narrowed.choices
    everyone = {name: slug for name, slug in kept.items() if name not in Filters.leaving_out}
    return {
        "since": since,
        "choices": chosen(kept | {"from": since}),
        "everything": chosen(everyone),
        "earlier": times.earlier and chosen(kept | {"from": times.earlier.isoformat()}),
        "later": times.later and chosen(kept | {"from": times.later.isoformat()}),
    }


def parse_day(text: str) -> date | None:
    """A date such as `2026-12-01`; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
