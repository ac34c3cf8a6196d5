"""The clinic's own pages: services, first visit, privacy and so on."""

from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Content, ReviewedQuerySet, SluggedQuerySet
from conditions.models.page_parts import PagePart

ADDRESSES = [
    "services",
    "first-visit",
    "costs",
    "contact",
    "privacy",
    "accessibility",
    "how-we-write",
    "nondiscrimination",
]


class PageQuerySet(ReviewedQuerySet):
    def with_parts(self, drafts: bool = False) -> Self:
        """With author and sections, which are signed with it: drafts make no difference."""
        return self.select_related("author").prefetch_related("sections")


@auditlog.register(exclude_fields=["updated_at"])
class Page(Content):
    """A page of the clinic's. Its slug is its address: /services/, /privacy/."""

    prose = ["title", "summary"]
    edited_parts = ["sections"]
    search_rank, search_label = 3, _("About the clinic")

    slug = models.SlugField(
        _("address"), max_length=80, unique=True, choices=[(a, f"/{a}/") for a in ADDRESSES]
    )
    legal_template = models.BooleanField(
        _("legal template"),
        default=False,
        help_text=_("The clinic's counsel completes this text before the site goes live."),
    )

    objects = PageQuerySet.as_manager()

    class Meta(Content.Meta):
        ordering = ["title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            *Content.Meta.constraints,
            models.CheckConstraint(
                condition=Q(slug__in=ADDRESSES), name="conditions_page_known_address"
            ),
        ]

    def search_headings(self) -> list[str]:
        return [section.heading for section in self.sections.all()]


@auditlog.register()
class PageSection(PagePart):
    """A heading and its text."""

    prose = ["heading", "text"]
    part_of = "page"

    page = models.ForeignKey(Page, models.CASCADE, related_name="sections", verbose_name=_("page"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"), blank=True)

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return self.heading


def published_page(slug: str) -> Page | None:
    """The page with its author and sections, or None if it may not be shown. Two queries."""
    return Page.objects.published().with_parts().filter(slug=slug).first()
