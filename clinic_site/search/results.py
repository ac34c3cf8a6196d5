"""The page that searches over everything public. What people look for is kept nowhere."""

import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic_site.search import index, parts, signs
from clinic_site.search.words import (
    LEVELS,
    best_phrase,
    in_order,
    is_said,
    known_words,
    meant,
    terms,
)
from conditions.models import BodyArea
from conditions.pages import urgency

LONGEST_QUERY = 200  # letters; what is longer is cut
# Signs that stand open, the rest folded: so that the answers are near.
MOST_FOR_911, MOST_FOR_TODAY = 5, 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Warning signs first, then the pages that answer. No session, no cookie, never kept."""
    query = cut(request.GET.get("q", "").replace("\0", " "))
    level, about = warning(query)
    context = {
        "query": query,
        "level": level,
        "is_of_a_part": bool(about),
        **(warned_of(query, about) if level in ("emergency", "urgent") else {}),
        "calls_911": level in ("crisis", "emergency"),
        **(answers(query, level) if query else {"results": []}),
    }
    response = render(request, "search.html", context)
    response["Cache-Control"] = "no-store"
    return response


def cut(typed: str) -> str:
    """What is read of a query: its first letters, counted as they are compared. One sign may stand
    for eighteen of them (U+FDFA), and would make a search that much dearer.
    """
    short = typed[:LONGEST_QUERY]
    spelt = unicodedata.normalize("NFKD", short)
    most = 2 * LONGEST_QUERY  # an accent counts as a letter there
    return " ".join((short if len(spelt) <= most else spelt[:LONGEST_QUERY]).split())


def answers(query: str, level: str) -> dict[str, Any]:
    """The pages that answer, each with a sentence; and a part of the body that was asked about and
    has no page, of which only pages that name it, and the clinic's own, are answers.
    """
    missing = {} if level else parts.without_page()
    found = index.look(query, parts.vocabulary(missing))
    part, entries = parts.spoken_of(found.query, missing), found.entries
    if any(entry.is_meant(found.query) for entry in entries):
        part = ""
    if part:
        named = [each for each in entries if each.is_the_clinics or each.is_named(found.query)]
        entries = [each for each in named if each.has_all(found.query)]
    results = [(entry, entry.excerpt(found.query)) for entry in entries]
    return {"results": results, "missing_part": part}


def warning(query: str) -> tuple[str, list[str]]:
    """The card that a query calls for: "crisis", "emergency", "urgent" or ""; and the parts of the
    body (slugs of areas) of which its words speak.
    """
    known = known_words()
    understood, said = meant(query, known), in_order(query, known)
    for level in LEVELS:
        signs = terms().get(level, {})
        found = [part for part, phrases in signs.items() if best_phrase(understood, phrases)]
        signs = terms().get(f"{level} as said", {})
        found += [part for part, phrases in signs.items() if is_said(said, phrases)]
        if found:
            return level, [part for part in found if part]
    return "", []


def warned_of(query: str, about: list[str]) -> dict[str, Any]:
    """The lines of both cards, and of each those that fit what was typed."""
    found, typed = cards(about), meant(query, known_words())
    return {
        "cards": found,
        "for_911": signs.fitting(found.emergency, typed, MOST_FOR_911),
        "for_today": signs.fitting(found.urgent, typed, MOST_FOR_TODAY),
    }


def cards(slugs: list[str]) -> urgency.Cards:
    """The lines of these parts of the body, or where none is known those of any. One query, and
    one for the parts.
    """
    areas = list(BodyArea.objects.filter(slug__in=slugs)) if slugs else []
    return urgency.cards_of_areas(areas) if areas else urgency.cards()
