"""What can be found: every public page, with the words that stand on it and those that lead to it.

The clinic has some dozens of pages, so they are ranked here, alike on every database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import Therapist
from clinic_site.search.words import (
    Meant,
    Phrase,
    best_phrase,
    known_words,
    meant,
    telling,
    terms,
    words,
)
from conditions.models import Condition, ConditionTreatment, Content
from conditions.models.base import kinds_of
from conditions.pages.text import plain

MOST_RESULTS = 20
TITLE, HEADING, SUMMARY = 6, 3, 2  # what a word counts by where it stands
# An everyday phrase was chosen by hand: it counts more, and most if it is all that was typed.
PHRASE, PHRASE_WORD, WHOLE = 10, 5, 100


@dataclass
class Entry:
    """One page. `weights` holds the words on it, each with what it counts."""

    url: str
    title: str
    kind: str
    summary: str = ""
    weights: dict[str, int] = field(default_factory=dict)

    @property
    def phrases(self) -> list[Phrase]:
        return terms()["pages"].get(self.url, [])

    def score(self, query: Meant) -> int:
        """0 if the page is no answer: no phrase that leads to it, and too few of the words."""
        best = [max((self.weights.get(word, 0) for word in each), default=0) for each in query]
        found = sum(1 for weight in best if weight)
        phrase = best_phrase(query, self.phrases)
        if not phrase and (not found or found * 2 < len(query)):
            return 0
        whole = WHOLE if phrase >= len(query) else 0
        return sum(best) + (PHRASE + PHRASE_WORD * phrase + whole if phrase else 0)


def find(query: str) -> list[Entry]:
    """The pages that answer, best first, at most `MOST_RESULTS`. The same number of queries ever.

    Of equals, the more important kind of page comes first, in the order of its list.
    """
    entries = list(public_entries())
    vocabulary = known_words().union(*(entry.weights for entry in entries))
    understood = meant(query, vocabulary)
    scored = [(entry.score(understood), entry) for entry in entries]
    best_first = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [entry for _score, entry in best_first[:MOST_RESULTS]]


def public_entries() -> Iterator[Entry]:
    for kind in sorted(kinds_of(Content), key=lambda kind: kind.search_rank):
        rows: Any = kind._default_manager
        for row in rows.published().prefetch_related(*kind.search_parts):
            yield of_content(row)
            if isinstance(row, Condition):
                yield from what_does_not_help(row)
    for therapist in Therapist.objects.filter(active=True):
        yield of_therapist(therapist)
    yield from fixed_entries()


def what_does_not_help(condition: Condition) -> Iterator[Entry]:
    """What the page of a condition advises against, as an answer of its own."""
    not_advised = [
        use.treatment.title
        for use in condition.treatment_uses.all()
        if use.group == ConditionTreatment.Group.NOT_ADVISED and use.is_shown
    ]
    if condition.does_not_help or not_advised:
        title = _("What does not help: %(page)s") % {"page": condition.title}
        url = f"{condition.get_absolute_url()}#does-not-help"
        yield Entry(url, title, str(condition.search_label), weights=weigh("", not_advised))


def of_content(content: Content) -> Entry:
    summary = plain(content.summary)
    weights = weigh(content.title, content.search_headings(), summary)
    url, kind = content.get_absolute_url(), str(content.search_label)
    return Entry(url, content.title, kind, summary, weights)


def of_therapist(therapist: Therapist) -> Entry:
    summary = " · ".join(filter(None, [therapist.credentials, therapist.languages]))
    weights = weigh(therapist.name, [summary], therapist.bio)
    return Entry(therapist.get_absolute_url(), therapist.name, _("Therapist"), summary, weights)


def fixed_entries() -> Iterator[Entry]:
    """The pages that belong to no content."""
    named = {
        "booking:book": _("Book an initial consultation"),
        "booking:appointment": _("Your appointment"),
        "booking:team": _("Our team"),
        "conditions:conditions": _("Conditions"),
        "conditions:articles": _("Articles"),
        "conditions:exercises": _("Exercises"),
    }
    for name, title in named.items():
        yield Entry(reverse(name), title, _("About the clinic"), weights=weigh(title))


def weigh(title: str, headings: Iterable[str] = (), summary: str = "") -> dict[str, int]:
    """What each telling word counts: most where it stands most prominently."""
    parts = [(SUMMARY, [summary]), (HEADING, headings), (TITLE, [title])]
    return {
        word: weight for weight, texts in parts for text in texts for word in telling(words(text))
    }
