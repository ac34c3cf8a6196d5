"""How a condition uses an exercise: in which order, when, with what care, and how much of it."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import SluggedQuerySet
from conditions.models.doses import SAYS_HOW_MUCH, SAYS_NOTHING, Dosed
from conditions.models.exercises import Exercise
from conditions.models.page_parts import PagePart


class ConditionExerciseQuerySet(SluggedQuerySet):
    def of_shown_exercises(self, drafts: bool = False) -> Self:
        """Of exercises that are public, or with drafts of all."""
        return self if drafts else self.filter(exercise__in=Exercise.objects.published())

    def with_parts(self) -> Self:
        """With what a card shows of its exercise."""
        shown = ("steps", "safety_lines", "pictures")
        return self.prefetch_related(*(f"exercise__{name}" for name in shown))


class ConditionExerciseManager(models.Manager.from_queryset(ConditionExerciseQuerySet)):  # type: ignore[misc]
    """Each use comes with its exercise: it has no name of its own."""

    def get_queryset(self) -> ConditionExerciseQuerySet:
        return super().get_queryset().select_related("exercise")


@auditlog.register()
class ConditionExercise(PagePart, Dosed):
    """One exercise on the page of one condition. Without a dose of its own: the exercise's.

    A dose of its own holds as a whole: nothing of the exercise's is mixed in.
    """

    prose = ["caution"]
    part_of = "condition"
    is_clinical = True

    class Phase(models.TextChoices):
        NOW = "now", _("Now")
        LATER = "later", _("Later")
        CLEARED = "cleared", _("Later, when cleared")

    condition = models.ForeignKey(
        "conditions.Condition", models.CASCADE, related_name="uses", verbose_name=_("condition")
    )
    exercise = models.ForeignKey(
        Exercise, models.CASCADE, related_name="uses", verbose_name=_("exercise")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    phase = models.CharField(_("when"), max_length=7, choices=Phase, default=Phase.NOW)
    caution = models.CharField(
        _("caution"),
        max_length=200,
        blank=True,
        help_text=_("One line, for this condition alone. For example: Slide the leg alone."),
    )

    objects = ConditionExerciseManager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("exercise of a condition")
        verbose_name_plural = _("exercises of a condition")
        constraints = [
            *Dosed.Meta.constraints,
            models.CheckConstraint(
                condition=SAYS_HOW_MUCH | SAYS_NOTHING,
                name="conditions_conditionexercise_whole_dose_or_none",
                violation_error_message=_(
                    "A dose of its own gives repetitions, a duration or a hold. "
                    "Leave it empty for the exercise's own dose."
                ),
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["now", "later", "cleared"]),
                name="conditions_conditionexercise_known_phase",
            ),
            models.UniqueConstraint(
                fields=["condition", "exercise"],
                name="conditions_conditionexercise_once",
                violation_error_message=_("This condition already has that exercise."),
            ),
        ]

    def __str__(self) -> str:
        return self.exercise.title

    @property
    def dosed(self) -> Dosed:
        """The row whose dose holds."""
        return self if self.has_dose else self.exercise

    @property
    def is_later(self) -> bool:
        return self.phase != self.Phase.NOW

    @property
    def differs(self) -> bool:
        """Whether it says something that the exercise's own page does not."""
        return bool(self.has_dose or self.caution or self.is_later)
