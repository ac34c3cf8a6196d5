"""What one page needs to know while it is rendered: its sources, and where it may link."""

from typing import Any

from django.db.models import Value
from django.utils.functional import cached_property

from conditions.models import Article, Citation, Condition, Exercise, Page

KINDS: dict[str, Any] = {
    "conditions": Condition,
    "articles": Article,
    "exercises": Exercise,
    "": Page,
}
# Pages whose address another app answers with text of its own: they are always there.
ALWAYS_THERE = {
    *("/", "/book/", "/team/", "/contact/"),
    *("/conditions/", "/articles/", "/exercises/", "/exercises/program/"),
}


class Reading:
    """One page on its way to a reader. Numbers the sources in the order the page cites them.

    At most two queries: all citations, all public addresses.
    """

    def __init__(self) -> None:
        self.cited: dict[str, list[str]] = {}

    def cite(self, slug: str) -> tuple[int, str]:
        """Number of a source and the anchor of this mention; (0, "") if it is unknown."""
        if slug not in self._citations:
            return 0, ""
        anchors = self.cited.setdefault(slug, [])
        anchors.append(f"cite-{slug}-{len(anchors) + 1}")
        return list(self.cited).index(slug) + 1, anchors[-1]

    def sources(self) -> list[tuple[Citation, list[str]]]:
        """What has been cited so far, in order, each with the anchors of its mentions."""
        return [(self._citations[slug], anchors) for slug, anchors in self.cited.items()]

    def may_link(self, href: str) -> bool:
        """Whether a link leads anywhere: other sites always, our own pages once public."""
        if not href.startswith("/"):
            return True
        path = href.partition("#")[0].partition("?")[0]
        return path in ALWAYS_THERE or path in self._public_paths

    @cached_property
    def _citations(self) -> dict[str, Citation]:
        return Citation.objects.in_bulk(field_name="slug")

    @cached_property
    def _public_paths(self) -> set[str]:
        first, *others = [
            model.objects.published().order_by().values_list(Value(kind), "slug")
            for kind, model in KINDS.items()
        ]
        return {f"/{kind}/{slug}/" if kind else f"/{slug}/" for kind, slug in first.union(*others)}
