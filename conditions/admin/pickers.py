"""Choosing among much content: by the part of the body, in boxes to tick, without a script."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conditions.models import (
    Article,
    BodyArea,
    Cause,
    Condition,
    Exercise,
    PainKind,
    PreventionTip,
    Treatment,
)

# What is grouped, and the way from it to its areas: a part of pages has those of its pages.
WAYS: dict[Any, str] = {
    Article: "areas",
    Cause: "condition__areas",
    Condition: "areas",
    Exercise: "area",
    PainKind: "areas",
    PreventionTip: "conditions__areas",
    Treatment: "conditions__areas",
}


class ByArea(ModelChoiceIterator):
    """Rows under the titles of their areas, from head to foot; last what belongs to none yet."""

    def __iter__(self) -> Iterator[Any]:
        groups: dict[BodyArea | None, list[Any]] = {}
        for row in self.queryset.all():
            groups.setdefault(area_of(row), []).append(self.choice(row))
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for area in sorted(groups, key=_place):
            yield (area.title if area else _("Of no body area yet"), groups[area])


class OneByArea(forms.ModelChoiceField):
    iterator = ByArea


class SomeByArea(forms.ModelMultipleChoiceField):
    iterator = ByArea
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row: Any) -> str:
        """What stands on one page alone is named with it: two pages may have causes of one name."""
        return f"{getattr(row, row.part_of)}: {row}" if row.part_of else str(row)


class PicksByArea(BaseModelAdmin):
    """Its pickers of what has an area are grouped, whatever kind it is; boxes to tick."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        target = db_field.remote_field.model
        if target in WAYS:
            kwargs |= {"form_class": SomeByArea, "queryset": with_areas(target)}
        if target in (BodyArea, *WAYS):
            kwargs["widget"] = forms.CheckboxSelectMultiple(attrs={"class": "picks"})
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        target: Any = db_field.remote_field.model
        if target in WAYS:
            kwargs |= {"form_class": OneByArea, "queryset": with_areas(target)}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PicksInRows(PicksByArea):
    """Pickers that are shown in many rows: what can be chosen is read once for all of them."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field:
            field.choices = list(field.choices)
        return field


def with_areas(kind: Any) -> models.QuerySet:
    """All rows of a kind, page by page, with what has to be loaded to know their areas."""
    rows = kind._default_manager.prefetch_related(WAYS[kind])
    if not kind.part_of:
        return rows
    return rows.order_by(f"{kind.part_of}__order", f"{kind.part_of}__title", *kind._meta.ordering)


def area_of(row: Any) -> BodyArea | None:
    """The first area of a row: of a part of pages, the first area of those pages."""
    found = [row]
    for name in WAYS[type(row)].split("__"):
        found = [each for one in found for each in _rows(getattr(one, name))]
    return min(found, key=_place, default=None)


def _rows(value: Any) -> list[Any]:
    return list(value.all()) if isinstance(value, models.Manager) else [value]


def _place(area: BodyArea | None) -> tuple[bool, int, str]:
    return (False, area.order, area.title) if area else (True, 0, "")
