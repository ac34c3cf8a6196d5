"""What search engines may list: public content, and when it last changed."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from conditions.models import Article, Condition, Content, Exercise, Page


class ContentSitemap(Sitemap):
    """Public pages of one kind."""

    model: type[Content]

    def items(self) -> QuerySet:
        return self.model.objects.published().order_by("slug")  # type: ignore[attr-defined]

    def lastmod(self, item: Content) -> datetime:
        return item.updated_at


class ConditionSitemap(ContentSitemap):
    model = Condition


class ArticleSitemap(ContentSitemap):
    model = Article


class ExerciseSitemap(ContentSitemap):
    model = Exercise


class PageSitemap(ContentSitemap):
    model = Page


class ListSitemap(Sitemap):
    """The three lists, and the form that makes a sheet of exercises."""

    def items(self) -> list[str]:
        names = ["conditions", "articles", "exercises", "program"]
        return [f"conditions:{name}" for name in names]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {
    "lists": ListSitemap,
    "conditions": ConditionSitemap,
    "articles": ArticleSitemap,
    "exercises": ExerciseSitemap,
    "pages": PageSitemap,
}
