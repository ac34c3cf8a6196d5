"""Treatments, and what each source says of them."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Slugged, SluggedQuerySet, State

KINDS_OF_PAIN = [
    "any",
    "acute",
    "subacute",
    "chronic",
    "leg",
    "walking",
    "surgery",
    "curve",
    "pregnancy",
    "pelvic",
    "upper",
    "neck",
]


@auditlog.register()
class Treatment(Slugged):
    """A treatment. Whether it helps is never one flag: see `Evidence`."""

    prose = ["title", "verdict", "text"]
    is_clinical = True

    class Group(models.TextChoices):
        OFFERED = "offered", _("May be part of a plan")
        NOT_ADVISED = "not-advised", _("Not advised")

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    group = models.CharField(_("group"), max_length=11, choices=Group, default=Group.OFFERED)
    verdict = models.CharField(
        _("in one line"),
        max_length=200,
        help_text=_("What the sources say, in one line. They may disagree: say so."),
    )
    text = models.TextField(_("text"), help_text=_("What it is, and its risks."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=["offered", "not-advised"]),
                name="conditions_treatment_known_group",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_signed_off(self) -> bool:
        return bool(self.pk) and self.conditions.filter(state=State.APPROVED).exists()


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

    class Pain(models.TextChoices):
        ANY = "any", _("low back pain")
        ACUTE = "acute", _("new low back pain")
        SUBACUTE = "subacute", _("low back pain of up to three months")
        CHRONIC = "chronic", _("long-lasting low back pain")
        LEG = "leg", _("back pain with leg pain")
        WALKING = "walking", _("leg pain when you walk (stenosis)")
        SURGERY = "surgery", _("before or after back surgery")
        CURVE = "curve", _("a sideways curve of the spine")
        PREGNANCY = "pregnancy", _("low back pain in pregnancy")
        PELVIC = "pelvic", _("pelvic pain in pregnancy")
        UPPER = "upper", _("upper back pain")
        NECK = "neck", _("neck pain")

    treatment = models.ForeignKey(
        Treatment, models.CASCADE, related_name="evidence", verbose_name=_("treatment")
    )
    citation = models.ForeignKey(
        "conditions.Citation",
        models.PROTECT,
        related_name="evidence",
        verbose_name=_("source"),
    )
    pain = models.CharField(_("kind of pain"), max_length=9, choices=Pain)
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
            models.CheckConstraint(
                condition=Q(pain__in=KINDS_OF_PAIN), name="conditions_evidence_known_pain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citation}: {self.get_verdict_display()} ({self.get_pain_display()})"

    def is_signed_off(self) -> bool:
        return self.treatment.is_signed_off()
