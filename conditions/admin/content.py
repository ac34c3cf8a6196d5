"""What all pages with an address share in the admin: previews above all."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from conditions.admin.pickers import PicksByArea
from conditions.admin.review import ReviewedAdmin, reading_address
from conditions.models import Content

TEXT_HELP = _(
    "Plain text. An empty line starts a new paragraph, “- ” a list item, **two stars** make bold. "
    "Link: [words](/services/). Source: [@short-name]. Keep sentences under 20 words."
)


class ContentAdmin(PicksByArea, ReviewedAdmin):
    """A page with an address: fieldsets, review, and a preview of drafts."""

    list_display = ["title", "state", "reviewed_on", "next_review_due", "updated_at"]
    search_fields = ["title", "slug", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["read_selected", "take_back_selected"]
    preview_template: str
    preview_context: Callable[..., dict[str, Any]]

    @admin.action(description=_("Read and sign, one after another"), permissions=["approve"])
    def read_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """A page is signed where it is read, with its parts: a list shows neither."""
        keys = list(queryset.values_list("pk", flat=True))
        return HttpResponseRedirect(reading_address(self.opts.model_name, keys))

    def with_parts(self) -> QuerySet:
        """Rows as the public view loads them, drafts of their parts included."""
        return self.model._default_manager.with_parts(drafts=True)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """An address is proposed once, and not changed with the title."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_urls(self) -> list[URLPattern]:
        name = f"conditions_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview)
        return [path("<path:object_id>/preview/", view, name=name), *super().get_urls()]

    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as it would be, each part that nobody signed marked; never kept by a cache."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        row: Content = self.with_parts().get(pk=found.pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = type(self).preview_context(row, drafts=True)
        response = render(request, self.preview_template, context)
        add_never_cache_headers(response)
        return response
