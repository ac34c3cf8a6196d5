"""Closures and time off in lists and on their pages: how far the desk is with telling patients."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.calendars import hurt
from booking.calendars.hurt import Leave
from booking.desk import absence, frame
from booking.models import Appointment


class SaysWhoIsHurt(admin.ModelAdmin):
    """Shows how many patients of an absence are still to tell, and leads to where that is done."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read for all rows of the page together: three queries."""
        found = super().get_changelist_instance(request)
        _read(request, list(found.result_list))
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method in ("GET", "HEAD"):
            _read(request, [row])
        return row

    @admin.display(description=gettext_lazy("Patients"))
    def patients(self, row: Any) -> SafeString | str:
        found = getattr(row, "hurt", None)
        words = absence.said(found) if found else ""
        if not words:
            return _("No booked visit lies in that time.") if found is not None else "–"
        return format_html('<a href="{}">{}</a>', absence.address(row), words)


def _read(request: HttpRequest, rows: Sequence[Leave]) -> None:
    """Put it beside each row, for whoever may deal with it."""
    if not frame.may(request, "change_appointment"):
        return
    visible = Appointment.objects.visible_to(frame.staff(request))
    for row, found in hurt.by(rows, visible, timezone.now()).items():
        row.hurt = hurt.progress(found)  # type: ignore[union-attr]
