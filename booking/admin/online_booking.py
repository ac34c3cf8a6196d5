"""The clinic's switch for online booking: one page, one button."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.admin.history import AuditedAdmin
from booking.desk import frame
from booking.models import OnlineBooking, Therapist

ROW = 1


@admin.register(OnlineBooking)
class OnlineBookingAdmin(AuditedAdmin):
    """There is one row at most, so the list is the switch itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.switch(request)
        context = {
            "opts": self.opts,
            "paused": OnlineBooking.objects.filter(paused=True).exists(),
            "therapists": Therapist.objects.filter(active=True, online_booking=False),
            "may_change": self.has_change_permission(request),
        }
        return frame.show(request, "online_booking.html", _("Online booking"), context)

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Say which way, so that two clicks at once do not undo each other."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        paused = request.POST.get("paused") == "yes"
        row = OnlineBooking.objects.get_or_create(pk=ROW)[0]
        row.paused = paused
        row.save()
        said = _("Online booking is paused.") if paused else _("Online booking is open again.")
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:booking_onlinebooking_changelist"))
