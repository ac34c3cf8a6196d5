"""The list to telephone through: visits that time off, a closure or the hours leave uncovered."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars.doubts import outside_hours
from booking.desk import frame
from booking.models import Appointment, Therapist


@require_safe
@frame.requires("view_appointment")
def to_deal_with(request: HttpRequest) -> HttpResponse:
    """The list to telephone through; with `?therapist=`, also what lies outside their hours."""
    user, now = frame.staff(request), timezone.now()
    asked = request.GET.get("therapist")
    therapist = next((row for row in Therapist.objects.all() if row.slug == asked), None)
    context = {
        "visits": Appointment.objects.visible_to(user).to_deal_with(now).with_details(),
        "therapist": therapist,
        "outside": outside_hours(therapist, user, now) if therapist else [],
        "may_change": frame.may(request, "change_appointment"),
    }
    return frame.show(request, "appointment/to_deal_with.html", _("Visits to deal with"), context)
