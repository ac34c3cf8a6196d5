"""One click says that a patient arrived, was seen, or did not come; cancelling asks first.

Each says which state of the visit it was offered for: `versions`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from booking.calendars import hours
from booking.calendars.doubts import unsettled
from booking.desk import frame, overriding
from booking.models import Appointment, AppointmentStatus
from booking.visits import attendance, changes, undoing, versions
from booking.visits import overriding as at_the_same_time
from booking.visits.refusals import Changed

BOOKED, ARRIVED, FULFILLED, NO_SHOW, CANCELLED = AppointmentStatus
# What a button says depends on where the visit stands; cancelling has a page of its own.
WORDS: dict[tuple[str, str], str | Promise] = {
    (BOOKED, ARRIVED): gettext_lazy("Arrived"),
    (BOOKED, NO_SHOW): gettext_lazy("Did not come"),
    (ARRIVED, FULFILLED): gettext_lazy("Seen"),
    (ARRIVED, BOOKED): gettext_lazy("Not here yet"),
    (FULFILLED, ARRIVED): gettext_lazy("Not seen yet"),
    (NO_SHOW, ARRIVED): gettext_lazy("Came late"),
    (NO_SHOW, BOOKED): gettext_lazy("Back to booked"),
}


class Button(NamedTuple):
    """One click: the status it sets, and what it says."""

    status: str
    label: str | Promise


def offered(visit: Appointment, now: datetime) -> list[Button]:
    """The clicks that make sense for a visit now: none before its day."""
    if hours.today(visit.starts_at) > hours.today(now):
        return []
    return [
        Button(new, label)
        for (old, new), label in WORDS.items()
        if old == visit.status and visit.may_become(new, now)
    ]


@require_POST
@frame.requires("set_appointment_status")
def set_status(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    """The click itself; the status that it was offered for stands in the address."""
    if status not in AppointmentStatus.values or status == CANCELLED:
        raise Http404
    visit = frame.visit_or_404(request, pk)
    done = _("%(name)s: %(status)s.") % {
        "name": visit.name,
        "status": AppointmentStatus(status).label,
    }
    seen, was, now = seen_by(request), request.GET.get("was", ""), timezone.now()
    again = overriding.leave_again(request, visit)
    return clicked(
        request,
        visit,
        lambda: attendance.set_status(
            appointment=visit, status=status, now=now, seen=seen, was=was, override=again
        ),
        done,
    )


def seen_by(request: HttpRequest) -> int | None:
    """The version of the visit that the button was shown for; one that does not say is stale."""
    return versions.parse(request.POST.get("sequence", ""))


def clicked(
    request: HttpRequest, visit: Appointment, act: Callable[[], object], done: str
) -> HttpResponse:
    """Do it, and back to where the click was made; 409 where others changed the visit since, with
    the visit as it is now and what can be done with it.
    """
    try:
        frame.attempt(request, act, done)
    except Changed as refused:
        visit, now = frame.visit_or_404(request, visit.pk), timezone.now()
        context, status = {"visit": visit, **clicks(request, visit, now)}, refused.status
        return frame.show(request, "appointment/changed.html", _("Look again"), context, status)
    return frame.back(request, visit)


def clicks(request: HttpRequest, visit: Appointment, now: datetime) -> dict[str, object]:
    """What the buttons of a visit's own page need, and what is no longer true of it."""
    return {
        "doubts": unsettled([visit]).get(visit, []) if visit.is_upcoming(now) else [],
        "buttons": offered(visit, now),
        "can_undo": visit.can_undo(now),
        "others": at_the_same_time.beside(visit) if visit.is_active else [],
        "may_change": frame.may(request, "change_appointment"),
        "may_set_status": frame.may(request, "set_appointment_status"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, saying what will be mailed; then cancel."""
    visit = frame.visit_or_404(request, pk)
    if visit.status != BOOKED:
        messages.warning(request, _("Only a booked visit can be cancelled. See how it is now."))
        return frame.to_day(visit)
    if request.method != "POST":
        return _ask_to_cancel(request, visit)
    done = _("%(name)s: cancelled. You can undo it for ten minutes.") % {"name": visit.name}
    seen = seen_by(request)
    try:
        frame.attempt(
            request,
            lambda: changes.cancel_by_desk(appointment=visit, now=timezone.now(), seen=seen),
            done,
        )
    except Changed as refused:
        return _ask_to_cancel(request, frame.visit_or_404(request, pk), refused.status)
    return frame.to_day(visit)


def _ask_to_cancel(request: HttpRequest, visit: Appointment, status: int = 200) -> HttpResponse:
    context = {"visit": visit}
    return frame.show(request, "appointment/cancel.html", _("Cancel visit"), context, status)


@require_POST
@frame.requires("change_appointment")
def undo_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cancellation back; the patient gets a new confirmation."""
    visit = frame.visit_or_404(request, pk)
    now = timezone.now()
    if visit.status == CANCELLED and not visit.can_undo(now):
        messages.error(request, _("Cancelled more than ten minutes ago: book it again instead."))
        return frame.back(request, visit)
    done = _("%(name)s: booked again.") % {"name": visit.name}
    seen = seen_by(request)
    return clicked(
        request,
        visit,
        lambda: undoing.undo_cancel(
            appointment=visit, now=now, seen=seen, override=overriding.leave_again(request, visit)
        ),
        done,
    )
