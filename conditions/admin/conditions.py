"""Conditions and their causes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin import examples
from conditions.admin.blank_rows import RowForm
from conditions.admin.content import TEXT_HELP, ContentAdmin
from conditions.admin.held import UnsignedWarnings
from conditions.admin.in_page_order import InPageOrder
from conditions.admin.pickers import PicksInRows
from conditions.admin.pictures import HasPictures, inline
from conditions.admin.plain_text import StackedInline
from conditions.admin.review import REVIEW, ReviewedForm
from conditions.admin.signing import is_reviewer
from conditions.admin.uses import ConditionExerciseInline
from conditions.admin.verdicts import ConditionTreatmentInline
from conditions.models import (
    Cause,
    Condition,
    ConditionExercise,
    ConditionPicture,
    ConditionTreatment,
    UrgencyLine,
)
from conditions.pages import parts

# Sections that rows follow.
HELP, NOW, ABOUT = _("When should I get help?"), _("What can I do now?"), _("What is it?")
CAUSES, TREATMENTS, SHORT = _("What causes it?"), _("How can therapy help?"), _("In short")
SHORT_FIELDS = ("what_it_is", "feels_in_short", "what_helps", "gets_better", "do_today")


class CauseForm(RowForm):
    class Meta:
        help_texts = examples.CAUSE


class CauseInline(PicksInRows, StackedInline):
    model = Cause
    form = CauseForm
    fk_name = "condition"
    extra_on_new_page = 3
    fields = ["group", "title", "text", "explained_by", "order"]


class LineForm(RowForm):
    class Meta:
        help_texts = examples.URGENCY_LINE


class UrgencyLineInline(StackedInline):
    model = UrgencyLine
    form = LineForm
    extra_on_new_page = 3
    fields = [("level", "state"), "text", "order"]
    readonly_fields = ["state"]
    verbose_name = _("urgency line of this condition alone")
    verbose_name_plural = _("urgency lines of this condition alone")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Public lines are held for reviewers here as on their own pages."""
        if not is_reviewer(request):
            kwargs["formset"] = UnsignedWarnings
        return super().get_formset(request, obj, **kwargs)


class ConditionForm(ReviewedForm):
    class Meta:
        help_texts = examples.CONDITION


@admin.register(Condition)
class ConditionAdmin(InPageOrder, HasPictures, ContentAdmin):
    """Its sections and rows stand in the order of the page."""

    form = ConditionForm
    preview_template = "conditions/condition.html"
    preview_context = staticmethod(parts.of_condition)
    inlines = [
        UrgencyLineInline,
        inline(ConditionPicture),
        ConditionExerciseInline,
        CauseInline,
        ConditionTreatmentInline,
    ]
    list_filter = ["state", "areas"]
    fieldsets = [
        (
            None,
            {
                "description": TEXT_HELP,
                "fields": ["title", "slug", "name_in_text", "areas", "summary"],
            },
        ),
        (HELP, {"description": examples.WARNINGS, "fields": ["warning_lead"]}),
        (SHORT, {"fields": [*SHORT_FIELDS]}),
        (NOW, {"fields": ["not_for_therapy", "do_now"]}),
        (ABOUT, {"fields": ["medical_name", "about"]}),
        (_("What does it feel like?"), {"fields": ["feels_like"]}),
        (CAUSES, {"fields": ["causes_text"]}),
        (
            TREATMENTS,
            {
                "fields": [
                    "therapy",
                    "first_visit",
                    "evidence_text",
                    "pain_kinds",
                    "treatments_text",
                ]
            },
        ),
        (
            _("What does not help, and how to keep it away?"),
            {"fields": ["does_not_help", "prevention_text", "tips"]},
        ),
        (_("Read more"), {"fields": ["related_conditions", "related_articles"]}),
        (_("Written by"), {"fields": ["author", "what_changed", "order"]}),
        REVIEW,
    ]
    rows_after = {
        HELP: [UrgencyLine],
        NOW: [ConditionExercise],
        SHORT: [ConditionPicture],
        CAUSES: [Cause],
        TREATMENTS: [ConditionTreatment],
    }
