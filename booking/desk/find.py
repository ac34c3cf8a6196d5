"""Find a visit by what somebody says, and all visits of one person."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.contacts import tidy
from booking.desk import found, frame, looking, typed
from booking.desk.finding import said
from booking.models import Appointment
from booking.models.appointment import AppointmentQuerySet

MOST_NAMED = 5
KEY = re.compile("[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("view_appointment")
def find(request: HttpRequest) -> HttpResponse:
    """What fits `?q=`, where `*` stands for what was posted last; near names where nothing does."""
    if request.method == "POST":
        return typed.remember(request)
    asked = request.GET.get("q", "")
    words = tidy(typed.words(request, asked)[: typed.LONGEST])
    visible, now = Appointment.objects.visible_to(frame.staff(request)), timezone.now()
    exact = visible.filter(said(words))
    shown = found.page(exact, now, _after(request, visible)) if words else None
    is_near = bool(words) and not shown and not exact.exists()
    if is_near:
        shown = found.page(_nearly(visible, words), now, _after(request, visible))
    looking.saw_visits(request, shown.visits if shown else [])
    context = {
        **_of_page(request, now),
        "typed": words,
        "asked": asked,
        "found": shown,
        "is_near": is_near,
        "near_names": _names(shown) if is_near else [],
    }
    return frame.show(request, "appointment/find.html", _("Find a visit"), context)


def _nearly(visible: AppointmentQuerySet, words: str) -> AppointmentQuerySet:
    names = found.near(words, Appointment.objects.names(found.MOST_NAMES))
    return visible.filter(folded_name__in=names)


def _names(shown: found.Found | None) -> list[str]:
    """Whom the page shows, by their first line on it; a few, as the rest is below."""
    visits = shown.visits if shown else []
    return list(dict.fromkeys(visit.name for visit in visits))[:MOST_NAMED]


def _after(request: HttpRequest, visible: AppointmentQuerySet) -> Appointment | None:
    """The visit after which the list goes on: `?after=`."""
    key = request.GET.get("after", "")
    return visible.filter(pk=key).first() if KEY.fullmatch(key) else None


def _of_page(request: HttpRequest, now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "may_book": frame.may(request, "add_appointment"),
        "may_change": frame.may(request, "change_appointment"),
    }


@require_safe
@frame.requires("view_appointment")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """All visits of whoever has this one, as far as names and numbers tell."""
    visit, now = frame.visit_or_404(request, pk), timezone.now()
    visible = Appointment.objects.visible_to(frame.staff(request))
    theirs = visible.of_person(visit)
    context = {
        **_of_page(request, now),
        "visit": visit,
        "found": found.page(theirs, now, _after(request, theirs)),
        "totals": found.totals(theirs, now),
        "may_answer": frame.may(request, "answer_datarequest"),
        "may_see_looks": frame.may(request, "view_look"),
    }
    return frame.show(request, "appointment/person.html", _("A person's visits"), context)


@require_safe
@frame.requires("view_appointment")
def next_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the same person's next visit after this one, on its day; else to all of theirs."""
    visit, now = frame.visit_or_404(request, pk), timezone.now()
    visible = Appointment.objects.visible_to(frame.staff(request))
    later = visible.of_person(visit).upcoming(max(now, visit.starts_at)).exclude(pk=pk)
    following = later.order_by("starts_at", "pk").first()
    if following:
        return frame.to_day(request, following)
    messages.info(request, _("%(name)s has no later visit booked.") % {"name": visit.name})
    return HttpResponseRedirect(reverse("desk:person", args=[pk]))
