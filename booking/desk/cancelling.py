"""Cancelling many visits at once, by when and how they were booked: such as made-up ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.desk import frame
from booking.desk.day import FIRST, LAST
from booking.models import Appointment, AppointmentStatus, CancelReason, Source
from booking.visits import changes, versions
from booking.visits.refusals import Refused

MOST = 500  # at once: all fit into one form, and into the patience of whoever waits
MINUTE = timedelta(minutes=1)
TICK = re.compile("([0-9]{1,18})/(.+)")


class ClinicTimeField(forms.DateTimeField):
    """A minute in clinic time; gives the instant (UTC)."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")

    def validate(self, value: datetime | None) -> None:
        super().validate(value)
        if value and not FIRST.year <= value.year < LAST.year:
            raise forms.ValidationError(_("Check the year: that day is too far away."))


class BookedForm(forms.Form):
    """When visits were booked, and by whom."""

    since = ClinicTimeField(label=gettext_lazy("Booked from, clinic time"))
    until = ClinicTimeField(label=gettext_lazy("Booked until, clinic time"))
    source = forms.ChoiceField(label=gettext_lazy("Booked by"), choices=Source.choices)

    def visits(self, visible: QuerySet[Appointment], now: datetime) -> list[Appointment]:
        """Coming ones that were booked so, the minute of `until` included; one more than MOST."""
        if not self.is_valid():
            return []
        typed = self.cleaned_data
        coming = visible.filter(
            status=AppointmentStatus.BOOKED,
            starts_at__gt=now,
            source=typed["source"],
            created_at__gte=typed["since"],
            created_at__lt=typed["until"] + MINUTE,
        )
        return list(coming.select_related("therapist").order_by("created_at", "pk")[: MOST + 1])


@dataclass
class Done:
    """What became of the visits that were ticked."""

    cancelled: int = 0
    to_call: list[Appointment] = field(default_factory=list)
    left: list[tuple[Appointment, str]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment", "see_every_appointment")
def cancel_many(request: HttpRequest) -> HttpResponse:
    """List the coming visits that were booked in a span; cancel those that stay ticked."""
    now, visible = timezone.now(), Appointment.objects.visible_to(frame.staff(request))
    done = None
    if request.method == "POST" and request.POST.get("tell") in ("yes", "no"):
        ticked = ticks(request.POST.getlist("visit"))
        rows = (
            visible.filter(pk__in=ticked).select_related("therapist").order_by("created_at", "pk")
        )
        tells, reason = request.POST["tell"] == "yes", _reason(request.POST.get("reason", ""))
        done = cancel(rows, ticked, now, tells=tells, reason=reason)
    form = BookedForm(request.GET or None)
    found = form.visits(visible, now) if form.is_bound else []
    context = {
        "form": form,
        "visits": [(visit, versions.shown(visit)) for visit in found[:MOST]],
        "more": len(found) > MOST,
        "done": done,
        "reasons": CancelReason.choices,
    }
    status = 409 if done and done.left else 200
    title = _("Cancel many visits")
    return frame.show(request, "appointment/cancel_many.html", title, context, status)


def ticks(values: Iterable[str]) -> dict[int, str]:
    """How each ticked visit was shown, by primary key."""
    found = (TICK.fullmatch(value) for value in values)
    return {int(tick[1]): tick[2] for tick in found if tick}


def _reason(typed: str) -> str:
    """Why, as a CancelReason; empty where nobody said."""
    return typed if typed in CancelReason.values else ""


def cancel(
    visits: Iterable[Appointment],
    shown: dict[int, str],
    now: datetime,
    *,
    tells: bool,
    reason: str,
) -> Done:
    """Cancel each by itself, if it is still as it was shown; what is past stays as it is."""
    done = Done()
    for visit in visits:
        if why := _why_not(visit, now, shown=shown[visit.pk], tells=tells, reason=reason):
            done.left.append((visit, why))
            continue
        done.cancelled += 1
        if tells and not visit.email:
            done.to_call.append(visit)
    return done


def _why_not(visit: Appointment, now: datetime, **asked: Any) -> str:
    """Cancel a visit; why it was left alone, where it was."""
    if visit.starts_at <= now:
        return _("It has begun, or is past.")
    try:
        changes.cancel_by_desk(appointment=visit, now=now, **asked)
    except (Refused, OperationalError) as error:
        return frame.why_not(error)
    return ""
