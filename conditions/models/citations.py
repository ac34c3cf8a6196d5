"""Sources: studies, reviews and guidelines."""

from functools import reduce
from operator import or_

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.base import Slugged, SluggedQuerySet, kinds_of


@auditlog.register()
class Citation(Slugged):
    """One source. Text cites it as `[@slug]`; the page numbers its sources itself."""

    slug = models.SlugField(
        _("short name"),
        max_length=80,
        unique=True,
        help_text=_("Cite it in any text as [@short-name]."),
    )
    short = models.CharField(
        _("in short"), max_length=80, help_text=_("As in a table: WHO 2023, NICE 2020")
    )
    authors = models.CharField(_("authors"), max_length=200)
    title = models.CharField(_("title"), max_length=300)
    published_in = models.CharField(
        _("published in"), max_length=200, blank=True, help_text=_("Journal, volume, pages")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    doi = models.CharField(
        _("DOI"), max_length=100, blank=True, help_text=_("Starts with 10., without https")
    )
    url = models.URLField(_("address"), blank=True, help_text=_("Only if there is no DOI"))
    note = models.TextField(
        _("note"), blank=True, help_text=_("What it found and its limits, in plain words")
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        ordering = ["authors", "year"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.short

    @property
    def link(self) -> str:
        """Where it can be read, or an empty text."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    def named_by(self) -> list[Slugged]:
        """What it is evidence of, and the rows whose text cites it. A query for each kind."""
        found: list[Slugged] = list(self.evidence.select_related("treatment")) if self.pk else []
        for kind in kinds_of(Slugged):
            cited = [Q(**{f"{name}__contains": f"[@{self.slug}]"}) for name in kind.prose]
            if self.slug and cited:
                found += kind._default_manager.filter(reduce(or_, cited))
        return found

    def is_signed_off(self) -> bool:
        return any(row.is_signed_off() for row in self.named_by())
