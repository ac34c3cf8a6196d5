"""Conditions and their causes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.content import TEXT_HELP, ContentAdmin
from conditions.admin.held import UnsignedWarnings
from conditions.admin.pictures import HasPictures, inline
from conditions.admin.plain_text import StackedInline
from conditions.admin.review import REVIEW, is_reviewer
from conditions.admin.uses import ConditionExerciseInline
from conditions.admin.verdicts import ConditionTreatmentInline
from conditions.models import Cause, Condition, ConditionPicture, UrgencyLine
from conditions.pages import parts

TEXTS = (
    "not_for_therapy",
    "do_now",
    "about",
    "feels_like",
    "causes_text",
    "therapy",
    "first_visit",
    "evidence_text",
    "treatments_text",
    "does_not_help",
    "prevention_text",
)
SHARED = (
    "pain_kinds",
    "tips",
    "related_conditions",
    "related_articles",
)


class CauseInline(StackedInline):
    model = Cause
    fk_name = "condition"
    fields = [("group", "order"), "title", "text", "explained_by"]


class UrgencyLineInline(admin.TabularInline):
    model = UrgencyLine
    extra = 0
    fields = ["level", "text", "order", "state"]
    readonly_fields = ["state"]
    verbose_name = _("urgency line of this condition alone")
    verbose_name_plural = _("urgency lines of this condition alone")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Public lines are held for reviewers here as on their own pages."""
        if not is_reviewer(request):
            kwargs["formset"] = UnsignedWarnings
        return super().get_formset(request, obj, **kwargs)


@admin.register(Condition)
class ConditionAdmin(HasPictures, ContentAdmin):
    preview_template = "conditions/condition.html"
    preview_context = staticmethod(parts.of_condition)
    inlines = [
        UrgencyLineInline,
        ConditionExerciseInline,
        CauseInline,
        ConditionTreatmentInline,
        inline(ConditionPicture),
    ]
    filter_horizontal = SHARED
    list_filter = ["state", "areas"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "name_in_text", "medical_name", "summary", "order"]}),
        (_("Which part of the body"), {"fields": ["areas", "warning_lead"]}),
        (_("The page, part by part"), {"description": TEXT_HELP, "fields": TEXTS}),
        (_("What stands on it"), {"fields": SHARED}),
        (_("Written by"), {"fields": ["author", "what_changed"]}),
        REVIEW,
    ]
