"""What a clinician has still to confirm: sentences that name no source."""

from collections.abc import Iterator
from typing import Any

from conditions.models import Slugged
from conditions.pages.text import CITATION, plain
from conditions.review import readability
from conditions.review.checks import PROSE

# Kinds of rows that speak of health, each with the parts edited on its page.
CLINICAL: dict[str, list[str]] = {
    "condition": ["causes", "urgency_lines"],
    "article": ["sections"],
    "exercise": ["steps", "safety_lines"],
    "treatment": [],
    "preventiontip": [],
    "urgencyline": [],
    "safetyline": [],
}
NAMES = {"title", "heading", "equipment", "picture_text"}  # say nothing to confirm


def to_confirm(row: Slugged) -> list[str]:
    """The sentences of a row and its parts that name no source, in their order.

    Empty for what is not about health, and once a clinician has signed the row off.
    """
    kind = row._meta.model_name or ""
    if kind not in CLINICAL or row.is_signed_off():
        return []
    subject: Any = row
    parts = [part for name in CLINICAL[kind] for part in getattr(subject, name).all()]
    return [plain(line) for each in [row, *parts] for line in _unsourced(each)]


def _unsourced(row: Slugged) -> Iterator[str]:
    for name in PROSE.get(row._meta.model_name or "", []):
        if name not in NAMES:
            for sentence in readability.sentences(getattr(row, name)):
                if not CITATION.search(sentence) and not sentence.endswith(("?", ":")):
                    yield sentence.removeprefix("- ")
