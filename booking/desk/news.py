"""What patients changed since the user last looked, and the button that says it was seen."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.desk import frame
from booking.models import Appointment, PatientChange, Therapist
from booking.visits import seeing

MOST = 100  # the newest; the older ones follow when these are marked as seen
KEY = re.compile("[0-9]{1,18}")


@dataclass
class Changed:
    """One visit as it is, and what it was before the first change that the user has not seen."""

    visit: Appointment
    made_at: datetime  # the latest of the changes
    was_starts_at: datetime
    was_therapist: Therapist | None
    may_open: bool  # of a visit that has left the user's calendar or places they see no more
    keys: list[int] = field(default_factory=list)  # of the changes


def unseen(user: AbstractUser) -> dict[int, Changed]:
    """By the visit's primary key, the latest change first; two queries, one where there is none."""
    found: dict[int, Changed] = {}
    rows = PatientChange.objects.unseen_by(user)
    if not rows.exists():
        return found
    visible = Appointment.objects.visible_to(user).filter(pk=OuterRef("appointment"))
    rows = rows.annotate(may_open=Exists(visible))
    for row in rows.select_related("appointment__therapist", "was_therapist")[:MOST]:
        visit, was = row.appointment, (row.was_starts_at, row.was_therapist)
        line = found.setdefault(visit.pk, Changed(visit, row.made_at, *was, row.may_open))
        line.was_starts_at, line.was_therapist = was
        line.keys.append(row.pk)
    return found


@require_POST
@frame.requires("view_appointment")
def mark_seen(request: HttpRequest) -> HttpResponse:
    """Those that the page showed, by their keys: what came up since is shown the next time."""
    keys = [int(key) for key in request.POST.getlist("change") if KEY.fullmatch(key)]
    seeing.mark(user=frame.staff(request), changes=keys)
    messages.success(request, _("Marked as seen."))
    return frame.back_to_page(request)
