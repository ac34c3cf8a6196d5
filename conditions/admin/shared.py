"""What several pages share: sources, treatments, tips, urgency lines, patients' stories."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conditions.admin.held import PUBLIC_WARNING, DeletedOneByOne, HeldForReviewers, PartAdmin
from conditions.admin.pickers import PicksByArea, PicksInRows
from conditions.admin.plain_text import PLAIN_TEXT, StackedInline
from conditions.admin.review import REVIEW, ReviewedForm
from conditions.admin.side_by_side import SignedSideBySide
from conditions.models import (
    Citation,
    Evidence,
    PreventionTip,
    Testimonial,
    Treatment,
    UrgencyLine,
)


@admin.register(Citation)
class CitationAdmin(PartAdmin):
    list_display = ["short", "title", "year", "slug"]
    search_fields = ["short", "authors", "title", "slug", "doi"]
    formfield_overrides = PLAIN_TEXT | {models.URLField: {"assume_scheme": "https"}}


class EvidenceInline(PicksInRows, StackedInline):
    model = Evidence
    fields = ["citation", ("pain", "verdict"), "note", "order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Each row is named by its source and its kind of pain."""
        return super().get_queryset(request).select_related("citation", "pain")


@admin.register(Treatment)
class TreatmentAdmin(PartAdmin):
    list_display = ["title"]
    search_fields = ["title"]
    inlines = [EvidenceInline]


@admin.register(PreventionTip)
class PreventionTipAdmin(PartAdmin):
    list_display = ["title", "order"]
    search_fields = ["title", "text"]


class UrgencyLineForm(ReviewedForm):
    """A line is an area's or a condition's; the last emergency line of every page stays one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("areas") and data.get("condition"):
            raise ValidationError(_("Choose body areas or a condition, not both."))
        is_general = not data.get("areas") and not data.get("condition")
        warns = data.get("level") == UrgencyLine.Level.EMERGENCY and is_general
        if not warns and self.instance.is_last_emergency_line():
            raise ValidationError(_("This is the last public emergency line: it has to stay one."))
        return data


@admin.register(UrgencyLine)
class UrgencyLineAdmin(DeletedOneByOne, PicksByArea, HeldForReviewers, SignedSideBySide):
    """A clinician signs off each line; until then the shipped line stands.

    A public line is read by people in danger: whoever signs nothing writes a new one, a draft.
    """

    why_held = PUBLIC_WARNING
    form = UrgencyLineForm
    list_display = ["text", "level", "shown_on", "state", "reviewed_on"]
    list_filter = ["level", "state", "areas"]
    search_fields = ["text"]
    fieldsets = [(None, {"fields": ["level", "text", "areas", "condition", "order"]}), REVIEW]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        return found.select_related("condition").prefetch_related("areas")

    @admin.display(description=_("shown on"))
    def shown_on(self, line: UrgencyLine) -> str:
        return line.shown_on

    def siblings(self, row: UrgencyLine) -> list[UrgencyLine]:
        """The lines of its card that belong to the same page or to the same areas."""
        card = UrgencyLine.objects.filter(level=row.level, condition=row.condition)
        mine = set(row.areas.all())
        return [each for each in card.prefetch_related("areas") if set(each.areas.all()) == mine]

    def is_held(self, row: UrgencyLine) -> bool:
        return row.is_published

    def has_to_stay(self, row: UrgencyLine) -> bool:
        return row.is_last_emergency_line()


@admin.register(Testimonial)
class TestimonialAdmin(PicksByArea, SignedSideBySide):
    """Shown only with a consent that stands."""

    list_display = ["shown_name", "condition", "state", "consent_given_on", "withdrawn_on"]
    list_filter = ["state"]
    list_select_related = ["condition"]
    fieldsets = [
        (None, {"fields": ["condition", "text", "shown_name"]}),
        (_("Consent"), {"fields": ["consent_given_on", "withdrawn_on"]}),
        REVIEW,
    ]
