"""That what is kept of somebody was copied or erased."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from booking.admin.history import AuditedAdmin
from booking.models import DataRequest

SHOWN = ["made_at", "kind", "made_by", "visits", "wishes", "questions", "kept"]


@admin.register(DataRequest)
class DataRequestAdmin(AuditedAdmin):
    """Written by the desk's pages; nobody changes it."""

    list_display = [*SHOWN]
    list_filter = ["kind"]
    fields = [*SHOWN]
    ordering = ["-made_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
