"""The clinic's switch for online booking: one page, one button."""

from http import HTTPStatus
from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.admin.history import AuditedAdmin
from booking.admin.own_places import OfAllPlaces
from booking.desk import frame
from booking.models import OnlineBooking, Therapist
from conditions.admin.acting import SEEN

ROW = 1
NEVER = "0"  # nobody has touched the switch


@admin.register(OnlineBooking)
class OnlineBookingAdmin(OfAllPlaces, AuditedAdmin):
    """There is one row at most, so the list is the switch itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return super().get_model_perms(request) | {"add": False, "delete": False}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.switch(request)
        return self._page(request)

    def _page(self, request: HttpRequest, status: int = HTTPStatus.OK) -> HttpResponse:
        visible = Therapist.objects.visible_to(frame.staff(request))
        context = {
            "opts": self.opts,
            "paused": OnlineBooking.objects.filter(paused=True).exists(),
            "therapists": visible.filter(active=True, online_booking=False),
            "may_change": self.has_change_permission(request),
            SEEN: _version(),
        }
        return frame.show(request, "online_booking.html", _("Online booking"), context, status)

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Say which way, so that two clicks at once do not undo each other; of which state, so that
        a page left open does not undo what a colleague did since.
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        paused = request.POST.get("paused") == "yes"
        if not self._set(paused, request.POST.get(SEEN)):
            text = _("Nothing was changed: somebody has used the switch since this page was shown.")
            messages.error(request, text)
            return self._page(request, HTTPStatus.CONFLICT)
        said = _("Online booking is paused.") if paused else _("Online booking is open again.")
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:booking_onlinebooking_changelist"))

    @transaction.atomic
    def _set(self, paused: bool, seen: str | None) -> bool:
        """Whether it is so now: not where a page that showed another state would change it."""
        created = OnlineBooking.objects.get_or_create(pk=ROW)[1]
        # Closes the race between two clicks: what is compared stays true until it is written.
        row = OnlineBooking.objects.select_for_update(no_key=True).get(pk=ROW)
        standing = NEVER if created else _version()
        if row.paused != paused and seen != standing:
            return False
        row.paused = paused
        row.save()
        return True


def _version() -> str:
    """Which switching the clinic stands at: the same state may have come about anew."""
    switchings = LogEntry.objects.get_for_model(OnlineBooking).order_by("-pk")
    return str(switchings.values_list("pk", flat=True).first() or NEVER)
