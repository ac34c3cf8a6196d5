"""The page that searches over everything public. What people look for is kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic_site.search import index
from clinic_site.search.words import best_phrase, known_words, meant, terms
from conditions.pages import urgency

LONGEST_QUERY = 200  # characters; what is longer is cut


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Warning signs first, then the pages that answer. No session, no cookie, never kept."""
    query = " ".join(request.GET.get("q", "").replace("\0", " ")[:LONGEST_QUERY].split())
    level = warning(query)
    context = {
        "query": query,
        "level": level,
        "cards": urgency.cards() if level else None,
        "results": index.find(query) if query else [],
    }
    response = render(request, "search.html", context)
    response["Cache-Control"] = "no-store"
    return response


def warning(query: str) -> str:
    """The card that a query calls for: "emergency", "urgent" or ""."""
    understood = meant(query, known_words())
    levels = ["emergency", "urgent"]
    return next((level for level in levels if best_phrase(understood, terms()[level])), "")
