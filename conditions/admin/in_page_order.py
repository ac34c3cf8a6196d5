"""A form that stands as its page does: the rows below it come between its sections."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise


class Section(NamedTuple):
    """Fields under one heading, and the kinds of rows that follow them on the page."""

    fieldset: Any
    rows: list[Any]


class InPageOrder(admin.ModelAdmin):
    """Each kind of row stands below the section that names it in `rows_after`; others come last."""

    change_form_template = "admin/conditions/page_form.html"
    rows_after: Mapping[str | Promise | None, Sequence[type[Model]]]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        below = {each.formset.model: each for each in context["inline_admin_formsets"]}
        context["sections"] = [
            Section(each, [below.pop(kind) for kind in self._kinds_after(each) if kind in below])
            for each in context["adminform"]
        ]
        context["rows_at_the_end"] = list(below.values())
        return super().render_change_form(request, context, *args, **kw)

    def _kinds_after(self, fieldset: Any) -> Sequence[type[Model]]:
        return self.rows_after.get(fieldset.name, [])
