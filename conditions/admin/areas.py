"""Parts of the body."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from conditions.admin.held import PartAdmin
from conditions.models import BodyArea


@admin.register(BodyArea)
class BodyAreaAdmin(PartAdmin):
    """One that something belongs to is not deleted: its warnings would stand on every page."""

    list_display = ["title", "lead", "order"]
    search_fields = ["title", "lead"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_used():
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one, so that none goes which is in use."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
