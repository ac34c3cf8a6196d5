"""The day by therapist: the desk's first page."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.desk import board, day_sheet, frame, notices
from booking.models import VisitType

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # beyond them, somebody mistyped


def asked_day(request: HttpRequest, default: date) -> date:
    """The clinic day in `?date=`, else `default`; for what is no day too, saying so."""
    typed = request.GET.get("date", "")
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if day and FIRST <= day <= LAST:
        return day
    if typed:
        messages.warning(request, _("That was not a day. This is another one."))
    return default


def asked_visit_type(request: HttpRequest, visit_types: list[VisitType]) -> VisitType | None:
    """The visit type in `?visit=`, else the first; None where the clinic has none yet."""
    wanted = request.GET.get("visit")
    return next((row for row in visit_types if row.slug == wanted), next(iter(visit_types), None))


@require_safe
@frame.requires("view_appointment")
def day(request: HttpRequest) -> HttpResponse:
    """Each therapist's visits of a day, with the free times between them."""
    now, visit_types = timezone.now(), list(VisitType.objects.offered())
    today, visit_type = hours.today(now), asked_visit_type(request, visit_types)
    shown = asked_day(request, today)
    user = frame.staff(request)
    told = notices.notices(user, now)
    sheet = day_sheet.read(shown, visit_type, user, now, told.changed)
    context = {
        "sheet": sheet,
        "board": board.draw(sheet, now),
        "notices": told,
        "visit_type": visit_type,
        "visit_types": visit_types,
        "day": shown,
        "today": today,
        "previous": shown - DAY,
        "next": shown + DAY,
        "may_book": frame.may(request, "add_appointment"),
        "may_change": frame.may(request, "change_appointment"),
        "may_set_status": frame.may(request, "set_appointment_status"),
    }
    title = date_format(shown, "l, F j, Y")
    if shown == today:
        title = _("Today, %(day)s") % {"day": title}
    return frame.show(request, "appointment/day.html", title, context)
