"""Rows that the site writes and staff read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from booking.admin.history import AuditedAdmin


class ReadOnly(admin.ModelAdmin):
    """Nobody adds, changes or deletes one here. Comes first among the bases."""

    keeps_history = True  # what never changes has no page of who changed what to lead to

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        more = {"never_changes": not self.keeps_history, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)


class WrittenOnce(ReadOnly, AuditedAdmin):
    """The same of rows that are written once."""

    keeps_history = False
