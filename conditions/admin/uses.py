"""The exercises of a condition, on its form: each with its own order, phase, caution and dose."""

from typing import Any

from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.exercises import AMOUNT
from conditions.admin.plain_text import PLAIN_TEXT, StackedInline
from conditions.models import ConditionExercise

WIDE = AdminTextInputWidget(attrs={"class": "vLargeTextField"})


class ConditionExerciseInline(StackedInline):
    """Without a dose of its own a row shows the exercise's."""

    model = ConditionExercise
    formfield_overrides = PLAIN_TEXT | {models.CharField: {"widget": WIDE}}
    fieldsets = [
        (None, {"fields": [("exercise", "phase", "order"), "caution"]}),
        (
            _("Another dose than the exercise's own"),
            {
                "classes": ["collapse"],
                "description": _(
                    "Leave it all empty for the exercise's own dose. What stands here holds as a "
                    "whole: nothing of the exercise's dose is added to it."
                ),
                "fields": AMOUNT,
            },
        ),
    ]
    verbose_name = _("exercise")
    verbose_name_plural = _("exercises")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A row that is added comes last, until somebody gives it another place."""
        formset = super().get_formset(request, obj, **kwargs)
        last = obj.uses.aggregate(last=models.Max("order"))["last"] if obj else 0
        formset.form.base_fields["order"].initial = (last or 0) + 1
        return formset
