"""Correct how to reach a patient, and send what went astray again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.desk import frame
from booking.desk.forms import CorrectionForm
from booking.models import Appointment
from booking.visits import corrections, sending_again


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, telephone, e-mail, payment; another address makes the old link stop working."""
    visit = frame.visit_or_404(request, pk)
    initial = {name: getattr(visit, name) for name in ("name", "phone", "email", "payment")}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = frame.attempt(
            request,
            lambda: corrections.correct(
                appointment=visit, changes=form.changes(), now=timezone.now()
            ),
            _("Contact details saved."),
        )
        if done and "send" in request.POST:
            _send(request, visit)
        return frame.to_day(visit)
    context = {"visit": visit, "form": form}
    return frame.show(request, "appointment/contact.html", _("Contact details"), context)


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
