"""Every change that was kept, of all rows together: who changed what, and when."""

import re
from collections.abc import Iterable
from typing import Any

from auditlog.admin import LogEntryAdmin
from auditlog.models import LogEntry
from auditlog.render import get_field_verbose_name
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conditions.admin.addresses import KnownFilters
from conditions.admin.words import SLUG

admin.site.unregister(LogEntry)


class KindFilter(admin.SimpleListFilter):
    """Of what kind the changed rows are."""

    title = gettext_lazy("what")
    parameter_name = "resource_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[Any, str]]:
        changed = LogEntry.objects.order_by().values("content_type").distinct()
        kinds = ContentType.objects.filter(pk__in=changed)
        named = [(kind.pk, capfirst(_name(kind))) for kind in kinds]
        return sorted(named, key=lambda each: each[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return queryset.filter(content_type_id=self.value()) if self.value() else None


NOTHING = re.compile(r"^$|(^|\.)None$")  # as the log writes a field without a value, and a list
YES_OR_NO = {"True": gettext_lazy("Yes"), "False": gettext_lazy("No")}
KEYS = {"ID", "Id", "id"}  # of the database: they say nothing to staff
DONE = {
    LogEntry.Action.CREATE: gettext_lazy("Made"),
    LogEntry.Action.UPDATE: gettext_lazy("Changed"),
    LogEntry.Action.DELETE: gettext_lazy("Removed"),
}


class DoneFilter(admin.SimpleListFilter):
    """What was done with them."""

    title = gettext_lazy("what was done")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[Any, Any]]:
        return DONE.items()

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return queryset.filter(action=self.value()) if self.value() else None


@admin.register(LogEntry)
class ChangesAdmin(KnownFilters, LogEntryAdmin):
    """To look at; who removed a row is told here alone."""

    kind = gettext_lazy("change")
    kinds = gettext_lazy("who changed what")
    list_display = ["when", "who", "what", "done", "fields_changed"]
    list_filter = [DoneFilter, KindFilter]
    list_display_links = ["when"]
    list_per_page = 50
    readonly_fields = ["when", "who", "what", "done", "msg"]
    fieldsets = [(None, {"fields": ["when", "who", "what", "done", "msg"]})]
    search_help_text = gettext_lazy("A name of what was changed, or of who changed it")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """A change does not change: it leads to no history of its own."""
        more = {"never_changes": True, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)

    def row_name(self, row: Any) -> str:
        return f"{row.object_repr}, {self.when(row)}"

    @admin.display(description=gettext_lazy("when"), ordering="timestamp")
    def when(self, entry: LogEntry) -> str:
        return date_format(localtime(entry.timestamp), "D, M j, Y, P")

    @admin.display(description=gettext_lazy("who"), ordering="actor")
    def who(self, entry: LogEntry) -> str:
        return str(entry.actor) if entry.actor else _("Online, or by itself")

    @admin.display(description=gettext_lazy("what"))
    def what(self, entry: LogEntry) -> SafeString | str:
        """Its kind and name; a link where it has a page, and is still there."""
        kind = entry.content_type
        words = f"{capfirst(_name(kind))}: {entry.object_repr}"
        try:
            page = reverse(f"admin:{kind.app_label}_{kind.model}_change", args=[entry.object_pk])
        except NoReverseMatch:
            return words
        if entry.action == LogEntry.Action.DELETE:
            return words
        return format_html('<a href="{}">{}</a>', page, words)

    @admin.display(description=gettext_lazy("done"), ordering="action")
    def done(self, entry: LogEntry) -> str:
        return str(DONE.get(entry.action, ""))

    @admin.display(description=gettext_lazy("what changed"))
    def msg(self, entry: LogEntry) -> SafeString:
        """Before and after of each field; of a row that was made, what it said then."""
        if entry.action != LogEntry.Action.CREATE:
            return super().msg(entry)
        said = [
            (capfirst(_field(entry, name)), YES_OR_NO.get(values[1], values[1]))
            for name, values in entry.changes_display_dict.items()
            if isinstance(values, list) and NOTHING.search(str(values[1])) is None
            if name not in KEYS
        ]
        rows = format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", said)
        return format_html("<table>{}</table>", rows)

    @admin.display(description=gettext_lazy("of it"))
    def fields_changed(self, entry: LogEntry) -> str:
        """Names of what was changed; of rows made or removed that would be all of them."""
        if entry.action != LogEntry.Action.UPDATE:
            return ""
        return ", ".join(capfirst(_field(entry, name)) for name in entry.changes_dict)


def _field(entry: LogEntry, name: str) -> str:
    """What staff call a field, as its form does."""
    return _("Address on the site") if name == SLUG else str(get_field_verbose_name(entry, name))


def _name(kind: ContentType) -> str:
    """What rows of a kind are called; of a model that is gone its stored name."""
    model = kind.model_class()
    return str(model._meta.verbose_name) if model else kind.model
