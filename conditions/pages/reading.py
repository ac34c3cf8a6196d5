"""What one page needs to know while it is rendered: its sources, and where it may link."""

from typing import Any

from django.db.models import Value
from django.utils.functional import cached_property

from conditions.models import Citation, Content
from conditions.models.base import kinds_of

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
        self.cited: dict[str, int] = {}

    def cite(self, slug: str) -> tuple[int, bool]:
        """Number of a source, and whether this is its first mention; (0, False) if unknown."""
        if slug not in self._citations:
            return 0, False
        first = slug not in self.cited
        return self.cited.setdefault(slug, len(self.cited) + 1), first

    def sources(self) -> list[Citation]:
        """What has been cited so far, in the order of the numbers."""
        return [self._citations[slug] for slug in self.cited]

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
        kinds: list[Any] = kinds_of(Content)
        first, *others = [
            kind.objects.published().order_by().values_list(Value(kind.folder), "slug")
            for kind in kinds
        ]
        address = {kind.folder: kind.address for kind in kinds}
        return {address[folder](slug) for folder, slug in first.union(*others)}
