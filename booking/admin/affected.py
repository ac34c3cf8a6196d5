"""Visits over which time off or a closure was entered, or that hours no longer cover."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from booking.admin import pages
from booking.calendars.doubts import outside_hours
from booking.models import Appointment, Therapist


@require_safe
@pages.needs("view_appointment")
def to_deal_with(request: HttpRequest) -> HttpResponse:
    """The list to telephone through; with `?therapist=`, also what lies outside their hours."""
    user, now = pages.staff(request), timezone.now()
    asked = request.GET.get("therapist")
    therapist = next((row for row in Therapist.objects.all() if row.slug == asked), None)
    context = {
        "visits": Appointment.objects.visible_to(user).to_deal_with(now).with_details(),
        "therapist": therapist,
        "outside": outside_hours(therapist, user, now) if therapist else [],
        "may_change": pages.may(request, "change_appointment"),
    }
    return pages.show(request, "appointment/to_deal_with.html", _("Visits to deal with"), context)


class AffectsVisits(admin.ModelAdmin):
    """After saving, leads to the visits that the change lies over, if there are any."""

    def affected_therapist(self, row: Any) -> Therapist | None:
        """Whose hours may have changed with this row."""
        return None

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self._after(request, obj, super().response_add(request, obj, *args, **kwargs))

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._after(request, obj, super().response_change(request, obj))

    def _after(self, request: HttpRequest, obj: Any, response: Any) -> Any:
        user, now = pages.staff(request), timezone.now()
        therapist = self.affected_therapist(obj)
        count = Appointment.objects.visible_to(user).to_deal_with(now).count()
        count += len(outside_hours(therapist, user, now)) if therapist else 0
        if not count or not pages.may(request, "view_appointment"):
            return response
        address = reverse("admin:booking_appointment_to_deal_with")
        address += f"?therapist={therapist.slug}" if therapist else ""
        found = ngettext(
            "%(count)d visit is booked outside the times now open.",
            "%(count)d visits are booked outside the times now open.",
            count,
        ) % {"count": count}
        link = '{} <a href="{}">{}</a>'
        messages.warning(request, format_html(link, found, address, _("See them and call.")))
        staying = {"_continue", "_addanother", "_popup"} & set(request.POST)
        return response if staying else HttpResponseRedirect(address)
