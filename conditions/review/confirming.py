"""What a clinician has still to confirm: sentences that name no source, and what a note names."""

from collections.abc import Iterator

from django.db.models import Model

from conditions.models import Content, Reviewed, Slugged
from conditions.models.base import parts_of
from conditions.pages.text import CITATION, plain
from conditions.review import readability
from conditions.review.parts import standing
from conditions.shipped import notes

NAMES = {"title", "heading", "equipment", "picture_text", "alt"}  # say nothing to confirm


def to_confirm(row: Model) -> list[str]:
    """The sentences of a row and its parts that name no source, in their order.

    Empty for what is not about health, and once a clinician has signed the row off.
    """
    if not isinstance(row, Slugged) or not row.is_clinical or row.is_signed_off():
        return []
    return [plain(line) for each in [row, *row.edited_rows()] for line in _unsourced(each)]


def _unsourced(row: Slugged) -> Iterator[str]:
    for name in row.prose:
        if name not in NAMES:
            for sentence in readability.sentences(getattr(row, name)):
                if not CITATION.search(sentence) and not sentence.endswith(("?", ":")):
                    yield sentence.removeprefix("- ")


def noted(row: Model) -> list[str]:
    """What the notes on the shipped texts say of a row, and of what is signed with it, in their
    order. Empty once a clinician has signed the row off. A query for each kind of part.
    """
    if not isinstance(row, Slugged) or row.is_signed_off():
        return []
    said = notes.read()
    kinds = {kind for note in said for kind in note.slugs}
    mine = {(row._meta.model_name, row.slug), *_signed_with(row, kinds)}
    return [
        note.text
        for note in said
        if any((kind, slug) in mine for kind, slugs in note.slugs.items() for slug in slugs)
    ]


def _signed_with(row: Slugged, kinds: set[str]) -> Iterator[tuple[str | None, str]]:
    """Model and slug of each part of these kinds; a page of its own is read by itself."""
    parts = [part for part in parts_of(type(row)) if part.model._meta.model_name in kinds]
    shown = [getattr(row, part.name) for part in parts if not issubclass(part.model, Content)]
    for rows in [*shown, standing(row)]:
        unsigned = rows.waiting() if issubclass(rows.model, Reviewed) else rows
        for slug in unsigned.order_by().values_list("slug", flat=True):
            yield rows.model._meta.model_name, slug
