"""Bookable times: `/book/`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_date
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking import wording
from booking.calendars import free_times, hours
from booking.calendars.free_times import Calendars, Window
from booking.calendars.slots import Slot, one_for_each_start
from booking.models import Appointment, VisitType
from booking.views import cookie
from booking.views.choices import chosen, condition_for, online_visit_types
from booking.views.filters import Filters, filters
from booking.views.week import Shown, Week, week
from conditions.models import Condition


@require_safe
@cache_control(private=True, no_cache=True)
def book(request: HttpRequest) -> HttpResponse:
    """Bookable times of a day, soonest first, always computed afresh; and whatever this browser
    has booked.

    It is nobody else's page: no shelf keeps it, and one that names a visit is kept by no browser
    either, or Back would still show it on a device that was told to forget.
    """
    now = timezone.now()
    coming = cookie.coming(cookie.appointments_of(request, now), now)
    response = _times(request, now, coming)
    if coming:
        add_never_cache_headers(response)
    return response


def _times(request: HttpRequest, now: datetime, coming: Sequence[Appointment]) -> HttpResponse:
    visit_types = online_visit_types()
    if not visit_types:
        return render(request, "booking/call_to_book.html", {"coming": coming})
    visit_type = _visit_type(visit_types, request.GET.get("visit", ""))
    condition = condition_for(request.GET.get("for", ""))
    context = choice(request.GET, visit_type, now, details_of, visit_types, condition)
    context["condition"] = condition.title if condition else ""
    context |= {"zone": wording.zone_name(now), "coming": coming}
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
    condition: Condition | None = None,
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """What a page says on which a time is chosen: the filters that `asked` sets, and a week.

    `address` says where a time leads, given the query string of what was chosen; `visit_types`
    are those to choose from, if any; `condition` is what the visit is about, which goes into
    every link; `moving` is the visit that is to be moved.
    """
    therapists = list(free_times.bookable_therapists())
    rules = hours.weekly_rules()  # everyone's, which the page's header needs too
    window = free_times.online_window(visit_type, now)
    lists = filters(visit_types, therapists, rules, (window.first, window.last))
    narrowed = Filters(asked, lists, {"for": condition.slug} if condition else {})

    def slots_in(part: Window) -> Iterator[Slot]:
        calendars = Calendars.read(therapists, part, rules=rules, offers_at=now).without(moving)
        slots = calendars.shown(visit_type)
        return one_for_each_start(filter(narrowed.preferences.suits, slots))

    first = parse_day(asked.get("from", ""))
    times = week(window, first, slots_in, hours.today(now))
    said = {"visit_type": visit_type, "filters": narrowed, "times": times, "working_hours": rules}
    return said | _shown(narrowed, times, first, address) | _other_days(narrowed, times)


def _shown(
    narrowed: Filters, times: Week, first: date | None, address: Callable[[Slot, str], str]
) -> dict[str, Any]:
    """The day's times, the first of the next one, and the query strings that keep the choices."""
    since = first.isoformat() if first else ""
    choices = chosen(narrowed.choices | {"from": since})
    shown = Shown(narrowed.places, lambda slot: address(slot, choices))
    return {
        "since": since,
        "choices": choices,
        "everything": chosen(narrowed.leaving_nothing_out),
        "people": list(narrowed.people(since)),
        "parts": shown.parts(times.shown) if times.shown else [],
        "foretaste": shown.foretaste(times.following) if times.following else [],
    }


def _other_days(narrowed: Filters, times: Week) -> dict[str, Any]:
    """Query strings of the links to the days of the week, and to earlier and later dates; "" where
    there are none.
    """

    def on(day: date | None) -> str:
        return chosen(narrowed.choices | {"from": day.isoformat()}) if day else ""

    days = [(day, on(day.date)) for day in times.days]
    following = on(times.following.date) if times.following else ""
    return {
        "days": days,
        "next_day": following,
        "earlier": on(times.earlier),
        "later": on(times.later),
    }


def parse_day(text: str) -> date | None:
    """A date such as `2026-12-01`; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
