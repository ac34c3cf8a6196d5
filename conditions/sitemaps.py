"""What search engines may list: public content, and when it last changed."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from conditions.models import Article, Condition, Content, Exercise
from conditions.models.base import kinds_of


class OwnSitemap(Sitemap):
    """Its addresses are those of BASE_URL, whatever host was asked for it."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


class ContentSitemap(OwnSitemap):
    """Public pages of one kind."""

    def __init__(self, model: type[Content]) -> None:
        self.model = model

    def items(self) -> QuerySet:
        return self.model.objects.published().order_by("slug")  # type: ignore[attr-defined]

    def lastmod(self, item: Content) -> datetime:
        return item.updated_at


class ListSitemap(OwnSitemap):
    """The three lists, and the form that makes a sheet of exercises: as new as what they list."""

    listed: dict[str, type[Content]] = {
        "conditions": Condition,
        "articles": Article,
        "exercises": Exercise,
        "program": Exercise,
    }

    def items(self) -> list[str]:
        return list(self.listed)

    def location(self, item: str) -> str:
        return reverse(f"conditions:{item}")

    def lastmod(self, item: str) -> datetime | None:
        """None for an empty list. One query."""
        rows = self.listed[item].objects.published()  # type: ignore[attr-defined]
        return rows.aggregate(newest=Max("updated_at"))["newest"]


SITEMAPS = {
    "lists": ListSitemap(),
    **{kind.folder or "pages": ContentSitemap(kind) for kind in kinds_of(Content)},
}
