"""Leads whoever saves what a visit hangs on to the visits that are no longer true."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.calendars.doubts import untrue
from booking.desk import frame
from booking.models import Appointment


class AffectsVisits(admin.ModelAdmin):
    """After saving, leads to the visits that are no longer true, if there are any."""

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return self._after(request, super().response_add(request, obj, *args, **kwargs))

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        return self._after(request, super().response_change(request, obj))

    def _after(self, request: HttpRequest, response: Any) -> Any:
        visible = Appointment.objects.visible_to(frame.staff(request))
        count = len(untrue(visible, timezone.now()))
        if not count or not frame.may(request, "view_appointment"):
            return response
        address = reverse("admin:booking_appointment_to_deal_with")
        found = ngettext(
            "%(count)d booked visit is no longer true as it was told.",
            "%(count)d booked visits are no longer true as they were told.",
            count,
        ) % {"count": count}
        link = '{} <a href="{}">{}</a>'
        messages.warning(request, format_html(link, found, address, _("See them and call.")))
        staying = {"_continue", "_addanother", "_popup"} & set(request.POST)
        return response if staying else HttpResponseRedirect(address)
