"""What is said of a treatment on the page of one condition."""

from collections.abc import Iterable
from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import SluggedQuerySet
from conditions.models.page_parts import PagePart
from conditions.models.treatments import Evidence

SAYS = {"treatment", "group", "verdict"}  # fields that judge


class ConditionTreatmentQuerySet(SluggedQuerySet):
    def with_evidence(self) -> Self:
        """With all that sources say of each treatment, in one query more."""
        said = Evidence.objects.select_related("citation", "pain")
        return self.prefetch_related(Prefetch("treatment__evidence", said))

    def without_source(self) -> Self:
        """Rows that judge a treatment, and no source does so for a kind of pain of the page that
        shares a part of the body with it: the page leaves such a verdict out.
        """
        return self._unsourced().filter(stands_as_signed=False)

    def as_signed(self) -> Self:
        """Such rows that stand nonetheless, since they were signed before sources were asked."""
        return self._unsourced().filter(stands_as_signed=True)

    def _unsourced(self) -> Self:
        page = OuterRef("condition")
        whole = Q(pain__areas__is_whole_body=True) | Q(pain__conditions__areas__is_whole_body=True)
        fitting = Evidence.objects.filter(
            whole | Q(pain__areas__conditions=page),
            treatment=OuterRef("treatment"),
            pain__conditions=page,
        )
        judges = ~Q(verdict="") | Q(group=ConditionTreatment.Group.NOT_ADVISED)
        return self.filter(judges, ~Exists(fitting))


class ConditionTreatmentManager(models.Manager.from_queryset(ConditionTreatmentQuerySet)):  # type: ignore[misc]
    """A row is named by its treatment, so the two are read together."""

    def get_queryset(self) -> ConditionTreatmentQuerySet:
        return super().get_queryset().select_related("treatment")


@auditlog.register()
class ConditionTreatment(PagePart):
    """A treatment on the page of one condition.

    A verdict holds for that condition alone: what helps a back may not help a neck.
    """

    prose = ["verdict"]
    part_of = "condition"
    is_clinical = True

    class Group(models.TextChoices):
        OFFERED = "offered", _("May be part of a plan")
        NOT_ADVISED = "not-advised", _("Not advised")

    condition = models.ForeignKey(
        "conditions.Condition",
        models.CASCADE,
        related_name="treatment_uses",
        verbose_name=_("condition"),
    )
    treatment = models.ForeignKey(
        "conditions.Treatment",
        models.CASCADE,
        related_name="uses",
        verbose_name=_("treatment"),
    )
    group = models.CharField(_("group"), max_length=11, choices=Group, default=Group.OFFERED)
    verdict = models.CharField(
        _("in one line"),
        max_length=200,
        blank=True,
        help_text=_(
            "What the sources say for this condition, in one line. They may disagree: say so. "
            "Empty: no source speaks of it."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Readers were told so under a signature before a verdict needed a source of its own: an upgrade
    # takes no warning from a page. Ends once somebody edits the row, or takes a newer text of it.
    stands_as_signed = models.BooleanField(default=False, editable=False)

    objects = ConditionTreatmentManager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("treatment of this condition")
        verbose_name_plural = _("treatments of this condition")
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "treatment"],
                name="conditions_conditiontreatment_once_a_page",
                violation_error_message=_("This treatment stands on the page already."),
            ),
            models.CheckConstraint(
                condition=Q(group__in=["offered", "not-advised"]),
                name="conditions_conditiontreatment_known_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.treatment)

    @property
    def evidence(self) -> list[Evidence]:
        """What sources say of the treatment for the condition's own kinds of pain, and no other."""
        kinds = {kind.pk for kind in self.condition.own_kinds}
        return [row for row in self.treatment.evidence.all() if row.pain_id in kinds]

    @property
    def may_judge(self) -> bool:
        """Whether the page may say what to make of it."""
        return self.stands_as_signed or bool(self.evidence)

    @property
    def shown_verdict(self) -> str:
        """Its verdict; empty while no source speaks of this condition's kinds of pain."""
        return self.verdict if self.may_judge else ""

    @property
    def is_shown(self) -> bool:
        """Whether the page shows it at all: to stand among what is not advised is a verdict too."""
        return self.group == self.Group.OFFERED or self.may_judge

    def say_anew(self, fields: Iterable[str]) -> None:
        """Some fields have other values now: other words need a source, whatever was signed."""
        if not SAYS.isdisjoint(fields):
            self.stands_as_signed = False
