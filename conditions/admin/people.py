"""Authors and reviewers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from conditions.admin.held import PartAdmin
from conditions.admin.history import AuditedAdmin
from conditions.admin.newer import DecidesOnNewerTexts
from conditions.models import Author, Reviewer


@admin.register(Author)
class AuthorAdmin(PartAdmin):
    """The byline of approved pages is signed with them."""

    list_display = ["name", "role", "writes_since"]
    search_fields = ["name"]


@admin.register(Reviewer)
class ReviewerAdmin(DecidesOnNewerTexts, AuditedAdmin):
    """Only who manages staff accounts names reviewers: no editor makes themselves one."""

    list_display = ["name", "credentials", "licence", "user"]
    list_select_related = ["user"]
    search_fields = ["name", "licence"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self._manages_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._manages_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._manages_staff(request)

    def _manages_staff(self, request: HttpRequest) -> bool:
        return request.user.has_perm("auth.change_user")
