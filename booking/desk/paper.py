"""What the desk prints: a day or a week, one therapist a page, and whom to call before a day.

Pages for a printer: in words and black on white, with room to write; no menu, no buttons.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.desk import day_sheet, frame, looking, places, week
from booking.desk.day import asked_day
from booking.desk.day_sheet import Column, DaySheet, at_places
from booking.models import Appointment, Closure, Therapist
from booking.models.appointment import AppointmentQuerySet
from booking.models.brief_visit import AnyVisit


@dataclass
class Day:
    """One therapist's day on paper."""

    day: date
    column: Column
    closures: Sequence[Closure]

    @property
    def visits(self) -> list[AnyVisit]:
        return [row.visit for row in self.column.rows if row.visit]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to print: they do not work, and nobody comes."""
        return not self.visits and not self.column.openings


@dataclass
class Sheet:
    """What stands on one therapist's pages."""

    therapist: Therapist
    days: list[Day]


@require_safe
@frame.requires("view_appointment")
def paper(request: HttpRequest) -> HttpResponse:
    """The day in `?date=` of everybody at the place, or of `?therapist=`; with `?week=`, the week
    of one therapist.
    """
    now, where = timezone.now(), places.chosen(request)
    shown = asked_day(request, hours.today(now))
    if "week" in request.GET:
        shown = week.first_of(shown)
        title, sheets = _week_of(shown), _of_week(request, where, shown, now)
    else:
        title, sheets = date_format(shown, "l, F j, Y"), _of_day(request, where, shown, now)
    looking.saw_day(request, shown)
    context = {
        "sheets": sheets,
        "where": where,
        "printed_at": now,
        "day": shown,
        "is_week": "week" in request.GET,
        "previous": shown - (week.WEEK if "week" in request.GET else DAY),
        "next": shown + (week.WEEK if "week" in request.GET else DAY),
    }
    return frame.show(request, "appointment/paper.html", title, context)


def _week_of(first: date) -> str:
    return _("Week of %(day)s") % {"day": date_format(first, "l, F j, Y")}


def _of_day(request: HttpRequest, where: places.Choice, shown: date, now: datetime) -> list[Sheet]:
    """A page for each who works on that day or has a visit; of one therapist, in any case."""
    read = day_sheet.read(shown, None, frame.staff(request), now, {}, None, where.keys, True)
    asked = request.GET.get("therapist")
    days = [Day(shown, column, read.closures) for column in read.columns]
    return [
        Sheet(day.column.therapist, [day])
        for day in days
        if (asked == day.column.therapist.slug if asked else not day.is_empty)
    ]


def _of_week(request: HttpRequest, where: places.Choice, first: date, now: datetime) -> list[Sheet]:
    rows = list(week.choosable(request, where))
    therapist = week.asked_therapist(request, rows)
    if therapist is None:
        return []
    sheets = week.Reading(therapist, first, frame.staff(request), now, True).sheets(None)
    return [Sheet(therapist, list(_days(sheets)))]


def _days(sheets: Iterable[DaySheet]) -> Iterable[Day]:
    for sheet in sheets:
        yield from (Day(sheet.day, column, sheet.closures) for column in sheet.columns)


@require_safe
@frame.requires("view_appointment")
def calls(request: HttpRequest) -> HttpResponse:
    """Whom to call before the next day on which anybody comes, or before `?date=`: who has not said
    that they come.
    """
    now, where = timezone.now(), places.chosen(request)
    visible = Appointment.objects.visible_to(frame.staff(request)).filter(at_places(where.keys))
    coming = visible.upcoming(now).order_by("starts_at", "pk")
    shown = asked_day(request, _next_day(coming, now))
    begins, ends = hours.day_start(shown), hours.day_start(shown + DAY)
    asked = coming.filter(starts_at__gte=begins, starts_at__lt=ends).unconfirmed()
    looking.saw_day(request, shown)
    context: dict[str, Any] = {
        "visits": list(asked.with_details()),
        "where": where,
        "printed_at": now,
        "day": shown,
    }
    title = _("Call list for %(day)s") % {"day": date_format(shown, "l, F j, Y")}
    return frame.show(request, "appointment/calls.html", title, context)


def _next_day(coming: AppointmentQuerySet, now: datetime) -> date:
    """The first day after today with a visit; tomorrow, where there is none."""
    tomorrow = hours.today(now) + DAY
    first = coming.filter(starts_at__gte=hours.day_start(tomorrow)).first()
    return hours.today(first.starts_at) if first else tomorrow
