"""Parts of the body of which a query speaks, and on which the site has no page."""

import re

from clinic_site.search.words import Meant, Phrase, best_phrase, in_phrases, terms
from conditions.models import BodyArea, Condition


def without_page() -> dict[str, list[Phrase]]:
    """The parts that no public condition is about, in lower case, with what they are called. One
    query.
    """
    with_page = Condition.objects.published()
    areas = BodyArea.objects.filter(is_whole_body=False).exclude(conditions__in=with_page)
    return {area.title.lower(): names(area) for area in areas}


def names(area: BodyArea) -> list[Phrase]:
    """Its title names one part or several; everyday words name others."""
    titled = in_phrases(re.split(r"\band\b|[,/&]", area.title.lower()))
    return [each for each in titled if each] + terms()["parts"].get(area.slug, [])


def spoken_of(query: Meant, parts: dict[str, list[Phrase]]) -> str:
    """The part that the query speaks of, "" for none."""
    return next((part for part, called in parts.items() if best_phrase(query, called)), "")


def vocabulary(parts: dict[str, list[Phrase]]) -> frozenset[str]:
    """The words of their names."""
    return frozenset(word for called in parts.values() for name in called for word in name)
