"""One visit's details beside the grid: read as it is opened, not with the whole day."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractUser
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.doubts import unsettled
from booking.desk import day_sheet, frame, looking, news
from booking.desk.day_sheet import Row
from booking.desk.news import Changed
from booking.visits import overriding

KEY = re.compile("[0-9]{1,18}")
OPENED = "open"  # in the day's address: the primary key of the visit that stands beside the grid


def asked(request: HttpRequest) -> int | None:
    """The primary key in `?open=`; None without one. A therapist's own day holds all details, and
    opens none of them from here.
    """
    typed = request.GET.get(OPENED, "")
    whole = frame.may(request, "see_every_appointment")
    return int(typed) if whole and KEY.fullmatch(typed) else None


def read(user: AbstractUser, pk: int, now: datetime, changed: Mapping[int, Changed]) -> Row | None:
    """The visit with all that its panel shows; None where the user sees no such visit."""
    found = list(day_sheet.detailed(user, now, Q(pk=pk)))
    if not found:
        return None
    visit = found[0]
    row = day_sheet.row_of(visit, now, changed)
    row.doubts = unsettled([visit]).get(visit, []) if visit.is_upcoming(now) else []
    if visit.is_active:
        row.double = list(overriding.beside(visit).visible_to(user))
    return row


def opened(
    request: HttpRequest, day: date, now: datetime, changed: Mapping[int, Changed]
) -> dict[str, Any]:
    """What the day's templates need of the visit in the address, and of the links to others."""
    pk = asked(request)
    row = read(frame.staff(request), pk, now, changed) if pk else None
    if row and row.visit:
        looking.saw_visits(request, [row.visit])
    return {"panel": row, **links(request, day)}


def key(row: Row | None) -> int | None:
    """The primary key of the visit beside the grid; None where none stands there."""
    return row.visit.pk if row and row.visit else None


def links(request: HttpRequest, day: date) -> dict[str, str]:
    """The ways to the page of the day without a panel (`closing`), and, each before the key of a
    visit, with its panel (`opening`), and to look for another time for it (`cutting`).
    """
    chosen = frame.chosen(request)
    moving = {"moving": request.GET["moving"]} if request.GET.get("moving") else {}
    to_day = f"?{urlencode({'date': day.isoformat(), **chosen})}"
    closing = f"?{urlencode({'date': day.isoformat(), **moving, **chosen})}"
    return {
        "closing": closing,
        "opening": f"{closing}&{OPENED}=",
        "cutting": f"{to_day}&moving=",
    }


@require_safe
@frame.requires("view_appointment")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel alone, for a page that shows the grid already; 404 for a visit of others."""
    now, user = timezone.now(), frame.staff(request)
    row = read(user, pk, now, news.unseen(user))
    if row is None or row.visit is None:
        raise Http404
    day = _day(request.GET.get("date", "")) or hours.today(row.visit.starts_at)
    context = {**frame.kept(request), **rights(request), **links(request, day), "panel": row}
    return TemplateResponse(request, "admin/booking/includes/board_panel.html", context)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def rights(request: HttpRequest) -> dict[str, bool]:
    """What the user may do with visits, for the day's templates."""
    return {
        "is_own": not frame.may(request, "see_every_appointment"),
        "may_book": frame.may(request, "add_appointment"),
        "may_change": frame.may(request, "change_appointment"),
        "may_set_status": frame.may(request, "set_appointment_status"),
    }
