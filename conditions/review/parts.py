"""What stands on a page: which of it waits for a signature, and which pages show a row."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import F, Value

from conditions.models import (
    Article,
    Condition,
    Content,
    Exercise,
    Reviewed,
    Slugged,
    State,
    UrgencyLine,
)
from conditions.models.base import kinds_of, parts_of


def lacking(page: Slugged) -> list[Reviewed]:
    """Parts of a page that nobody has signed. While there is one, the page is not public."""
    kinds = [part for part in parts_of(type(page)) if issubclass(part.model, Reviewed)]
    return [row for part in kinds for row in getattr(page, part.name).waiting()]


def waiting(page: Slugged) -> list[Reviewed]:
    """What has to be signed before the page is: its parts, and the parts of these."""
    return list(dict.fromkeys(_waiting(page)))


def _waiting(page: Slugged) -> Iterator[Reviewed]:
    yield from lacking(page)
    for part in parts_of(type(page)):
        if part.model is not type(page) and parts_of(part.model):
            for row in getattr(page, part.name).all():
                yield from _waiting(row)


def unsigned(page: Slugged) -> list[Reviewed]:
    """All that a page shows and nobody has signed: who signs the page signs these with it.

    Its own parts, and the warnings that stand on every page.
    """
    return list(dict.fromkeys([*_waiting(page), *_warnings(page).waiting()]))


def _warnings(page: Slugged) -> Any:
    lines = UrgencyLine.objects
    if isinstance(page, Condition):
        return lines.standing_on(page)
    if isinstance(page, Exercise):
        return lines.of_areas([page.area]).filter(level=UrgencyLine.Level.EMERGENCY)
    return lines.of_areas(page.areas.all()) if isinstance(page, Article) else lines.none()


class HalfSigned(NamedTuple):
    """One page that is approved without all of its parts; `kind` is its model's name."""

    kind: str
    pk: int
    known_as: str


def half_signed_pages() -> list[HalfSigned]:
    """All of them: no reader gets one. One query."""
    first, *others = [
        kind._default_manager.half_signed()  # type: ignore[attr-defined]
        .order_by()
        .annotate(kind=Value(kind._meta.model_name), known_as=F(kind.known_by))
        .values_list("kind", "pk", "known_as")
        for kind in kinds_of(Content)
    ]
    return [HalfSigned(*row) for row in first.union(*others, all=True).order_by("known_as")]


def below(rows: Iterable[Slugged]) -> list[Slugged]:
    """The rows that go with these when they are deleted."""
    return [
        part
        for row in rows
        for kind in parts_of(type(row))
        if not kind.is_shared
        for part in getattr(row, kind.name).all()
    ]


def pages_showing(rows: Iterable[Slugged]) -> list[Reviewed]:
    """Approved pages on which one of these rows stands, as it is stored now."""
    known = [row for row in rows if row.pk]
    return [page for kind in kinds_of(Reviewed) for page in _showing(kind, known)]


def _showing(kind: type[Reviewed], rows: list[Slugged]) -> list[Reviewed]:
    found: dict[Any, Reviewed] = {}
    for part in parts_of(kind):
        mine = [row.pk for row in rows if isinstance(row, part.model)]
        if mine:
            signed = {"state": State.APPROVED, f"{part.name}__in": mine}
            pages = kind._default_manager.filter(**signed).distinct().order_by("pk")
            found |= {page.pk: page for page in pages}
    return list(found.values())
