"""Pages of the admin in staff's words: what they are called, yes and no, no more than needed."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import BLANK_CHOICE_DASH, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SLUG = "slug"
DASHES = BLANK_CHOICE_DASH[0][1]
# The browser's own: in its words for a date and a time, without seconds, and by one key each.
NATIVE = {
    models.DateField: lambda: forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    models.TimeField: lambda: forms.TimeInput({"type": "time"}, "%H:%M"),
}


class PlainFields(BaseModelAdmin):
    """Beside what is chosen stands no icon that deletes it, or only looks at it. What is not chosen
    yet says so, and days and times are typed as everywhere at the desk.
    """

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if native := NATIVE.get(type(db_field)):
            kwargs = {"widget": native(), **kwargs}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        if field and db_field.name == SLUG and field.label == "Slug":
            field.label = gettext_lazy("Address on the site")
        return _without_dashes(field)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        words = {"empty_label": _("None") if db_field.blank else _("Choose")}
        return super().formfield_for_foreignkey(db_field, request, **words | kwargs)


def _without_dashes(field: Any) -> Any:
    """A field whose blank choice is a word; of rows, see `formfield_for_foreignkey`."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        blank, choices = _("Choose") if field.required else _("Not said"), cast(Any, field.choices)
        field.choices = [(key, blank if said == DASHES else said) for key, said in choices]
    return field


class PlainPages(PlainFields, admin.ModelAdmin):
    """Lists are called by what is in them, and a row's pages by its kind, with its name below.

    `kind` and `kinds` stand in for the names of a model that is not ours. `row_name` says a row as
    staff call it.
    """

    kind: str | Promise = ""
    kinds: str | Promise = ""
    deletes_several = True

    @property
    def one(self) -> str:
        return str(self.kind or self.opts.verbose_name)

    @property
    def many(self) -> str:
        return str(self.kinds or self.opts.verbose_name_plural)

    def row_name(self, row: Any) -> str:
        return str(row)

    # Titles

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.title = capfirst(self.many)
        return found

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        row = kw.get("obj")
        context["title"] = _("New %(kind)s") % {"kind": self.one} if not row else capfirst(self.one)
        context["subtitle"] = self.row_name(row) if row else None
        return super().render_change_form(request, context, *args, **kw)

    def render_delete_form(self, request: HttpRequest, context: Any) -> Any:
        is_held = context["protected"] or context["perms_lacking"]
        context["title"] = _("This cannot be deleted") if is_held else _("Delete this?")
        context["subtitle"] = self.row_name(context["object"])
        return super().render_delete_form(request, context)

    def response_action(self, request: Any, queryset: QuerySet) -> Any:  # type: ignore[override]
        response = super().response_action(request, queryset)
        context = getattr(response, "context_data", None) or {}
        if "deletable_objects" in context:
            context["title"] = _("Delete these?")
        return response

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        title = {"title": _("Who changed what")}
        return super().history_view(request, object_id, title | (extra_context or {}))

    # What a list shows and does

    def get_list_display(self, request: HttpRequest) -> Any:
        return [self._in_words(name) for name in super().get_list_display(request)]

    def _in_words(self, name: Any) -> Any:
        """A column of yes and no says so: a red cross would mark what is nothing wrong."""
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return name
        return yes_or_no(field) if isinstance(field, models.BooleanField) else name

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, default_choices or [("", _("Choose"))])

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not self.deletes_several:
            actions.pop("delete_selected", None)
        return actions

    # What a form shows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever cannot change its name for addresses need not see it."""
        found = super().get_fieldsets(request, obj)
        may_change = obj is None or self.has_change_permission(request, obj)
        if may_change and SLUG not in self.get_readonly_fields(request, obj):
            return found
        return [
            (title, options | {"fields": without_slug(options["fields"])})
            for title, options in found
        ]


def without_slug(fields: Iterable[Any]) -> list[Any]:
    """Names of fields, or rows of them, but for that one."""
    return [
        without_slug(each) if isinstance(each, list | tuple) else each
        for each in fields
        if each != SLUG
    ]


def yes_or_no(field: Any) -> Callable[[Any], str]:
    """A column of a list for that field of a row, in a word."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def said(row: Any) -> str:
        return _("Yes") if getattr(row, field.name) else _("No")

    said.__name__ = field.name  # what the cell's class is called
    return said
