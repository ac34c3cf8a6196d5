"""Articles: an essay in sections, with the parts of a condition to hand."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Content, ReviewedQuerySet, SluggedQuerySet
from conditions.models.exercises import Exercise
from conditions.models.page_parts import PagePart


class ArticleQuerySet(ReviewedQuerySet):
    def with_parts(self, drafts: bool = False) -> Self:
        """Everything its page shows, in a fixed number of queries; with drafts as it would be."""
        return self.select_related("author").prefetch_related(
            "areas",
            "sections",
            "causes__explained_by",
            Prefetch("exercises", Exercise.objects.shown(drafts).with_parts()),
            "tips",
            "pictures",
            Prefetch("related", Article.objects.shown(drafts)),
        )


@auditlog.register(
    m2m_fields={"areas", "exercises", "tips", "causes", "related"}, exclude_fields=["updated_at"]
)
class Article(Content):
    """An article. Its sections say where its causes, exercises and tips stand."""

    prose = [
        *("title", "summary", "what_it_is", "does_it_help", "for_whom", "how_long", "what_to_do")
    ]
    edited_parts = ["sections", "pictures"]
    links = ["related"]
    is_clinical = True
    warned_as = "areas__articles"
    folder = "articles"
    search_rank, search_label = 2, _("Article")

    class Needs(models.TextChoices):
        """What the clinic must have for it: a field of `booking.Clinic` says whether it does."""

        POOL = "pool", _("A therapy pool")

    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("Subject, for example: Back pain")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    what_it_is = models.TextField(_("in short: what it is"), blank=True)
    does_it_help = models.TextField(
        _("in short: does it help?"),
        blank=True,
        help_text=_("What sources found, good and bad, as the sections below do."),
    )
    for_whom = models.TextField(_("in short: for whom"), blank=True)
    how_long = models.TextField(
        _("in short: how often, how long"),
        blank=True,
        help_text=_("How many visits, or how much of it; leave it empty if no one knows."),
    )
    what_to_do = models.TextField(_("in short: what to do"), blank=True)
    needs = models.CharField(
        _("what it needs"),
        max_length=10,
        choices=Needs,
        blank=True,
        help_text=_("The page then says whether you have it, as “Name and look” tells."),
    )
    areas = models.ManyToManyField(
        "conditions.BodyArea",
        related_name="articles",
        blank=True,
        verbose_name=_("body areas"),
        help_text=_("Their warnings stand on the page, beside those of every page."),
    )
    causes = models.ManyToManyField(
        "conditions.Cause", related_name="articles", blank=True, verbose_name=_("causes")
    )
    exercises = models.ManyToManyField(
        "conditions.Exercise", related_name="articles", blank=True, verbose_name=_("exercises")
    )
    tips = models.ManyToManyField(
        "conditions.PreventionTip",
        related_name="articles",
        blank=True,
        verbose_name=_("prevention tips"),
    )
    related = models.ManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("related articles")
    )

    objects = ArticleQuerySet.as_manager()

    class Meta(Content.Meta):
        ordering = ["order", "title"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            *Content.Meta.constraints,
            models.CheckConstraint(
                condition=Q(needs__in=["", "pool"]), name="conditions_article_known_need"
            ),
        ]

    def search_headings(self) -> list[str]:
        return [self.label, *(section.heading for section in self.sections.all())]


@auditlog.register()
class ArticleSection(PagePart):
    """A heading and its text, and which part of the article follows it."""

    prose = ["heading", "text"]
    part_of = "article"

    class Part(models.TextChoices):
        CAUSES = "causes", _("The causes")
        EXERCISES = "exercises", _("The exercises of a body area")
        TIPS = "tips", _("The prevention tips")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="sections", verbose_name=_("article")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    followed_by = models.CharField(_("followed by"), max_length=9, choices=Part, blank=True)
    area = models.ForeignKey(
        "conditions.BodyArea",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="article_sections",
        verbose_name=_("of the body area"),
        help_text=_("Whose exercises follow; only where exercises do."),
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(
                condition=Q(followed_by__in=["", "causes", "exercises", "tips"]),
                name="conditions_articlesection_known_part",
            ),
            models.CheckConstraint(
                condition=Q(followed_by="exercises", area__isnull=False)
                | ~Q(followed_by="exercises") & Q(area__isnull=True),
                name="conditions_articlesection_exercises_of_an_area",
                violation_error_message=_("Name a body area for exercises, and for nothing else."),
            ),
        ]

    def __str__(self) -> str:
        return self.heading
