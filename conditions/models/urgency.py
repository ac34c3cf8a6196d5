"""When to call 911, when to call a doctor, when to see a physical therapist."""

from collections.abc import Iterable
from typing import Any, Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Reviewed, ReviewedQuerySet, Slugged, State


class UrgencyLineQuerySet(ReviewedQuerySet):
    def published(self) -> Self:
        """Every line that is no draft, with DEMO on or off.

        A missing warning does more harm than one a clinician has still to sign off, so a live
        clinic shows the shipped lines from its first day.
        """
        return self.exclude(state=State.DRAFT)

    def general(self) -> Self:
        """The lines of every page, which no part of the body owns."""
        return self.filter(condition=None, areas=None)

    def emergency(self) -> Self:
        """The lines that send people to 911 from every page."""
        return self.general().filter(level=UrgencyLine.Level.EMERGENCY)

    def of_areas(self, areas: Iterable[Any]) -> Self:
        """The general lines and those of these areas, each once."""
        return self.filter(Q(areas=None) | Q(areas__in=areas), condition=None).distinct()

    def of_no_single_area(self) -> Self:
        """The general lines, those of the whole body and those that several areas share: what is
        asked where nobody knows yet which part of the body hurts.
        """
        owners = Count("areas")
        whole = Count("areas", filter=Q(areas__is_whole_body=True))
        counted = UrgencyLine.objects.order_by().alias(owners=owners, whole=whole)
        owned = counted.filter(owners=1, whole=0).values("pk")
        return self.filter(condition=None).exclude(pk__in=owned)

    def standing_with(self, kind: type[Slugged], page: Any) -> Self:
        """Lines of body areas and of every page that stand on one of this kind: a row, or the
        page of an outer query.
        """
        here = Q(areas=None) | Q(**{kind.warned_as: page})
        return self.filter(here, condition=None, level__in=kind.warned_of)

    def without_proposals(self) -> Self:
        """Without drafts for several pages that no clinician ever signed.

        Anybody may write one; it is no part of a signed page before a reviewer has signed it, so
        that no draft takes every page from its readers.
        """
        return self.exclude(condition=None, state=State.DRAFT, reviewed_on=None)

    def standing_on(self, condition: Any = None) -> Self:
        """The general lines with those of a condition's areas and its own.

        Without a condition: with those that no single part of the body owns.
        """
        if condition is None:
            return self.of_no_single_area()
        of_areas = Q(areas=None) | Q(areas__in=condition.areas.all())
        return self.filter(Q(condition=condition) | Q(condition=None) & of_areas).distinct()


@auditlog.register(m2m_fields={"areas"})
class UrgencyLine(Reviewed):
    """One line of an urgency card: every page's, some areas', or one condition's.

    A sign may belong to several areas, such as both parts of the back: one row then, with one
    text and one signature, that a page of both shows once. No database holds such links and the
    condition to each other, so the form and `check_content` refuse both; were both given, the
    line would be the condition's alone.
    """

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
        help_text=_("Leave this and the areas empty to show the line on every page."),
    )
    areas = models.ManyToManyField(
        "conditions.BodyArea",
        related_name="urgency_lines",
        blank=True,
        verbose_name=_("body areas"),
        help_text=_("Shown on every page of these parts of the body, and on no other."),
    )
    text = models.CharField(
        _("text"),
        max_length=200,
        help_text=_("Ends a sentence such as “… if you have neck pain and:”"),
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

    @property
    def shown_on(self) -> str:
        """In words, the pages on which it stands: of a condition, of body areas, or every page."""
        own = [self.condition] if self.condition else self.areas.all()
        return ", ".join(map(str, own)) or str(_("every page"))

    def words_alone(self) -> list[str]:
        """Also on which card it stands, and on which pages."""
        return [str(self.get_level_display()), self.text, self.shown_on]

    def is_last_emergency_line(self) -> bool:
        """Whether no page would warn of an emergency without it."""
        shown = UrgencyLine.objects.published().emergency()
        return shown.filter(pk=self.pk).exists() and not shown.exclude(pk=self.pk).exists()
