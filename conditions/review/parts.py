"""What stands on a page: which of it waits for a signature, and which pages show a row."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Value
from django.utils.translation import ngettext

from conditions.models import (
    Author,
    BodyArea,
    Citation,
    Content,
    Evidence,
    Exercise,
    Reviewed,
    SafetyLine,
    Slugged,
    State,
    UrgencyLine,
)
from conditions.models.base import kinds_of, parts_of
from conditions.models.page_parts import approved_showing


def unsigned(page: Slugged) -> list[Reviewed]:
    """All that a page shows and nobody has signed: its parts, the parts of these, and the warnings
    that stand there. Who signs the page signs these with it; a signed one is not public meanwhile.
    """
    return list(dict.fromkeys(_waiting(page)))


def _waiting(page: Slugged) -> Iterator[Reviewed]:
    for part in parts_of(type(page)):
        if issubclass(part.model, Reviewed):
            yield from getattr(page, part.name).waiting()
    for part in parts_of(type(page)):
        if part.model is not type(page) and (parts_of(part.model) or part.model.warned_as):
            for row in getattr(page, part.name).all():
                yield from _waiting(row)
    yield from standing(page).waiting()


def standing(page: Slugged) -> Any:
    """Warnings of body areas and of every page that stand on this one. A signed page shows no
    proposals.
    """
    lines = UrgencyLine.objects
    if not page.warned_as:
        return lines.none()
    found = lines.standing_with(type(page), page).distinct()
    return found.without_proposals() if page.is_signed_off() else found


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


def told(number: int) -> str:
    """The one sentence that says how many there are."""
    return ngettext(
        "%(n)s approved page is not public: a part of it waits for a signature. The admin names"
        " it.",
        "%(n)s approved pages are not public: parts of them wait for a signature. The admin names"
        " them.",
        number,
    ) % {"n": number}


def below(rows: Iterable[Slugged]) -> list[Slugged]:
    """The rows that go with these when they are deleted."""
    return [
        part
        for row in rows
        for kind in parts_of(type(row))
        if not kind.is_shared
        for part in getattr(row, kind.name).all()
    ]


def pages_showing(rows: Iterable[Slugged], *, once_signed: bool = False) -> list[Reviewed]:
    """Approved pages on which one of these rows stands, as it is stored now; or will stand once it
    is signed, such as a warning for several pages that no clinician ever signed.
    """
    stored = [row for row in rows if row.pk]
    through = [other for row in stored for other in _through(_as_stored(row))]
    mine = [*stored, *through]
    pages = [page for kind in kinds_of(Reviewed) for page in _showing(kind, mine, once_signed)]
    through += [move for row in stored if isinstance(row, BodyArea) for move in row.exercises.all()]
    naming = [row for row in through if isinstance(row, Reviewed) and row.is_signed_off()]
    return list(dict.fromkeys([*pages, *naming]))


def _as_stored(row: Slugged) -> Slugged:
    """What is about to be saved may say otherwise."""
    return type(row)._default_manager.filter(pk=row.pk).first() or row


def _through(row: Slugged) -> Iterator[Slugged]:
    """The rows, pages among them, by which one is shown that is no part of a page itself."""
    if isinstance(row, Evidence):
        yield row.treatment
    if isinstance(row, Author):
        yield from row.pages()
    if isinstance(row, Citation):
        for other in row.named_by():
            yield from (other, *_through(other))


def _showing(kind: type[Reviewed], rows: list[Slugged], once_signed: bool) -> list[Reviewed]:
    found: dict[Any, Reviewed] = {}
    for pages in approved_showing(kind, rows):
        found |= {page.pk: page for page in pages}
    if kind.warned_as:
        signed = kind._default_manager.filter(state=State.APPROVED).order_by("pk")
        found |= {page.pk: page for page in _warned(kind, signed, rows, once_signed)}
    return list(found.values())


def _warned(
    kind: type[Reviewed], signed: Any, rows: list[Slugged], once_signed: bool
) -> Iterator[Reviewed]:
    """Of these pages, those on which a warning or a safety line of several pages stands."""
    warnings = [row.pk for row in rows if isinstance(row, UrgencyLine)]
    if warnings:
        stored = UrgencyLine.objects.filter(pk__in=warnings)
        stored = stored if once_signed else stored.without_proposals()
        yield from signed.filter(Exists(stored.standing_with(kind, OuterRef("pk"))))
    lines = [row.pk for row in rows if isinstance(row, SafetyLine)]
    if lines and SafetyLine.objects.filter(pk__in=lines, exercise=None).exists():
        has_moves = signed if kind is Exercise else signed.filter(exercises__isnull=False)
        yield from has_moves.distinct()
