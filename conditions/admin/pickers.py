"""Choosing among much content: by the part of the body, in boxes to tick, without a script."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conditions.models import BodyArea, Exercise, PainKind, PreventionTip, Treatment

# What is grouped, and what has to be loaded to know its area.
LOADED: dict[Any, Any] = {
    Exercise: lambda: Exercise.objects.select_related("area"),
    PainKind: lambda: PainKind.objects.prefetch_related("areas"),
    PreventionTip: lambda: PreventionTip.objects.prefetch_related("conditions__areas"),
    Treatment: lambda: Treatment.objects.prefetch_related("conditions__areas"),
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


class PicksByArea(BaseModelAdmin):
    """Its pickers of exercises, treatments, tips and kinds of pain are grouped; boxes to tick."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        target = db_field.remote_field.model
        if target in LOADED:
            kwargs |= {"form_class": SomeByArea, "queryset": LOADED[target]()}
        if target in (BodyArea, *LOADED):
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        target: Any = db_field.remote_field.model
        if target in LOADED:
            kwargs |= {"form_class": OneByArea, "queryset": LOADED[target]()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def read_once(field: Any) -> Any:
    """A picker that is shown in many rows, with what can be chosen read for all of them at once."""
    if field:
        field.choices = list(field.choices)
    return field


def area_of(row: Any) -> BodyArea | None:
    """The area of an exercise, the first of a kind of pain; of a part that pages share, the first
    area of those pages.
    """
    if isinstance(row, Exercise):
        return row.area
    if isinstance(row, PainKind):
        return min(row.areas.all(), key=_place, default=None)
    areas = {area for page in row.conditions.all() for area in page.areas.all()}
    return min(areas, key=_place, default=None)


def _place(area: BodyArea | None) -> tuple[bool, int, str]:
    return (False, area.order, area.title) if area else (True, 0, "")
