"""Conditions and their causes."""

from collections.abc import Iterable
from typing import Any, Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conditions.models.areas import share
from conditions.models.articles import Article
from conditions.models.base import Content, ReviewedQuerySet, SluggedQuerySet
from conditions.models.page_parts import PagePart
from conditions.models.testimonials import Testimonial
from conditions.models.uses import ConditionExercise
from conditions.models.verdicts import ConditionTreatment


class ConditionQuerySet(ReviewedQuerySet):
    def with_parts(self, drafts: bool = False) -> Self:
        """Everything its page shows, in a fixed number of queries; with drafts as it would be."""
        return self.select_related("author").prefetch_related(
            "areas",
            Prefetch("causes", Cause.objects.select_related("explained_by")),
            Prefetch("uses", ConditionExercise.objects.of_shown_exercises(drafts).with_parts()),
            "pain_kinds__areas",
            Prefetch("treatment_uses", ConditionTreatment.objects.with_evidence()),
            "tips",
            "pictures",
            Prefetch("testimonials", Testimonial.objects.shown(drafts)),
            Prefetch("related_conditions", Condition.objects.shown(drafts)),
            Prefetch("related_articles", Article.objects.shown(drafts)),
        )

    def that_use(self, exercises: Iterable[Any]) -> Self:
        """Those whose pages say how one of these exercises is done there."""
        used = ConditionExercise.objects.filter(exercise__in=exercises)
        return self.filter(pk__in=used.values("condition"))


@auditlog.register(
    m2m_fields={"areas", "pain_kinds", "tips", "related_conditions", "related_articles"},
    exclude_fields=["updated_at"],
)
class Condition(Content):
    """A condition page. Its parts stand in a fixed order; an empty part is left out."""

    prose = [
        *("title", "summary", "what_it_is", "feels_in_short", "what_helps", "gets_better"),
        *("do_today", "about", "not_for_therapy", "feels_like", "do_now", "causes_text"),
        *("therapy", "first_visit", "evidence_text", "treatments_text", "does_not_help"),
        "prevention_text",
    ]
    edited_parts = ["causes", "treatment_uses", "urgency_lines", "uses", "pictures"]
    links = ["related_conditions", "related_articles"]
    is_clinical = True
    warned_as = "areas__conditions"
    folder = "conditions"
    search_rank, search_label = 1, _("Condition")
    # With what tells whether a verdict has a source: one without is not shown, so not found either.
    search_parts = ["causes", "treatment_uses__treatment__evidence", "areas", "pain_kinds__areas"]

    name_in_text = models.CharField(
        _("name within a sentence"), max_length=80, help_text=_("For example: back pain")
    )
    medical_name = models.CharField(_("medical name"), max_length=120, blank=True)
    areas = models.ManyToManyField(
        "conditions.BodyArea",
        related_name="conditions",
        verbose_name=_("body areas"),
        help_text=_("Their warnings stand on the page, beside those of every page and its own."),
    )
    warning_lead = models.CharField(
        _("its pain, over the warnings"),
        max_length=60,
        blank=True,
        help_text=_(
            "Fills the gap in “Call 911 if you have … and:”. Empty: the words of its first area."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    what_it_is = models.TextField(_("in short: what it is"), blank=True)
    feels_in_short = models.TextField(_("in short: what it feels like"), blank=True)
    what_helps = models.TextField(_("in short: what helps"), blank=True)
    gets_better = models.TextField(_("in short: when it gets better"), blank=True)
    do_today = models.TextField(_("in short: what to do today"), blank=True)
    about = models.TextField(_("what it is"), help_text=_("And how common it is, with sources."))
    not_for_therapy = models.TextField(
        _("when physical therapy is not the answer"),
        blank=True,
        help_text=_("Stands under the urgency cards."),
    )
    feels_like = models.TextField(_("what it feels like"), blank=True)
    do_now = models.TextField(_("what you can do now"), blank=True)
    causes_text = models.TextField(_("about the causes"), blank=True)
    therapy = models.TextField(_("how physical therapy helps"), blank=True)
    first_visit = models.TextField(_("your first visit"), blank=True)
    evidence_text = models.TextField(_("what studies found"), blank=True)
    treatments_text = models.TextField(_("about the treatments"), blank=True)
    does_not_help = models.TextField(_("what does not help"), blank=True)
    prevention_text = models.TextField(_("about prevention"), blank=True)
    exercises = models.ManyToManyField(
        "conditions.Exercise",
        through="conditions.ConditionExercise",
        related_name="conditions",
        blank=True,
        verbose_name=_("exercises"),
    )
    pain_kinds = models.ManyToManyField(
        "conditions.PainKind",
        related_name="conditions",
        blank=True,
        verbose_name=_("kinds of pain"),
        help_text=_(
            "Of all that sources say of a treatment, the page shows what fits these: kinds of its "
            "own body areas."
        ),
    )
    treatments = models.ManyToManyField(
        "conditions.Treatment",
        through=ConditionTreatment,
        related_name="conditions",
        verbose_name=_("treatments"),
    )
    tips = models.ManyToManyField(
        "conditions.PreventionTip",
        related_name="conditions",
        blank=True,
        verbose_name=_("prevention tips"),
    )
    related_conditions = models.ManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("related conditions")
    )
    related_articles = models.ManyToManyField(
        "conditions.Article",
        related_name="conditions",
        blank=True,
        verbose_name=_("related articles"),
    )

    objects = ConditionQuerySet.as_manager()

    class Meta(Content.Meta):
        ordering = ["order", "title"]
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    @cached_property
    def own_kinds(self) -> list[Any]:
        """Its kinds of pain that share a part of the body with it: it tells what sources say of
        these, whatever other kinds an editor has chosen.
        """
        areas = list(self.areas.all())
        return [kind for kind in self.pain_kinds.all() if share(kind.areas.all(), areas)]

    def search_headings(self) -> list[str]:
        causes = [cause.title for cause in self.causes.all()]
        treatments = [use.treatment.title for use in self.treatment_uses.all() if use.is_shown]
        return [self.medical_name, self.name_in_text, *causes, *treatments]


@auditlog.register()
class Cause(PagePart):
    """One cause, in one of three groups; may link to the condition that explains it."""

    prose = ["title", "text"]
    part_of = "condition"

    class Group(models.TextChoices):
        COMMON = "common", _("Common causes")
        SPECIFIC = "specific", _("Specific conditions")
        LINKED = "linked", _("Linked with it")

    condition = models.ForeignKey(
        Condition, models.CASCADE, related_name="causes", verbose_name=_("condition")
    )
    group = models.CharField(_("group"), max_length=8, choices=Group)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    explained_by = models.ForeignKey(
        Condition,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page that explains it"),
        help_text=_("The link shows once that page is public."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=["common", "specific", "linked"]),
                name="conditions_cause_known_group",
            ),
        ]

    def __str__(self) -> str:
        return self.title
