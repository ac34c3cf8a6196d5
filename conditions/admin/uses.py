"""The exercises of a condition, on its form: each with its own order, phase, caution and dose."""

from django.utils.translation import gettext_lazy as _

from conditions.admin.exercises import AMOUNT
from conditions.admin.pickers import PicksInRows
from conditions.admin.plain_text import StackedInline
from conditions.models import ConditionExercise


class ConditionExerciseInline(PicksInRows, StackedInline):
    """Without a dose of its own a row shows the exercise's."""

    model = ConditionExercise
    extra_on_new_page = 2
    fieldsets = [
        (None, {"fields": [("exercise", "phase"), "caution", "order"]}),
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
