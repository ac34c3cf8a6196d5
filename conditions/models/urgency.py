"""When to call 911, when to call a doctor, when to see a physical therapist."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Reviewed, ReviewedQuerySet, State


class UrgencyLineQuerySet(ReviewedQuerySet):
    def published(self) -> Self:
        """Every line that is no draft, with DEMO on or off.

        A missing warning does more harm than one a clinician has still to sign off, so a live
        clinic shows the shipped lines from its first day.
        """
        return self.exclude(state=State.DRAFT)

    def emergency(self) -> Self:
        """The lines that send people to 911 from every page."""
        return self.filter(level=UrgencyLine.Level.EMERGENCY, condition=None)

    def standing_on(self, condition=None) -> Self:
        """The lines for every page, and those added for one condition."""
        return self.filter(Q(condition=None) | Q(condition=condition))


@auditlog.register()
class UrgencyLine(Reviewed):
    """One line of an urgency card. Without a condition it stands on every page."""

    prose = ["text"]
    part_of = "condition"
    is_clinical = True
    known_by = "text"

    class Level(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency: call 911")
        URGENT = "urgent", _("Urgent: call a doctor today")
        ROUTINE = "routine", _("Routine: see a physical therapist")

    level = models.CharField(_("card"), max_length=9, choices=Level)
    condition = models.ForeignKey(
        "conditions.Condition",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="urgency_lines",
        verbose_name=_("only for"),
        help_text=_("Leave empty to show the line on every page."),
    )
    text = models.CharField(
        _("text"), max_length=200, help_text=_("Ends the sentence “… if you have back pain and:”")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = UrgencyLineQuerySet.as_manager()
    # A warning stands until the reviewer who gave it new words has signed them.
    unsigned_state = State.EXAMPLE

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("urgency line")
        verbose_name_plural = _("urgency lines")
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__in=["emergency", "urgent", "routine"]),
                name="conditions_urgencyline_known_level",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_published(self) -> bool:
        """As `published()` has it: with DEMO off too, whether signed or not."""
        return self.state != State.DRAFT

    def is_last_emergency_line(self) -> bool:
        """Whether no page would warn of an emergency without it."""
        shown = UrgencyLine.objects.published().emergency()
        return shown.filter(pk=self.pk).exists() and not shown.exclude(pk=self.pk).exists()
