"""The site's own drawings: parts of the body, and the map of it."""

from collections.abc import Iterable
from typing import Any

from django import template

from conditions.models import BodyArea, Condition
from conditions.pages import drawings

register = template.Library()


@register.inclusion_tag("conditions/_drawing.html")
def anatomy(row: Condition | BodyArea) -> dict[str, Any]:
    """The drawing of a condition or of its first area that has one; of an area its own.

    Nothing where there is none. Of a condition loaded with its areas: no query.
    """
    areas = row.areas.all() if isinstance(row, Condition) else []
    return {"drawing": drawings.of([row.slug, *[area.slug for area in areas]])}


@register.inclusion_tag("conditions/_body_map.html")
def body_map(conditions: Iterable[Condition]) -> dict[str, Any]:
    """What is treated, by part of the body: a drawing whose numbers lead to the list beside it."""
    spots = drawings.spots(conditions)
    return {"spots": spots, "frame": drawings.frame(spots)}
