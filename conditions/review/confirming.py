"""What a clinician has still to confirm: sentences that name no source."""

from collections.abc import Iterator

from django.db.models import Model

from conditions.models import Slugged
from conditions.pages.text import CITATION, plain
from conditions.review import readability

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
