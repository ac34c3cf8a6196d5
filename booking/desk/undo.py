"""The way back from what the desk just did, beside the words that it was done.

The words are kept by Django until a page shows them; with them goes which visit, as which of its
versions (`frame.say_undoable`). What is mailed of it is read as that page is shown.
"""

import re
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.desk import frame, overriding
from booking.desk.statuses import clicked, seen_by
from booking.messages.previews import Preview, preview
from booking.models import Appointment, AppointmentStatus
from booking.models.statuses import UNDO
from booking.visits import undoing

CANCELLED = AppointmentStatus.CANCELLED
TAG = re.compile(r"undo-([0-9]{1,18})-([0-9]{1,9})")


class Undo(NamedTuple):
    """A visit that the desk just changed or cancelled, and the e-mail of it that still waits."""

    visit: Appointment
    preview: Preview | None
    leaves_at: datetime | None


def offered(request: HttpRequest, tags: str) -> Undo | None:
    """What a message's own tags stand for; None where they say of none, or of one that has changed
    since, or is not this user's.
    """
    found = TAG.search(tags or "")
    if found is None or not frame.may(request, "change_appointment"):
        return None
    visible = Appointment.objects.visible_to(frame.staff(request)).with_details()
    visit = visible.filter(pk=found[1], sequence=found[2]).first()
    now = timezone.now()
    if visit is None or not visit.staff_changes.fresh(now).filter(sequence=found[2]).exists():
        return None
    waiting = visit.emails.news(visit.sequence).untouched().first()
    if waiting is None:
        return Undo(visit, None, None)
    return Undo(visit, preview(waiting.kind, visit, now), waiting.due_at)


@require_POST
@frame.requires("change_appointment")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what the desk last did: a cancellation, or a change of a booked visit."""
    visit, now = frame.visit_or_404(request, pk), timezone.now()
    if visit.status == CANCELLED and not visit.can_undo(now):
        messages.error(request, _("Cancelled more than ten minutes ago: book it again instead."))
        return frame.back(request, visit)
    last = visit.staff_changes.filter(sequence=visit.sequence).first()
    if visit.status != CANCELLED and last and now > last.made_at + UNDO:
        messages.error(request, _("Changed more than ten minutes ago: change it again instead."))
        return frame.back(request, visit)
    take_back = undoing.undo_cancel if visit.status == CANCELLED else undoing.undo_change
    words = _("%(name)s: booked again.") if visit.status == CANCELLED else _("%(name)s: as before.")
    seen, leave = seen_by(request), overriding.leave_again(request, visit)
    return clicked(
        request,
        visit,
        lambda: take_back(appointment=visit, now=now, seen=seen, override=leave),
        lambda row: messages.success(request, " ".join([words % {"name": row.name}, _mailed(row)])),
    )


def _mailed(visit: Appointment) -> str:
    """What the patient hears of an undoing."""
    if visit.emails.news(visit.sequence).exists():
        return _("An e-mail says so to the patient.")
    return _("Nothing is mailed.") if visit.email else _("No e-mail: tell them by telephone.")
