"""Leads whoever saves hours, time off or a closure to the visits that the change lies over."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.calendars.doubts import outside_hours
from booking.desk import frame
from booking.models import Appointment, Therapist


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
        user, now = frame.staff(request), timezone.now()
        therapist = self.affected_therapist(obj)
        count = Appointment.objects.visible_to(user).to_deal_with(now).count()
        count += len(outside_hours(therapist, user, now)) if therapist else 0
        if not count or not frame.may(request, "view_appointment"):
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
