"""How long an article takes to read."""

from math import ceil

from conditions.models import Article
from conditions.pages.text import plain

WORDS_A_MINUTE = 200  # what adults read of plain English, rounded down


def to_read(article: Article) -> int:
    """Minutes for its own words, at least one: for a row loaded with its sections, no query."""
    sections = article.sections.all()
    texts = [article.summary, *(text for row in sections for text in (row.heading, row.text))]
    return max(1, ceil(sum(len(plain(text).split()) for text in texts) / WORDS_A_MINUTE))
