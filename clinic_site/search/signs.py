"""Which signs of a card fit what was typed: those stand open, the rest one click away."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clinic_site.search.words import Meant, words
from conditions.models import UrgencyLine

SHORTEST_STEM = 4  # letters: "numb" is found in "numbness", "leg" in no "legal"


class Signs(NamedTuple):
    """Lines of one card: those that stand open, and the rest."""

    shown: list[UrgencyLine]
    folded: Sequence[UrgencyLine] = ()


def fitting(lines: Iterable[UrgencyLine], query: Meant, most: int) -> Signs:
    """At most `most` lines stand open: those with the most of the words first, then in their order.

    Where no line has any of the words, nobody can tell which is meant: then none is folded.
    """
    rows = list(lines)
    counts = {row.pk: words_in(row.text, query) for row in rows}
    if not any(counts.values()):
        return Signs(rows)
    best_first = sorted(rows, key=lambda row: -counts[row.pk])
    return Signs(best_first[:most], best_first[most:])


def words_in(text: str, query: Meant) -> int:
    """How many words of the query a line has, in any form that begins alike."""
    there = words(text)
    return sum(1 for each in query if any(alike(word, other) for word in each for other in there))


def alike(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return word == other or (len(short) >= SHORTEST_STEM and long.startswith(short))
