"""One click says that a patient arrived, was seen, or did not come; cancelling has its own page.

Each says which state of the visit it was offered for: `versions`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from booking.calendars import hours
from booking.calendars.doubts import unsettled
from booking.desk import frame, overriding
from booking.models import Appointment, AppointmentStatus
from booking.models.statuses import Standing
from booking.visits import attendance, versions
from booking.visits import overriding as at_the_same_time
from booking.visits.refusals import Changed

LONGEST_DAY, NO_TIME = timedelta(hours=25), timedelta()
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


def offered(visit: Standing, now: datetime) -> list[Button]:
    """The clicks that make sense for a visit now: none before its day."""
    ahead = visit.starts_at - now  # a grid asks often: days are compared where that does not tell
    if ahead > LONGEST_DAY or (ahead > NO_TIME and hours.today(visit.starts_at) > hours.today(now)):
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
    request: HttpRequest,
    visit: Appointment,
    act: Callable[[], object],
    done: str | Callable[[Any], None],
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


def can_undo_change(visit: Appointment, now: datetime) -> bool:
    """Whether the desk's last change of a booked visit can still be taken back."""
    made = visit.staff_changes.fresh(now).filter(sequence=visit.sequence)
    return visit.status == BOOKED and made.exists()


def clicks(request: HttpRequest, visit: Appointment, now: datetime) -> dict[str, object]:
    """What the buttons of a visit's own page need, and what is no longer true of it."""
    beside = at_the_same_time.beside(visit)
    return {
        "doubts": unsettled([visit]).get(visit, []) if visit.is_upcoming(now) else [],
        "buttons": offered(visit, now),
        "can_undo": visit.can_undo(now),
        "others": beside.visible_to(frame.staff(request)) if visit.is_active else [],
        "can_undo_change": can_undo_change(visit, now),
        "may_change": frame.may(request, "change_appointment"),
        "may_set_status": frame.may(request, "set_appointment_status"),
    }
