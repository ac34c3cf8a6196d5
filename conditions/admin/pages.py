"""The clinic's own pages."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.content import TEXT_HELP, ContentAdmin
from conditions.admin.plain_text import StackedInline
from conditions.admin.review import REVIEW
from conditions.models import Page, PageSection
from conditions.pages import parts


class PageSectionInline(StackedInline):
    model = PageSection
    fields = ["order", "heading", "text"]


@admin.register(Page)
class PageAdmin(ContentAdmin):
    preview_template = "conditions/page.html"
    preview_context = staticmethod(parts.of_page)
    inlines = [PageSectionInline]
    list_filter = ["state", "legal_template"]
    prepopulated_fields = {}
    fieldsets = [
        (
            None,
            {"description": TEXT_HELP, "fields": ["title", "slug", "summary", "legal_template"]},
        ),
        (_("Written by"), {"fields": ["author", "what_changed"]}),
        REVIEW,
    ]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Staff are told that a legal text is a template; patients are not."""
        page = self.get_object(request, object_id)
        if page and page.legal_template and request.method == "GET":
            text = _("This legal text is a template: the clinic's counsel has to complete it.")
            self.message_user(request, text, messages.WARNING)
        return super().change_view(request, object_id, *args, **kw)
