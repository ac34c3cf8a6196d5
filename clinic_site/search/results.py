"""The page that searches over everything public. What people look for is kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic_site.search import index
from clinic_site.search.words import LEVELS, best_phrase, known_words, meant, terms
from conditions.models import BodyArea
from conditions.pages import urgency

LONGEST_QUERY = 200  # characters; what is longer is cut


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Warning signs first, then the pages that answer. No session, no cookie, never kept."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ")[:LONGEST_QUERY].split())
    level, parts = warning(query)
    context = {
        "query": query,
        "level": level,
        "is_of_a_part": bool(parts),
        "cards": cards(parts) if level else None,
        "results": index.find(query) if query else [],
    }
    response = render(request, "search.html", context)
    response["Cache-Control"] = "no-store"
    return response


def warning(query: str) -> tuple[str, list[str]]:
    """The card that a query calls for: "emergency", "urgent" or ""; and the parts of the body
    (slugs of areas) of which its words speak.
    """
    understood = meant(query, known_words())
    for level in LEVELS:
        signs = terms()[level]
        found = [part for part, phrases in signs.items() if best_phrase(understood, phrases)]
        if found:
            return level, [part for part in found if part]
    return "", []


def cards(parts: list[str]) -> urgency.Cards:
    """The lines of these parts of the body, or where none is known those of any. One query, and
    one for the parts.
    """
    areas = list(BodyArea.objects.filter(slug__in=parts)) if parts else []
    return urgency.cards_of_areas(areas) if areas else urgency.cards()
