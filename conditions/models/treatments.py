"""Treatments, and what each source says of them."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Slugged, SluggedQuerySet
from conditions.models.page_parts import PagePart
from conditions.models.pain import PainKind


@auditlog.register()
class Treatment(PagePart):
    """A treatment: what it is. Whether it helps is told on each page: see `ConditionTreatment`."""

    prose = ["title", "text"]
    is_clinical = True

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(
        _("text"),
        help_text=_(
            "What it is, and its risks. Every page that shows the treatment shows this text: "
            "whether it helps belongs to the page."
        ),
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")

    def __str__(self) -> str:
        return self.title


@auditlog.register()
class Evidence(Slugged):
    """What one source says of one treatment for one kind of pain."""

    prose = ["note"]
    part_of = "treatment"

    class Verdict(models.TextChoices):
        HELPS = "helps", _("Helps")
        MAY_HELP = "may-help", _("May help")
        NOT_RECOMMENDED = "not-recommended", _("Not recommended")
        UNKNOWN = "unknown", _("Not known")

    treatment = models.ForeignKey(
        Treatment, models.CASCADE, related_name="evidence", verbose_name=_("treatment")
    )
    citation = models.ForeignKey(
        "conditions.Citation",
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("source"),
    )
    pain = models.ForeignKey(
        PainKind,
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("kind of pain"),
        help_text=_("It stands on the pages that speak of this kind of pain, and on no other."),
    )
    verdict = models.CharField(_("verdict"), max_length=15, choices=Verdict)
    note = models.CharField(
        _("note"), max_length=250, blank=True, help_text=_("How sure the source is, and of what")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["treatment", "citation", "pain"],
                name="conditions_evidence_one_per_source_and_pain",
                violation_error_message=_("This source already has a verdict for that pain."),
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["helps", "may-help", "not-recommended", "unknown"]),
                name="conditions_evidence_known_verdict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citation}: {self.get_verdict_display()} ({self.pain})"

    def is_signed_off(self) -> bool:
        return self.treatment.is_signed_off()
