"""Bookable times: `/book/`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking import calendars, hours, wording
from booking.calendars import Slot, Window
from booking.models import Appointment, Therapist, VisitType
from booking.views.choices import chosen, condition_for, visit_type_for

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class Offer(NamedTuple):
    """One start time as pages show it; words are made once, not by the template for each."""

    target: str  # "<therapist slug>/<instant>"
    time: str
    who: str


@dataclass
class Day:
    """A clinic day's times under their headings."""

    date: date
    label: str
    morning: list[Offer] = field(default_factory=list)
    afternoon: list[Offer] = field(default_factory=list)


def by_day(slots: Iterable[Slot]) -> list[Day]:
    """One offer per start time, grouped by clinic day, before and after noon."""
    days: list[Day] = []
    for slot in calendars.one_per_start(slots):
        local = timezone.localtime(slot.starts_at)
        if not days or days[-1].date != local.date():
            days.append(Day(local.date(), date_format(local, "l, F j")))
        who = _("with %(name)s") % {"name": slot.therapist.name}
        offer = Offer(f"{slot.therapist.slug}/{slot.code}", time_format(local, "P"), who)
        (days[-1].morning if local.hour < 12 else days[-1].afternoon).append(offer)
    return days


@dataclass
class Week:
    """Seven days of times from `first`, and where earlier and later ones begin."""

    first: date
    days: list[Day]
    earlier: date | None
    later: date | None


def week(
    visit_type: VisitType,
    now: datetime,
    first: date | None,
    therapist: Therapist | None = None,
    moving: Appointment | None = None,
    among: list[Therapist] | None = None,
) -> Week:
    """The seven days from `first`; from the next free day where they hold no time."""
    whole = calendars.online_window(visit_type, now)
    start = min(max(first or whole.first, whole.first), whole.last)

    def slots(window: Window) -> Iterable[Slot]:
        return calendars.free_slots(
            visit_type, window, therapist=therapist, moving=moving, among=among
        )

    days = by_day(slots(whole.narrowed(start, start + WEEK - DAY)))
    if not days:
        found = next(iter(slots(whole.narrowed(start + WEEK, whole.last))), None)
        if found:
            start = hours.today(found.starts_at)
            days = by_day(slots(whole.narrowed(start, start + WEEK - DAY)))
    earlier = max(start - WEEK, whole.first) if start > whole.first else None
    later = start + WEEK if days and start + WEEK <= whole.last else None
    return Week(start, days, earlier, later)


@require_safe
@cache_control(private=True, no_cache=True)
def book(request: HttpRequest) -> HttpResponse:
    """Bookable times, soonest first, always computed afresh."""
    try:
        visit_type = visit_type_for(request.GET.get("visit", ""))
    except Http404:
        if request.GET.get("visit"):
            raise
        return render(request, "booking/call_to_book.html")
    therapists = list(calendars.bookable_therapists())
    wanted = request.GET.get("therapist", "")
    therapist = next((row for row in therapists if row.slug == wanted), None)
    first = parse_day(request.GET.get("from", ""))
    times = week(visit_type, timezone.now(), first, therapist, among=therapists)
    context = {
        "visit_type": visit_type,
        "therapists": [(row, chosen(request.GET, therapist=row.slug)) for row in therapists],
        "therapist": therapist,
        "unknown_therapist": bool(wanted and therapist is None),
        "condition": condition_for(request.GET.get("for", "")),
        "times": times,
        "choices": chosen(request.GET, therapist=""),
        "zone": wording.zone_name(timezone.now()),
        "earlier": times.earlier and chosen(request.GET, **{"from": times.earlier.isoformat()}),
        "later": times.later and chosen(request.GET, **{"from": times.later.isoformat()}),
    }
    return render(request, "booking/book.html", context)


def parse_day(text: str) -> date | None:
    """A date such as `2026-12-01`; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
