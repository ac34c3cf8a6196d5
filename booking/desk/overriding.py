"""A clash on a form of the desk: whose time it is, and leave to take it anyway.

Leave is for the visits that the page named and for the time that it was about: the button says
both. Services book over nothing else.
"""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.calendars import instants
from booking.desk import frame
from booking.models import Appointment
from booking.visits import overriding
from booking.visits.overriding import Override
from booking.visits.refusals import named

PERMISSION = "override_appointment"
LEAVE = re.compile(r"(?P<time>[-\w]+:\w+)/(?P<over>[0-9]{1,18}(,[0-9]{1,18})*)", re.ASCII)


class ReasonForm(forms.Form):
    """Why two visits must be at one time."""

    override_reason = forms.CharField(
        label=gettext_lazy("Why over another visit"),
        max_length=200,
        help_text=gettext_lazy("For staff. Never sent to anyone."),
        error_messages={"required": gettext_lazy("Say why it must be at this time")},
    )


class Clash:
    """The visits in the way of a form's time, as much as the user may know of them."""

    def __init__(self, request: HttpRequest, form: Any, others: list[Appointment]) -> None:
        visible = Appointment.objects.visible_to(frame.staff(request)).with_details()
        self.shown = list(visible.filter(pk__in=[other.pk for other in others]))
        self.hidden = len(others) - len(self.shown)
        self.may = frame.may(request, PERMISSION) and not self.hidden
        over = ",".join(str(other.pk) for other in others)
        self.code = f"{_time(form)}/{over}"
        typed = {"override_reason": request.POST.get("override_reason", "")}
        pressed = "override" in request.POST
        self.form = ReasonForm(typed) if pressed else ReasonForm(initial=typed)


def clash(request: HttpRequest, form: Any) -> Clash | None:
    """What is in the way of the time on a form that was sent; None where nothing is."""
    if not form.is_bound or not _has_time(form):
        return None
    moving, key = form.moving(), form.cleaned_data.get("key")
    start, therapist = form.starts_at, form.cleaned_data["therapist"]
    found = overriding.in_the_way(therapist.pk, start, form.ends_at(), moving and moving.pk)
    others = list(found.exclude(key=key, key__isnull=False))  # sent twice, it is itself
    return Clash(request, form, others) if others else None


def _has_time(form: Any) -> bool:
    """Whether all is there that says when it would begin and end."""
    needed = [name for name in ("therapist", "visit_type") if name in form.fields]
    return bool(form.starts_at) and all(
        form.cleaned_data.get(name) for name in needed if form.fields[name].required
    )


def _time(form: Any) -> str:
    return f"{form.cleaned_data['therapist'].slug}:{instants.code(form.starts_at)}"


def leave(request: HttpRequest, form: Any) -> Override | None:
    """Leave to book over the visits that the page named, where its button was pressed with a reason
    by somebody who may; of another time than it named, none.
    """
    pressed = LEAVE.fullmatch(request.POST.get("override", ""))
    reason = ReasonForm(request.POST)
    if not pressed or not frame.may(request, PERMISSION) or not reason.is_valid():
        return None
    if pressed["time"] != _time(form):
        return None
    over = [int(pk) for pk in pressed["over"].split(",")]
    return Override(reason.cleaned_data["override_reason"], over)


def leave_again(request: HttpRequest, visit: Appointment) -> Override | None:
    """The same leave once more for a visit that comes back, by somebody who may give it."""
    may = visit.override_reason and frame.may(request, PERMISSION)
    return Override(visit.override_reason) if may else None


def say_beside(request: HttpRequest, visit: Appointment) -> None:
    """After a visit was written: which others are at its time now."""
    beside = overriding.beside(visit).visible_to(frame.staff(request))
    if visit.is_active and (others := list(beside)):
        said = _("Double: at the same time as %(visits)s.") % {"visits": named(others)}
        messages.warning(request, said)
