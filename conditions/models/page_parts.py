"""Which approved pages show a row, and so whether its words stand under a signature."""

from collections.abc import Iterable, Iterator
from typing import Any

from conditions.models.base import Reviewed, Slugged, State, kinds_of, parts_of


def approved_showing(kind: type[Reviewed], rows: Iterable[Slugged]) -> Iterator[Any]:
    """Approved pages of a kind of which one of these rows is a part: a QuerySet for each kind of
    part that is among the rows.
    """
    found = list(rows)
    for part in parts_of(kind):
        if mine := [row.pk for row in found if isinstance(row, part.model)]:
            signed = kind._default_manager.filter(state=State.APPROVED).order_by("pk")
            yield signed.filter(**{f"{part.name}__in": mine}).distinct()


class PagePart(Slugged):
    """A row that stands on pages, and has no signature of its own."""

    class Meta:
        abstract = True

    def is_signed_off(self) -> bool:
        """Whether any approved page shows it, whichever page it is edited with. A query for each
        kind of page that may, until one does.
        """
        return bool(self.pk) and any(
            pages.exists()
            for kind in kinds_of(Reviewed)
            for pages in approved_showing(kind, [self])
        )
