"""Correct how to reach a patient, and send what went astray again."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.desk import frame
from booking.desk.forms import CorrectionForm
from booking.models import Appointment
from booking.visits import corrections, sending_again, versions
from booking.visits.refusals import Changed
from conditions.admin import meanwhile

NAMES = ("name", "phone", "no_phone_reason", "email", "payment")
SEEN = "seen"  # the hidden field


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, telephone, e-mail, payment; another address makes the old link stop working."""
    visit = frame.visit_or_404(request, pk)
    if request.method != "POST":
        return _page(request, visit, _form(visit), _shown(visit))
    form, seen = _form(visit, request.POST), request.POST.get(SEEN, "")
    if not form.is_valid() or form.slip:
        return _page(request, visit, form, seen)
    try:
        done = _correct(request, visit, form, meanwhile.parse(seen))
    except Changed as refused:
        return _ask_again(request, pk, form, refused.status)
    if done and "send" in request.POST:
        _send(request, visit)
    return frame.to_day(request, visit)


def _form(visit: Appointment, data: Any = None) -> CorrectionForm:
    initial = {name: getattr(visit, name) for name in NAMES}
    # Nobody is asked about the address that was there.
    return CorrectionForm(data, initial=initial | {"right_address": visit.email})


def _shown(visit: Appointment) -> str:
    return json.dumps(versions.digests(visit, NAMES), separators=(",", ":"))


def _correct(
    request: HttpRequest, visit: Appointment, form: CorrectionForm, seen: Mapping[str, str]
) -> bool:
    return frame.attempt(
        request,
        lambda: corrections.correct(
            appointment=visit, changes=form.changes(), now=timezone.now(), seen=seen
        ),
        _("Contact details saved."),
    )


def _ask_again(request: HttpRequest, pk: int, form: CorrectionForm, status: int) -> HttpResponse:
    """The typing beside what somebody else saved since the form was opened; saved again, it
    counts.
    """
    visit, seen = frame.visit_or_404(request, pk), meanwhile.parse(request.POST.get(SEEN, ""))
    now = _form(visit)
    changed = versions.changed_since(visit, [name for name in NAMES if name in form.data], seen)
    told = [meanwhile.field_told(now, form, name) for name in changed]
    return _page(request, visit, form, _shown(visit), told, status)


def _page(
    request: HttpRequest,
    visit: Appointment,
    form: CorrectionForm,
    seen: str,
    told: list[meanwhile.Meanwhile] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"visit": visit, "form": form, SEEN: seen, "meanwhile": told}
    return frame.show(request, "appointment/contact.html", _("Contact details"), context, status)


@require_POST
@frame.requires("change_appointment")
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Owe the confirmation once more."""
    visit = frame.visit_or_404(request, pk)
    _send(request, visit)
    return frame.back(request, visit)


def _send(request: HttpRequest, visit: Appointment) -> None:
    if sending_again.send_again(appointment=visit, now=timezone.now()):
        messages.success(request, _("The confirmation is on its way again."))
    else:
        messages.warning(
            request, _("Nothing was sent: there is no e-mail address, or no visit to come to.")
        )
