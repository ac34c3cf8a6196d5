"""Small drawings beside the names of conditions and articles, in lists."""

from typing import Any

from django import template

from conditions.models import Article, Condition
from conditions.pages import drawings

register = template.Library()


@register.inclusion_tag("conditions/_icon.html")
def icon(slug: str, row: Condition | Article | None = None, otherwise: str = "") -> dict[str, Any]:
    """The drawing beside a name, which says what it shows; where there is none, the one that is
    called `otherwise`, or nothing.

    Of a row loaded with its pictures, the first one stands in its place.
    """
    picture = next(iter(row.pictures.all()), None) if row else None
    own = drawings.of_article(row) if isinstance(row, Article) else None
    return {"picture": picture, "drawing": own or drawings.of([slug, otherwise])}
