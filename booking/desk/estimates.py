"""Estimates owed to patients who pay themselves: the list, and the click that ticks one off."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.calendars import hours
from booking.desk import frame
from booking.models import Estimate
from booking.visits import estimates

RECENT = timedelta(days=7)


@require_safe
@frame.requires("view_estimate")
def owed(request: HttpRequest) -> HttpResponse:
    """Those owed, the most urgent first; then what was given in the last week."""
    now = timezone.now()
    rows = Estimate.objects.visible_to(frame.staff(request)).select_related(
        "appointment__therapist", "appointment__visit_type", "given_by"
    )
    context = {
        "owed": rows.owed(),
        "given": rows.filter(given_at__gte=now - RECENT).order_by("-given_at"),
        "today": hours.today(now),
        "may_change": frame.may(request, "change_estimate"),
    }
    return frame.show(request, "appointment/estimates.html", _("Estimates owed"), context)


@require_POST
@frame.requires("change_estimate")
def say_given(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """The click: `given` ticks off, `undo` takes it back."""
    if answer not in ("given", "undo"):
        raise Http404
    visit, given = frame.visit_or_404(request, pk), answer == "given"
    if not Estimate.objects.filter(appointment=visit).exists():
        raise Http404
    words = _("%(name)s: estimate given.") if given else _("%(name)s: estimate owed again.")
    frame.attempt(
        request,
        lambda: estimates.say_given(
            appointment=visit, given=given, by=frame.staff(request), now=timezone.now()
        ),
        words % {"name": visit.name},
    )
    return HttpResponseRedirect(reverse("admin:booking_appointment_estimates"))
