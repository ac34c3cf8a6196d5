"""The week of one therapist: its days as columns of the grid, each of which leads to its day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.availability import DAY, days
from booking.calendars.doubts import JUST_BEGUN, unsettled
from booking.calendars.free_times import Calendars, Window
from booking.desk import board, day_sheet, frame, looking, news, places
from booking.desk.board import Board, Span
from booking.desk.day import asked_day, asked_visit_type
from booking.desk.day_sheet import Columns, DaySheet
from booking.desk.lines import Lines
from booking.models import Closure, Therapist, TimeOff, TimeOffer, VisitType
from booking.models.staff_places import places_of
from booking.models.therapists import TherapistQuerySet

WEEK = timedelta(days=7)
WORKING_DAYS = 5  # Monday to Friday; a weekend is shown where something is on it


def first_of(day: date) -> date:
    """The Monday of its week."""
    return day - day.weekday() * DAY


class Reading:
    """All of one therapist that a week shows, read in a fixed number of queries; of its visits what
    a grid shows, or all that is known (`is_whole`).
    """

    def __init__(
        self, therapist: Therapist, first: date, user: Any, now: datetime, is_whole: bool = False
    ) -> None:
        self.therapist, self.first, self.user, self.now = therapist, first, user, now
        self.last = first + WEEK - DAY
        span = hours.day_start(first), hours.day_start(first + WEEK)
        self.places = places_of(user)
        window = Window(max(first, hours.today(now)), self.last, now - JUST_BEGUN)
        self.calendars = Calendars.read([therapist], window)
        own = Q(therapist=therapist)
        self.visits = day_sheet.visits_between(user, *span, now, own, is_whole)
        offers = TimeOffer.objects.visible_to(user).open(now).filter(own)
        self.offers = list(offers.with_names().overlapping(*span))
        self.away = list(TimeOff.objects.filter(own).overlapping(*span))
        self.closures = list(Closure.objects.overlapping(*span))
        self.doubts = unsettled(
            (row for row in self.visits if row.is_upcoming(now)), self.calendars.rules
        )
        self.changed = news.unseen(user)

    def sheets(self, visit_type: VisitType | None) -> list[DaySheet]:
        """A sheet for each day, with the free times of the visit type for whoever may book them;
        those of a weekend only where something is on it.
        """
        may_book = self.user.has_perm("booking.add_appointment")
        every = [
            self._sheet(day, visit_type if may_book else None)
            for day in days(self.first, self.last)
        ]
        return [
            sheet
            for number, sheet in enumerate(every)
            if number < WORKING_DAYS or board.frame(sheet) is not None
        ]

    def _sheet(self, day: date, visit_type: VisitType | None) -> DaySheet:
        span = hours.day_start(day), hours.day_start(day + DAY)
        key, calendars = self.therapist.pk, self.calendars
        calendars = calendars.within(calendars.window.narrowed(day, day))
        own = {key: self.therapist}
        columns = Columns(day, own, _on(self.visits, span), self.now, self.places, calendars)
        columns.doubts, columns.changed = self.doubts, self.changed
        columns.offers[key] = _on(self.offers, span)
        columns.absences[key] = _on(self.away, span)
        if visit_type:
            columns.add_free(visit_type, None)
        return DaySheet(day, columns.built(), _on(self.closures, span))


def _on(rows: Sequence[Any], span: Span) -> list[Any]:
    """Those that share a moment with the span."""
    start, end = span
    return [row for row in rows if row.starts_at < end and row.ends_at > start]


def draw(sheets: Sequence[DaySheet], now: datetime) -> list[tuple[date, Board]]:
    """The days as grids of the same hours of the clock; on one on which clocks change within them,
    the last row is an hour sooner or later.
    """
    frames = list(filter(None, map(board.frame, sheets))) or [board.usual(sheets[0].day)]
    opens = min(timezone.localtime(begins).hour for begins, _ends in frames)
    closes = max(_hour_after(begins, ends) for begins, ends in frames)
    return [
        (sheet.day, board.draw(sheet, now, _span(sheet.day, opens, closes))) for sheet in sheets
    ]


def _hour_after(begins: datetime, ends: datetime) -> int:
    """The hour of the clock at which a frame ends; 24 for midnight."""
    local = timezone.localtime(ends)
    return 24 if local.date() > timezone.localtime(begins).date() else local.hour


def _span(day: date, opens: int, closes: int) -> Span:
    midnight = hours.day_start(day + DAY)
    return _at(day, opens), midnight if closes == 24 else _at(day, closes)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def choosable(request: HttpRequest, where: places.Choice) -> TherapistQuerySet:
    """Whose week the user may see: everybody's at the place that is chosen, or their own."""
    user = frame.staff(request)
    if not frame.may(request, "see_every_appointment"):
        return Therapist.objects.filter(user=user.pk)
    rows = places.working(user)
    if where.keys is None:
        return rows
    here = Therapist.objects.filter(working_hours__location__in=where.keys)
    return rows.filter(pk__in=here.order_by().values("pk"))


