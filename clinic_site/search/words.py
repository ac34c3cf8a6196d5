"""What a visitor typed, as words of the site: forgiving of case, endings and misspellings."""

import re
import unicodedata
from collections.abc import Iterable, Set
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

TERMS = Path(__file__).parent / "terms.yaml"
# Of what is looked for.
SAY_NOTHING = (
    "a about am an and are as at be but can do does exercise for from get have help how i if in is"
    " it its me my myself of on or over so that the then there this to too up was what when where"
    " which who why will with you your"
)
STOP_WORDS = frozenset(SAY_NOTHING.split())
Meant = list[frozenset[str]]
Phrase = tuple[str, ...]
# Of a warning, the most urgent first.
LEVELS = ("crisis", "emergency", "urgent")
AS_SAID = ("crisis as said", "emergency as said")  # word for word, with those that say little


def words(text: str) -> list[str]:
    """Words in the form in which they are compared: no case, accents, apostrophes or plural s."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`")
    return [singular(word) for word in re.findall(r"[^\W_]+", plain)]


def singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def telling(all_words: list[str]) -> Phrase:
    """The words that say something; all of them where none does."""
    return tuple(word for word in all_words if word not in STOP_WORDS) or tuple(all_words)


# Reading the file takes 10 ms of CPU, and a search of 17 ms asks for it once for each page.
@cache
def terms() -> dict[str, Any]:
    """The everyday words of `terms.yaml`: phrases by page, names of parts of the body, and of a
    crisis, an emergency and what is for today by the part that they speak of, "" for any.
    """
    data = yaml.safe_load(TERMS.read_text())
    read = dict.fromkeys(data, in_phrases) | dict.fromkeys(AS_SAID, as_said)
    return {
        kind: {name: read[kind](lines) for name, lines in groups.items()}
        for kind, groups in data.items()
    }


def in_phrases(lines: Iterable[str]) -> list[Phrase]:
    return [telling(words(line)) for line in lines]


def as_said(lines: Iterable[str]) -> list[Phrase]:
    return [tuple(words(line)) for line in lines]


def known_words() -> frozenset[str]:
    """Every word of the everyday words."""
    groups = [group for phrases in terms().values() for group in phrases.values()]
    return frozenset(word for group in groups for phrase in group for word in phrase)


def meant(query: str, vocabulary: Set[str]) -> Meant:
    """For each telling word of a query, what it may stand for; a word of the site, itself."""
    typed = dict.fromkeys(telling(words(query)))
    return [closest(word, vocabulary) for word in typed]


def closest(word: str, vocabulary: Set[str]) -> frozenset[str]:
    """The nearest words; `word` alone if it is one, none if all are too far off."""
    if word in vocabulary:
        return frozenset([word])
    found = {other: away for other in vocabulary if (away := wrong_letters(word, other))}
    least = min(found.values(), default=0)
    return frozenset(other for other, away in found.items() if away == least)


def wrong_letters(word: str, other: str) -> int:
    """How many letters of `word` are wrong, left out, too many or swapped; 0 if too many are."""
    allowed = 2 if len(word) >= 8 else 1
    if len(word) < 4 or (len(word) == 4 and sorted(word) != sorted(other)):
        return 0  # in a short word every letter counts; two may be swapped
    if len(word) < 7 and word[0] != other[0]:
        return 0  # "never" is no "fever"
    away = OSA.distance(word, other, score_cutoff=allowed)
    return away if away <= allowed else 0


def in_order(query: str, vocabulary: Set[str]) -> Meant:
    """For each word of a query, small ones too, what it may stand for."""
    return [closest(word, vocabulary) for word in words(query)]


def is_said(query: Meant, all_phrases: Iterable[Phrase]) -> bool:
    """Whether the words of a phrase stand in the query, one after the other."""
    return any(
        all(word in meaning for word, meaning in zip(phrase, query[start:], strict=False))
        for phrase in all_phrases
        for start in range(len(query) - len(phrase) + 1)
    )


def best_phrase(query: Meant, all_phrases: Iterable[Phrase]) -> int:
    """Number of words of the longest phrase of which every word was meant; 0 if none was."""
    said = frozenset().union(*query)
    return max((len(phrase) for phrase in all_phrases if said.issuperset(phrase)), default=0)
