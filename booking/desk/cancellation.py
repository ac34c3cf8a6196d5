"""Cancelling a visit asks first: why, and whether it is mailed. For ten minutes it can be undone,
as any change of the desk.
"""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.desk import frame
from booking.desk.mail_tick import MailTickForm
from booking.desk.statuses import seen_by
from booking.messages.previews import preview
from booking.models import Appointment, AppointmentStatus, CancelReason, OutgoingEmail
from booking.visits import changes
from booking.visits.refusals import Changed


class CancelForm(MailTickForm):
    """Why, and whether the patient is mailed."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        required=False,
        choices=[*CancelReason.choices, ("", gettext_lazy("Not said"))],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, showing what will be mailed; then cancel."""
    visit = frame.visit_or_404(request, pk)
    if visit.status != AppointmentStatus.BOOKED:
        messages.warning(request, _("Only a booked visit can be cancelled. See how it is now."))
        return frame.to_day(request, visit)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, visit, form)
    seen, now = seen_by(request), timezone.now()
    asked = {name: form.cleaned_data[name] for name in ("reason", "tells")}
    done = _("%(name)s: cancelled. You can undo it for ten minutes.") % {"name": visit.name}
    try:
        frame.attempt(
            request,
            lambda: changes.cancel_by_desk(appointment=visit, now=now, seen=seen, **asked),
            lambda row: frame.say_undoable(request, row, done),
        )
    except Changed as refused:
        return _page(request, frame.visit_or_404(request, pk), form, refused.status)
    return frame.to_day(request, visit)


def _page(
    request: HttpRequest, visit: Appointment, form: CancelForm, status: int = 200
) -> HttpResponse:
    """Asks once more about the visit as it is, with what was ticked before."""
    shown = preview(OutgoingEmail.Kind.CANCELLED, visit, timezone.now())
    context = {"visit": visit, "form": form, "preview": shown}
    return frame.show(request, "appointment/cancel.html", _("Cancel visit"), context, status)
