"""Bookable times: `/book/`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, takewhile
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking import wording
from booking.calendars import availability, free_times, hours
from booking.calendars.availability import DAY
from booking.calendars.free_times import Calendars, Window
from booking.calendars.slots import Slot, one_for_each_start
from booking.models import Appointment, VisitType
from booking.models.day_parts import day_part
from booking.views.choices import chosen, online_visit_types
from booking.views.filters import Filters, Places, filters

WEEK = 7 * DAY


class Link(NamedTuple):
    """One start time as a page shows it: where it leads, the wall time, and with whom it is."""

    address: str
    time: str
    who: str


class Part(NamedTuple):
    """The times of a part of the day under its heading."""

    name: str | Promise
    links: list[Link]


@dataclass
class Day:
    """A clinic day's times."""

    date: date
    label: str
    parts: list[Part]

    @property
    def anchor(self) -> str:
        """Where the page has it."""
        return f"day-{self.date:%Y%m%d}"

    @property
    def count(self) -> int:
        """How many times are free."""
        return sum(len(part.links) for part in self.parts)


def by_day(slots: Iterable[Slot], places: Places, address: Callable[[Slot], str]) -> Iterator[Day]:
    """The slots, soonest first, by clinic day and part of the day.

    `address` says where a slot's link leads.
    """
    in_clinic_time = ((timezone.localtime(slot.starts_at), slot) for slot in slots)
    for day, of_day in groupby(in_clinic_time, lambda pair: pair[0].date()):
        parts = [
            Part(part.name, [_link(*found, places, address) for found in of_part])
            for part, of_part in groupby(of_day, lambda pair: day_part(pair[0].time()))
        ]
        yield Day(day, date_format(day, "l, F j"), parts)


def _link(begins: datetime, slot: Slot, places: Places, address: Callable[[Slot], str]) -> Link:
    who = wording.with_whom(slot.therapist.name, places.get(slot.location_id))
    return Link(address(slot), wording.clock(begins), who)


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
    whole: Window,
    first: date | None,
    slots_in: Callable[[Window], Iterator[Slot]],
    grouped: Callable[[Iterable[Slot]], Iterator[Day]],
) -> Week:
    """The seven days from `first`; from the next free day where they hold no time.

    `whole` is what may be booked at all, `slots_in` gives the times in a part of it, `grouped` is
    `by_day`.
    """
    wanted = start = min(max(first or whole.first, whole.first), whole.last)
    days = list(grouped(slots_in(whole.narrowed(start, start + WEEK - DAY))))
    if not days:
        later_slots = slots_in(whole.narrowed(start + WEEK, whole.last))
        start, of_week = _next_week(later_slots, start)
        days = list(grouped(of_week))
    last = min(start + WEEK - DAY, whole.last)
    # Seen from the days that were asked for: from the next free ones it would lead back here.
    earlier = max(wanted - WEEK, whole.first) if wanted > whole.first else None
    later = start + WEEK if days and start + WEEK <= whole.last else None
    return Week(start, last, days, earlier, later, wanted if start > wanted else None)


def _next_week(slots: Iterator[Slot], otherwise: date) -> tuple[date, Iterator[Slot]]:
    """The first day of the slots and its week's slots; `otherwise` where there are none."""
    soonest = next(slots, None)
    if soonest is None:
        return otherwise, iter(())
    start = hours.today(soonest.starts_at)
    inside = takewhile(lambda slot: hours.today(slot.starts_at) < start + WEEK, slots)
    return start, chain([soonest], inside)


@require_safe
@cache_control(private=True, no_cache=True)
def book(request: HttpRequest) -> HttpResponse:
    """Bookable times, soonest first, always computed afresh."""
    visit_types, now = online_visit_types(), timezone.now()
    if not visit_types:
        return render(request, "booking/call_to_book.html")
    visit_type = _visit_type(visit_types, request.GET.get("visit", ""))
    context = choice(request.GET, visit_type, now, details_of, visit_types)
    condition = context["filters"].by_name["for"].chosen
    context["condition"] = condition.name if condition else ""
    context["zone"] = wording.zone_name(now)
    return render(request, "booking/book.html", context)


def details_of(slot: Slot, choices: str) -> str:
    """Where somebody books the time; `choices` is the query string of what was chosen so far."""
    return reverse("booking:book_slot", args=[slot.therapist.slug, slot.starts_at]) + choices


def move_to(slot: Slot, choices: str) -> str:
    """Where a patient moves a visit to the time; `choices` as above."""
    to = f"to={slot.therapist.slug}/{slot.code}"
    return reverse("booking:move") + (f"{choices}&{to}" if choices else f"?{to}")


def _visit_type(visit_types: list[VisitType], slug: str) -> VisitType:
    """The one that was asked for, else the first; `filters` says where it left one out."""
    return next((row for row in visit_types if row.slug == slug), visit_types[0])


def choice(
    asked: Mapping[str, str],
    visit_type: VisitType,
    now: datetime,
    address: Callable[[Slot, str], str],
    visit_types: Sequence[VisitType] = (),
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """What a page says on which a time is chosen: the filters that `asked` sets, and a week.

    `address` says where a time leads, given the query string of what was chosen; `visit_types`
    are those to choose from, if any; `moving` is the visit that is to be moved.
    """
    therapists = list(free_times.bookable_therapists())
    rules = hours.weekly_rules()  # everyone's, which the page's header needs too
    window = free_times.online_window(visit_type, now)
    lists = filters(visit_types, therapists, rules, (window.first, window.last))
    narrowed = Filters(asked, lists)
    first = parse_day(asked.get("from", ""))
    links = _links(narrowed, first)

    def grouped(slots: Iterable[Slot]) -> Iterator[Day]:
        return by_day(slots, narrowed.places, lambda slot: address(slot, links["choices"]))

    def slots_in(part: Window) -> Iterator[Slot]:
        calendars = Calendars.read(therapists, part, rules=rules, offers_at=now).without(moving)
        slots = calendars.slots(visit_type)
        return one_for_each_start(filter(narrowed.preferences.suits, slots))

    times = week(window, first, slots_in, grouped)
    said = {"visit_type": visit_type, "filters": narrowed, "times": times, "working_hours": rules}
    return said | links | _other_weeks(narrowed, times)


def _links(narrowed: Filters, first: date | None) -> dict[str, str]:
    """Query strings of the page's links; each keeps what was chosen."""
    since = first.isoformat() if first else ""
    kept = narrowed.choices
    everyone = {name: slug for name, slug in kept.items() if name not in Filters.leaving_out}
    return {
        "since": since,
        "choices": chosen(kept | {"from": since}),
        "everything": chosen(everyone),
    }


def _other_weeks(narrowed: Filters, times: Week) -> dict[str, str]:
    """Query strings of the links to earlier and later dates; "" where there are none."""

    def starting(day: date | None) -> str:
        return chosen(narrowed.choices | {"from": day.isoformat()}) if day else ""

    return {"earlier": starting(times.earlier), "later": starting(times.later)}


def parse_day(text: str) -> date | None:
    """A date such as `2026-12-01`; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
