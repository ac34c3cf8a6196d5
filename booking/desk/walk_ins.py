"""Walk-in now: somebody stands at the desk, is booked with whom they can see, and has arrived."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.calendars import hours, instants
from booking.calendars.doubts import JUST_BEGUN
from booking.desk import callers, frame, opening, overriding
from booking.desk.day import asked_visit_type
from booking.desk.forms import CallerForm
from booking.models import Appointment, Therapist, VisitType
from booking.models.staff_places import places_of
from booking.visits import walk_ins
from booking.visits.refusals import Refused, SlotUnavailable
from booking.visits.requests import Request


class WalkInForm(CallerForm):
    """A visit that begins as the form is opened; a form left open longer than a walk-in may have a
    time that has begun, begins anew.
    """

    starts_at: datetime

    def __init__(self, now: datetime, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.starts_at = began((data or {}).get("began", ""), now)
        for name in ("day", "time"):
            del self.fields[name]
        if data is None:
            self.fields["name"].widget.attrs["autofocus"] = True


def began(code: str, now: datetime) -> datetime:
    """The minute (UTC) at which a form says that it was opened, if that may still be; else now."""
    this_minute = now.replace(second=0, microsecond=0)
    try:
        opened = instants.parse(code)
    except ValueError:
        return this_minute
    return opened if now - JUST_BEGUN <= opened <= now else this_minute


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("add_appointment", "set_appointment_status")
def walk_in(request: HttpRequest) -> HttpResponse:
    """Name, therapist, and a telephone number or why there is none; they begin now.

    Asked for by the caller's form, it is posted, and opens with what was typed there.
    """
    now = timezone.now()
    if request.method != "POST" or opening.CARRY in request.POST:
        return _page(request, _new(request, now), [], now)
    form = WalkInForm(now, request.POST, user=frame.staff(request))
    if not form.is_valid():
        return _page(request, form, [], now)
    doubts = form.doubts(form.ends_at(), now)
    if form.slip or (doubts and not form.is_confirmed()):
        return _page(request, form, doubts, now)
    visit = _walk_in(request, form, now)
    if visit is None:
        return _page(request, form, doubts, now)
    said = {"name": visit.name, "who": visit.therapist.name, "ref": visit.reference}
    messages.success(request, _("%(name)s is here, with %(who)s now: %(ref)s.") % said)
    overriding.say_beside(request, visit)
    return frame.to_day(request, visit)


def _new(request: HttpRequest, now: datetime) -> WalkInForm:
    """An empty form, with a therapist who is free now chosen, or the one that was asked for."""
    visit_type = _asked_type(request)
    free = _free_now(request, visit_type, now)
    initial = {
        "therapist": request.GET.get("therapist", free[0].slug if free else ""),
        "visit_type": visit_type and visit_type.slug,
        "key": uuid.uuid4(),
    }
    typed = opening.typed_so_far(request.POST)
    told = {name: value for name, value in typed.items() if value}
    return WalkInForm(now, user=frame.staff(request), initial=initial | told)


def _asked_type(request: HttpRequest) -> VisitType | None:
    """What the caller's form says, or the address; the clinic's first else."""
    offered = list(VisitType.objects.offered())
    typed = opening.typed_so_far(request.POST).get("visit_type")
    chosen = next((row for row in offered if row.slug == typed), None)
    return chosen or asked_visit_type(request, offered)


def _free_now(request: HttpRequest, visit_type: VisitType | None, now: datetime) -> list[Therapist]:
    """Who could begin such a visit now: free since a time that has just begun."""
    if visit_type is None:
        return []
    today = callers.free_on(frame.staff(request), hours.today(now), visit_type)
    return [who for who, slots in today if any(slot.starts_at <= now for slot in slots)]


def _walk_in(request: HttpRequest, form: WalkInForm, now: datetime) -> Appointment | None:
    """Book what the form says; None where the form now says why not."""
    data = form.cleaned_data
    try:
        return walk_ins.walk_in(
            visit_type=data["visit_type"],
            therapist=data["therapist"],
            starts_at=form.starts_at,
            patient=form.patient(),
            request=Request(key=data["key"], now=now),
            location=form.place(),
            note=data["note"],
            known=form.known,
            override=overriding.leave(request, form),
            places=places_of(form.user),
        )
    except SlotUnavailable:
        name = {"name": data["therapist"].name}
        form.add_error(None, _("%(name)s has another visit now, or soon.") % name)
    except (Refused, OperationalError) as error:
        form.add_error(None, frame.why_not(error))
    return None


def _page(request: HttpRequest, form: WalkInForm, doubts: list[str], now: datetime) -> HttpResponse:
    """The form as it was typed, who is free now, and what speaks against the one who was chosen."""
    visit_type = form.cleaned_data.get("visit_type") if form.is_bound else None
    visit_type = visit_type or _asked_type(request)
    context = {
        "form": form,
        "doubts": doubts,
        "free_now": _free_now(request, visit_type, now),
        "starts_at": form.starts_at,
        "began": instants.code(form.starts_at),
        "clash": overriding.clash(request, form),
    }
    return frame.show(request, "appointment/walk_in.html", _("Walk-in now"), context)
