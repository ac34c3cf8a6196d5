"""The day by therapist: the desk's first page."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, time_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.desk import board, day_sheet, frame, looking, notices, panel, places, pulse
from booking.desk.lines import LinesOfDay
from booking.desk.news import Changed, unseen
from booking.models import Appointment, AppointmentStatus, VisitType

ASKED = ["visit", "moving", "place", panel.OPENED]  # what an address says besides the day
NUMBER = re.compile("[0-9]{1,18}")
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


def asked_moving(request: HttpRequest) -> Appointment | None:
    """The booked visit in `?moving=` for which a time is looked for; None without one."""
    typed = request.GET.get("moving", "")
    if not NUMBER.fullmatch(typed) or not frame.may(request, "change_appointment"):
        return None
    visits = Appointment.objects.visible_to(frame.staff(request)).with_details()
    return visits.filter(pk=int(typed), status=AppointmentStatus.BOOKED).first()


@require_safe
@frame.requires("view_appointment")
def day(request: HttpRequest) -> HttpResponse:
    """Each therapist's visits of a day, with the free times between them."""
    now = timezone.now()
    shown, today = asked_day(request, hours.today(now)), hours.today(now)
    fingerprint = _digest(request, shown)  # first: what changes meanwhile is seen next time
    user = frame.staff(request)
    changed = unseen(user)
    looking.saw_news(request, changed)
    drawn = _board(request, shown, fingerprint, changed, now)
    sheet = drawn["sheet"]
    told = notices.notices(user, now, changed, sheet.to_deal_with, sheet.twice)
    context = {
        **drawn,
        "source": _source(request, shown, drawn["where"]),
        "notices": told,
        "today": today,
        "previous": shown - DAY,
        "next": shown + DAY,
    }
    if "moving" in request.GET and context["moving"] is None:
        messages.warning(request, _("Only a booked visit can be moved. See how it is now."))
    title = date_format(shown, "l, F j" if shown.year == today.year else "l, F j, Y")
    if shown == today:
        title = _("Today, %(day)s") % {"day": title}
    return frame.show(request, "appointment/day.html", title, context)


@require_safe
@frame.requires("view_appointment")
def live(request: HttpRequest) -> HttpResponse:
    """The board of a day alone, for a page that shows it already; 304 where that is still so."""
    now = timezone.now()
    shown = asked_day(request, hours.today(now))
    fingerprint = _digest(request, shown)
    if held := pulse.still_so(request.headers.get("If-None-Match", ""), fingerprint, now):
        response: HttpResponse = HttpResponseNotModified(headers={"ETag": held})
    else:
        changed = unseen(frame.staff(request))
        looking.saw_news(request, changed)
        context = _board(request, shown, fingerprint, changed, now)
        context["notices"] = {"changed": changed}
        response = TemplateResponse(request, "admin/booking/includes/board_live.html", context)
        response["ETag"] = context["tag"]
    response["X-Clinic-Time"] = time_format(timezone.localtime(now), "P")
    return response


def _digest(request: HttpRequest, shown: date) -> str:
    asked = {name: request.GET.get(name, "") for name in ASKED}
    return pulse.digest(frame.staff(request), shown, asked)


def _source(request: HttpRequest, shown: date, where: places.Choice) -> str:
    """Where the board of the page comes from anew."""
    asked = {name: request.GET[name] for name in ASKED if name in request.GET}
    if where.place and len(where.places) > 1:
        asked["place"] = where.place.slug
    return f"{reverse('desk:board')}?{urlencode({'date': shown.isoformat()} | asked)}"


def _board(
    request: HttpRequest,
    shown: date,
    fingerprint: str,
    changed: Mapping[int, Changed],
    now: datetime,
) -> dict[str, Any]:
    """What the page of a day and its board alone have in common."""
    moving, visit_types = asked_moving(request), list(VisitType.objects.offered())
    looking.saw_day(request, shown)
    looking.saw_visits(request, [moving] if moving else [])
    visit_type = moving.visit_type if moving else asked_visit_type(request, visit_types)
    where = places.chosen(request)
    user = frame.staff(request)
    rights = panel.rights(request)
    is_own = rights["is_own"]
    sheet = day_sheet.read(shown, visit_type, user, now, changed, moving, where.keys, is_own)
    beside = panel.opened(request, shown, now, changed)
    lines = LinesOfDay(
        opening=escape("" if is_own else beside["opening"]),
        visit_type=visit_type,
        may_see_offers=user.has_perm("booking.view_timeoffer"),
        moving=moving,
        chosen=panel.key(beside["panel"]),
        may_change=rights["may_change"],
        may_set_status=rights["may_set_status"],
    )
    return {
        **frame.kept(request),
        **beside,
        **rights,
        "where": where,
        "sheet": sheet,
        "board": lines.write(board.draw(sheet, now)),
        "tag": pulse.tag(fingerprint, pulse.until(sheet, now)),
        "read_at": now,
        "day": shown,
        "visit_type": visit_type,
        "visit_types": visit_types,
        "moving": moving,
    }
