"""The list to telephone through: visits that have stopped being true, each with the reason."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.calendars.doubts import untrue
from booking.desk import frame
from booking.desk.statuses import clicked, seen_by
from booking.models import Appointment
from booking.visits import keeping


@require_safe
@frame.requires("view_appointment")
def to_deal_with(request: HttpRequest) -> HttpResponse:
    """Every such visit, until it is moved, cancelled or kept on purpose."""
    visible = Appointment.objects.visible_to(frame.staff(request))
    context = {
        "visits": untrue(visible, timezone.now()),
        "may_change": frame.may(request, "change_appointment"),
    }
    return frame.show(request, "appointment/to_deal_with.html", _("Visits to deal with"), context)


@require_POST
@frame.requires("change_appointment")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """It stays as it is, against the doubts that were shown beside the button."""
    visit = frame.visit_or_404(request, pk)
    seen, codes, now = seen_by(request), request.POST.getlist("code"), timezone.now()
    return clicked(
        request,
        visit,
        lambda: keeping.keep(appointment=visit, codes=codes, now=now, seen=seen),
        _("%(name)s: stays as it is.") % {"name": visit.name},
    )