def asked_therapist(request: HttpRequest, rows: Sequence[Therapist]) -> Therapist | None:
    """The therapist in `?therapist=`, else the user's own calendar, else the first; None where the
    user may see nobody's. Raises Http404 for one that the user may not see.
    """
    user, slug = frame.staff(request), request.GET.get("therapist")
    own = next((row for row in rows if row.user_id == user.pk), None)
    if not slug:
        return own or next(iter(rows), None)
    found = next((row for row in rows if row.slug == slug), None)
    if found is None and frame.may(request, "see_every_appointment"):
        # At another place of the user's, or no longer active: their week is asked for by a link.
        found = Therapist.objects.visible_to(user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@require_safe
@frame.requires("view_appointment")
def week(request: HttpRequest) -> HttpResponse:
    """The week of the therapist in `?therapist=` around `?date=`."""
    now, where = timezone.now(), places.chosen(request)
    today = hours.today(now)
    first = first_of(asked_day(request, today))
    looking.saw_day(request, first)
    rows = list(choosable(request, where))
    therapist = asked_therapist(request, rows)
    context = {
        "where": where,
        "therapist": therapist,
        "therapists": rows,
        "first": first,
        "today": today,
        "is_now": first == first_of(today),
        "previous": first - WEEK,
        "next": first + WEEK,
    }
    if therapist:
        context |= _grid(request, therapist, first, now)
    said = {"first": date_format(first, "M j"), "last": date_format(first + WEEK - DAY, "M j, Y")}
    title = _("Week of %(first)s to %(last)s") % said
    if therapist:
        title = f"{therapist.name}, {said['first']} – {said['last']}"
    return frame.show(request, "appointment/week.html", title, context)


def _to_day(request: HttpRequest, day: date) -> str:
    """The address of a day, before what opens a visit there."""
    kept = frame.kept(request)["and_chosen"]
    return f"{reverse('desk:day')}?date={day.isoformat()}{kept}"


def _grid(request: HttpRequest, therapist: Therapist, first: date, now: datetime) -> dict[str, Any]:
    visit_types = list(VisitType.objects.offered())
    visit_type = asked_visit_type(request, visit_types)
    sheets = Reading(therapist, first, frame.staff(request), now).sheets(visit_type)
    may_see_offers = frame.may(request, "view_timeoffer")
    drawn = draw(sheets, now)
    for day, grid in drawn:
        Lines(escape(_to_day(request, day)), visit_type, may_see_offers).write(grid)
    return {
        "days": drawn,
        "tallest": max((grid for _day, grid in drawn), key=lambda grid: grid.length.last),
        "visit_type": visit_type,
        "visit_types": visit_types,
        "may_book": frame.may(request, "add_appointment"),
        "booked": sum(grid.booked for _day, grid in drawn),
    }
