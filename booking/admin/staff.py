"""Staff accounts: managers make them and put them into groups, short of making superusers."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from conditions.admin.saving import SavesInTurn

User = get_user_model()
admin.site.unregister([User, Group])
POWERS = ["is_superuser", "user_permissions"]


@admin.register(User)
class StaffUserAdmin(SavesInTurn, UserAdmin):
    """Nobody but a superuser changes a superuser, or hands out single permissions."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        kept = list(super().get_readonly_fields(request, obj))
        return kept if request.user.is_superuser else kept + POWERS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


@admin.register(Group)
class StaffGroupAdmin(SavesInTurn, GroupAdmin):
    """What the members of a group may do."""
