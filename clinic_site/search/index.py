"""What can be found: every public page, with the words that stand on it and those that lead to it.

The clinic has some dozens of pages, so they are ranked here, alike on every database.
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import InsurancePlan, Therapist
from clinic_site.search.bodies import body_of, in_lines, read_with
from clinic_site.search.words import (
    STOP_WORDS,
    Meant,
    Phrase,
    best_phrase,
    known_words,
    meant,
    telling,
    terms,
    words,
)
from conditions.models import Condition, ConditionTreatment, Content, Page
from conditions.models.base import kinds_of
from conditions.pages.text import plain

MOST_RESULTS = 8
# What a word counts by where it stands.
TITLE, HEADING, SUMMARY, BODY = 6, 3, 2, 1
# An everyday phrase was chosen by hand: it counts more, and most if it is all that was typed.
PHRASE, PHRASE_WORD, WHOLE = 10, 5, 100
SHORTEST = 25  # letters of a sentence that says something by itself
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass
class Entry:
    """One page. `weights` holds the words on it, each with what it counts; `body` the rest of its
    text, line by line, of which only `said` is read: the words that were looked for. `told` is a
    sentence that its excerpt may be beside those of its text.
    """

    url: str
    title: str
    kind: str
    summary: str = ""
    weights: dict[str, int] = field(default_factory=dict)
    body: str = ""
    is_the_clinics: bool = False
    said: frozenset[str] = frozenset()
    told: str = ""

    @property
    def phrases(self) -> list[Phrase]:
        return terms()["pages"].get(self.url, [])

    def counts(self, query: Meant) -> list[int]:
        """What each word of the query counts here."""
        return [max((self.counts_of(word) for word in each), default=0) for each in query]

    def counts_of(self, word: str) -> int:
        return self.weights.get(word, 0) or (BODY if word in self.said else 0)

    def score(self, query: Meant) -> int:
        """0 if the page is no answer: no phrase that leads to it, and too few of the words."""
        best = self.counts(query)
        found = sum(1 for weight in best if weight > BODY)
        phrase = best_phrase(query, self.phrases)
        if not phrase and not all(best) and (not found or found * 2 < len(query)):
            return 0
        if phrase:  # how often its text says the words is no measure of it
            best = [weight for weight in best if weight > BODY]
        whole = WHOLE if self.is_meant(query) else 0
        return sum(best) + (PHRASE + PHRASE_WORD * phrase + whole if phrase else 0)

    def place(self, query: Meant) -> int:
        """Which of the pages to which a phrase leads it is, in the order of `terms.yaml`."""
        pages = list(terms()["pages"])
        return pages.index(self.url) if best_phrase(query, self.phrases) else len(pages)

    def has_all(self, query: Meant) -> bool:
        """Whether it has each of the words, or a phrase leads to it."""
        return all(self.counts(query)) or bool(best_phrase(query, self.phrases))

    def is_about(self, query: Meant) -> bool:
        """Whether a phrase leads to it, or one of the words stands above its text."""
        return max(self.counts(query)) > BODY or bool(best_phrase(query, self.phrases))

    def is_meant(self, query: Meant) -> bool:
        """Whether all that was typed is a phrase that leads to it."""
        phrase = best_phrase(query, self.phrases)
        return bool(phrase) and phrase >= len(query)

    def is_named(self, query: Meant) -> bool:
        """Whether its title has each of the words, or all that was typed leads to it."""
        return self.is_meant(query) or all(count == TITLE for count in self.counts(query))

    def excerpt(self, query: Meant) -> str:
        """The first sentence of its main message. Of a page of the clinic's, which makes no claim
        about health, the sentence with the most of the words; of others a sentence by itself could
        calm somebody whom the page warns.
        """
        first = SENTENCE_ENDS.split(self.summary)[0]
        first = first if len(first) >= SHORTEST else self.summary
        if not self.is_the_clinics:
            return first
        typed = frozenset().union(*query)
        sentences = [self.told, first, *SENTENCE_ENDS.split(self.body)]
        whole = [each for each in sentences if each.endswith((".", "!"))]  # no question answers
        best = max(whole, key=lambda each: len(typed.intersection(words(each))), default="")
        return best if typed.intersection(words(best)) else first


# The pages that belong to no content: title, and what one does there.
FIXED = {
    "booking:book": (
        gettext_lazy("Book an initial consultation"),
        gettext_lazy("Choose a time. You need no account to book."),
    ),
    "booking:appointment": (
        gettext_lazy("Your visit"),
        gettext_lazy("See, move or cancel your appointment."),
    ),
    "booking:lost": (
        gettext_lazy("Lost your link?"),
        gettext_lazy("We send the link to your visit again."),
    ),
    "booking:contact": (
        gettext_lazy("Contact and directions"),
        gettext_lazy("Telephone, address and opening hours."),
    ),
    "booking:question": (
        gettext_lazy("Ask a question"),
        gettext_lazy("Write to us, and we will answer."),
    ),
    "booking:team": (
        gettext_lazy("Our team"),
        gettext_lazy("Who works here, and when each has time."),
    ),
    "conditions:conditions": (gettext_lazy("Conditions"), gettext_lazy("All that we write about.")),
    "conditions:articles": (gettext_lazy("Articles"), gettext_lazy("Longer pieces to read.")),
    "conditions:exercises": (
        gettext_lazy("Exercises"),
        gettext_lazy("Each with pictures, steps and a dose."),
    ),
}


class Found(NamedTuple):
    """The pages that answer, best first, and how the query was understood."""

    entries: list[Entry]
    query: Meant


def find(query: str) -> list[Entry]:
    """The pages that answer, best first."""
    return look(query).entries


def look(query: str, others: Set[str] = frozenset()) -> Found:
    """At most `MOST_RESULTS` pages, the same number of queries ever; `others` are words that are
    known beside those of the pages.

    Of equals, the page that `terms.yaml` names first, then the more important kind of page, in the
    order of its list.
    """
    entries = list(public_entries())
    note_said(entries, telling(words(query)))
    vocabulary = known_words().union(others, *(entry.weights for entry in entries))
    understood = meant(query, vocabulary.union(*(entry.said for entry in entries)))
    scored = [(entry.score(understood), entry) for entry in entries]
    best_first = sorted(
        (pair for pair in scored if pair[0]),
        key=lambda pair: (-pair[0], pair[1].place(understood)),
    )
    found = [entry for _score, entry in best_first]
    return Found(without_noise(found, understood)[:MOST_RESULTS], understood)


def without_noise(found: list[Entry], query: Meant) -> list[Entry]:
    """The answers without those that are worse in kind than the best.

    All that was typed may be a phrase that leads to a page of the clinic: then what shares a word
    with it is no answer. Nor is, beside pages to which a phrase leads, one that has the words only
    somewhere in its text. Pages with some of the words are answers only where none has all.
    """
    if any(entry.is_meant(query) and entry.is_the_clinics for entry in found):
        return [entry for entry in found if best_phrase(query, entry.phrases)]
    all_words = [entry for entry in found if entry.has_all(query)] or found
    if not any(best_phrase(query, entry.phrases) for entry in found):
        return all_words
    return [entry for entry in all_words if entry.is_about(query)]


def note_said(entries: Iterable[Entry], typed: Phrase) -> None:
    """Note which of the typed words each body says: cheaper than all the words of all pages."""
    looked_for = "|".join(re.escape(word) for word in typed if word not in STOP_WORDS)
    pattern = re.compile(rf"\b({looked_for})(?:e?s)?\b")
    for entry in entries if looked_for else ():
        entry.said = frozenset(pattern.findall(entry.body.casefold()))


def public_entries() -> Iterator[Entry]:
    """What belongs to no content comes last, and not where the clinic has a page of its own there,
    as for costs. The plans that are accepted stand on that.
    """
    entries = list(content_entries())
    yield from entries
    for therapist in Therapist.objects.filter(active=True):
        yield of_therapist(therapist)
    plans = list(InsurancePlan.objects.filter(active=True).values_list("name", flat=True))
    by_url = {entry.url: entry for entry in entries}
    if costs := by_url.get(reverse("booking:costs")):
        costs.weights = weigh("", plans) | costs.weights
        if plans:
            costs.told = _("Insurance plans that we take: %(plans)s.") % {"plans": ", ".join(plans)}
    yield from (entry for entry in fixed_entries() if entry.url not in by_url)


def content_entries() -> Iterator[Entry]:
    for kind in sorted(kinds_of(Content), key=lambda kind: kind.search_rank):
        rows: Any = kind._default_manager
        for row in rows.published().prefetch_related(*read_with(kind)):
            yield of_content(row)
            if isinstance(row, Condition):
                yield from what_does_not_help(row)


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
        summary = in_lines([condition.does_not_help]).partition("\n")[0]
        kind = str(condition.search_label)
        yield Entry(url, title, kind, summary, weights=weigh("", not_advised))


def of_content(content: Content) -> Entry:
    summary = plain(content.summary)
    weights = weigh(content.title, content.search_headings(), summary)
    url, kind = content.get_absolute_url(), str(content.search_label)
    body = body_of(content)
    return Entry(url, content.title, kind, summary, weights, body, isinstance(content, Page))


def of_therapist(therapist: Therapist) -> Entry:
    summary = " · ".join(filter(None, [therapist.credentials, therapist.languages]))
    weights = weigh(therapist.name, [summary], therapist.bio)
    return Entry(therapist.get_absolute_url(), therapist.name, _("Therapist"), summary, weights)


def fixed_entries() -> Iterator[Entry]:
    """The pages that belong to no content."""
    kind = _("About the clinic")
    for name, said in FIXED.items():
        title, summary = map(str, said)
        yield Entry(reverse(name), title, kind, summary, weigh(title, (), summary), "", True)


def weigh(title: str, headings: Iterable[str] = (), summary: str = "") -> dict[str, int]:
    """What each telling word counts: most where it stands most prominently."""
    parts = [(SUMMARY, [summary]), (HEADING, headings), (TITLE, [title])]
    return {
        word: weight for weight, texts in parts for text in texts for word in telling(words(text))
    }
