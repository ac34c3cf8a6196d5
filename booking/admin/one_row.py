"""What there is one row of: its list is its form."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

ONLY = 1  # its primary key


class OneRowAdmin(admin.ModelAdmin):
    """The form of the row: of a new one, where somebody has deleted it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        there = self.model._default_manager.exists
        return self.has_change_permission(request) and not there()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if response.status_code != HTTPStatus.OK:
            return response
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse(f"{name}_add"))
        return HttpResponseRedirect(reverse(f"{name}_change", args=[ONLY]))

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """The menu of every page asks this: the list alone looks whether there is a row."""
        return super().get_model_perms(request) | {"add": False, "delete": False}
