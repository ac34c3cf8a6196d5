"""Exercises: the dose is data, the steps are rows."""

from typing import Any, Self

from auditlog.registry import auditlog
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import (
    Content,
    ReviewedQuerySet,
    Slugged,
    SluggedQuerySet,
    is_any_signed,
)
from conditions.models.doses import SAYS_HOW_MUCH, Dosed


class ExerciseQuerySet(ReviewedQuerySet):
    def with_parts(self) -> Self:
        """With its area, steps, its own safety lines and pictures."""
        rows = self.select_related("author", "area")
        return rows.prefetch_related("steps", "safety_lines", "pictures")

    def with_page_parts(self, drafts: bool = False) -> Self:
        """And with what its own page links to: what is public, or with drafts all of it."""
        return self.with_parts().prefetch_related(
            models.Prefetch("related", Exercise.objects.shown(drafts)),
            models.Prefetch("uses", _uses(drafts)),
            models.Prefetch("articles", _shown("Article", drafts)),
        )


def _uses(drafts: bool) -> models.QuerySet:
    """By the conditions that are shown, in the order of these."""
    found: Any = apps.get_model("conditions", "ConditionExercise")._default_manager
    uses = found.filter(condition__in=_shown("Condition", drafts))
    return uses.select_related("condition").order_by("condition__order", "condition__title")


def _shown(name: str, drafts: bool) -> models.QuerySet:
    """Rows of a model that is defined after this module."""
    return apps.get_model("conditions", name)._default_manager.shown(drafts)  # type: ignore[attr-defined]


# Pages under /exercises/ that are no exercise: see the app's addresses.
TAKEN_SLUGS = ["program"]


@auditlog.register(m2m_fields={"related"}, exclude_fields=["updated_at"])
class Exercise(Content, Dosed):
    """One exercise, with a dose."""

    prose = [
        *("title", "summary", "equipment", "start_position", "felt_where", "easier", "harder"),
        *("dose_note", "picture_text"),
    ]
    edited_parts = ["steps", "safety_lines", "pictures"]
    links = ["related"]
    is_clinical = True
    warned_as, warned_of = "areas__exercises", ("emergency",)
    folder = "exercises"
    search_rank, search_label = 4, _("Exercise")
    search_parts = ()

    class Position(models.TextChoices):
        """How one begins, as the start position says; in this order lists group by it."""

        LYING = "lying", _("Lying down")
        KNEELING = "kneeling", _("On hands and knees")
        SITTING = "sitting", _("Sitting")
        EITHER = "either", _("Sitting or standing")
        STANDING = "standing", _("Standing")

    also_known_as = models.CharField(_("also known as"), max_length=120, blank=True)
    area = models.ForeignKey(
        "conditions.BodyArea",
        models.PROTECT,
        related_name="exercises",
        verbose_name=_("body area"),
        help_text=_("Lists show it under this name, and its page the warnings of this area."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    equipment = models.CharField(
        _("what you need"), max_length=120, blank=True, help_text=_("Empty: nothing")
    )
    position = models.CharField(
        _("position"),
        max_length=8,
        choices=Position,
        blank=True,
        help_text=_("As the start position says. The list groups by it; what has none comes last."),
    )
    start_position = models.TextField(_("start position"))
    felt_where = models.CharField(_("where you feel it"), max_length=200)
    easier = models.TextField(_("easier"), blank=True)
    harder = models.TextField(_("harder"), blank=True)
    picture_text = models.CharField(
        _("what the picture shows"),
        max_length=250,
        help_text=_("Says the movement, for people who cannot see the picture."),
    )

    dose_note = models.TextField(
        _("about the dose"),
        blank=True,
        help_text=_("Where it comes from, and where sources differ"),
    )
    related = models.ManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("related exercises")
    )

    objects = ExerciseQuerySet.as_manager()

    class Meta(Content.Meta):
        ordering = ["order", "title"]
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints = [
            *Content.Meta.constraints,
            *Dosed.Meta.constraints,
            models.CheckConstraint(
                condition=SAYS_HOW_MUCH,
                name="conditions_exercise_has_a_dose",
                violation_error_message=_("Give repetitions, a duration or a hold."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=TAKEN_SLUGS),
                name="conditions_exercise_address_is_free",
                violation_error_message=_("Another page has this address: choose another."),
            ),
            models.CheckConstraint(
                condition=Q(
                    position__in=["", "lying", "kneeling", "sitting", "either", "standing"]
                ),
                name="conditions_exercise_known_position",
            ),
        ]

    def search_headings(self) -> list[str]:
        return [self.also_known_as]


@auditlog.register()
class ExerciseStep(Slugged):
    """One step: one sentence, in order."""

    prose = ["text"]
    part_of = "exercise"

    exercise = models.ForeignKey(
        Exercise, models.CASCADE, related_name="steps", verbose_name=_("exercise")
    )
    order = models.PositiveSmallIntegerField(_("step"), default=0)
    text = models.CharField(_("text"), max_length=200)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.text

    def is_signed_off(self) -> bool:
        return self.exercise.is_signed_off()


@auditlog.register()
class SafetyLine(Slugged):
    """When to stop, and when to ask first. Without an exercise it stands on all of them."""

    prose = ["text"]
    part_of = "exercise"
    is_clinical = True

    class Kind(models.TextChoices):
        STOP = "stop", _("Stop if")
        ASK = "ask", _("Ask first if")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    exercise = models.ForeignKey(
        Exercise,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="safety_lines",
        verbose_name=_("only for"),
        help_text=_("Leave empty to show the line on every exercise."),
    )
    text = models.CharField(_("text"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("safety line")
        verbose_name_plural = _("safety lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["stop", "ask"]), name="conditions_safetyline_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_signed_off(self) -> bool:
        """Without an exercise: whether any page with exercises is."""
        return self.exercise.is_signed_off() if self.exercise else is_any_signed()
