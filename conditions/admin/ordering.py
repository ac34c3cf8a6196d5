"""What an editor adds comes last: the form says so before it is saved."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

ORDER = "order"


class ComesLast(admin.ModelAdmin):
    """A new row, and a new row below a form, is offered the place after all that are there.

    A script puts buttons beside the places of rows: without it their numbers are typed.
    """

    class Media:
        js = ("js/places.js",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = {**super().get_changeform_initial_data(request)}
        if has_order(self.model):
            found.setdefault(ORDER, next_place(self.model._default_manager.all()))
        return found

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: Any = None
    ) -> Iterator[tuple[Any, Any]]:
        """Several rows that are added at once share a place, and stay in the order of typing."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            fields = formset.form.base_fields
            if ORDER in fields and has_order(formset.model):
                siblings = formset.model._default_manager.filter(**{formset.fk.name: obj})
                fields[ORDER].initial = next_place(siblings) if obj else 1
                fields[ORDER].widget.attrs |= {"data-up": _("Up"), "data-down": _("Down")}
            yield formset, inline


def has_order(model: type[Model]) -> bool:
    try:
        model._meta.get_field(ORDER)
    except FieldDoesNotExist:
        return False
    return True


def next_place(rows: QuerySet) -> int:
    """The number after the last one of these rows. One query."""
    last = rows.aggregate(last=Max(ORDER))["last"]
    return (last or 0) + 1
