"""Exercises, their steps, and when to stop."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.content import TEXT_HELP, ContentAdmin
from conditions.admin.held import PartAdmin
from conditions.admin.pickers import PicksByArea
from conditions.admin.pictures import HasPictures, inline
from conditions.admin.plain_text import StackedInline
from conditions.admin.review import REVIEW
from conditions.admin.signing import is_reviewer
from conditions.models import Exercise, ExercisePicture, ExerciseStep, SafetyLine
from conditions.pages import parts

AMOUNT = (
    ("hold_seconds", "hold_seconds_max"),
    ("hold_breaths", "hold_breaths_max"),
    ("repetitions_min", "repetitions_max"),
    ("duration_seconds", "per"),
    ("sets", "rest_seconds"),
    ("times_a_day", "days_a_week"),
    ("weeks", "weeks_max"),
)
DOSE = (*AMOUNT, "dose_note")
HOW = (
    "equipment",
    "position",
    "start_position",
    "felt_where",
    "easier",
    "harder",
    "picture_text",
    "related",
)


class ExerciseStepInline(StackedInline):
    model = ExerciseStep
    extra_on_new_page = 3
    fields = ["text", "order"]


class SafetyLineInline(StackedInline):
    model = SafetyLine
    fields = ["kind", "text", "order"]
    verbose_name = _("safety line of this exercise alone")
    verbose_name_plural = _("safety lines of this exercise alone")


class UnsignedLineForm(ModelForm):
    """A safety line as somebody types it who signs nothing."""

    def clean(self) -> Any:
        data = super().clean() or self.cleaned_data
        if SafetyLine(exercise=data.get("exercise")).is_signed_off():
            raise ValidationError(_("An approved page would show this line: ask a reviewer."))
        return data


@admin.register(Exercise)
class ExerciseAdmin(HasPictures, ContentAdmin):
    preview_template = "conditions/exercise.html"
    preview_context = staticmethod(parts.of_exercise)
    inlines = [
        ExerciseStepInline,
        SafetyLineInline,
        inline(ExercisePicture, "replaces_drawing"),
    ]
    list_filter = ["state", "area"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "also_known_as", "area", "order", "summary"]}),
        (
            _("Dose"),
            {
                "description": _("Leave empty what no source gives. The page writes the sentence."),
                "fields": DOSE,
            },
        ),
        (_("How to do it"), {"description": TEXT_HELP, "fields": HOW}),
        (_("Written by"), {"fields": ["author", "what_changed"]}),
        REVIEW,
    ]

    def with_parts(self) -> QuerySet:
        return Exercise.objects.with_page_parts(drafts=True)


@admin.register(SafetyLine)
class SafetyLineAdmin(PicksByArea, PartAdmin):
    """A new line, and one that moves, needs a reviewer where an approved page would show it."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return form if is_reviewer(request) else type(form.__name__, (UnsignedLineForm, form), {})

    list_display = ["text", "kind", "exercise", "order"]
    list_filter = ["kind"]
    list_select_related = ["exercise"]
    search_fields = ["text"]

    def siblings(self, row: SafetyLine) -> list[SafetyLine]:
        return list(SafetyLine.objects.filter(kind=row.kind, exercise=row.exercise))
