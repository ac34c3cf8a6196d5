"""The site's own drawings: parts of the body, and the map of it."""

from collections.abc import Iterable
from typing import Any

from django import template

from conditions.models import Article, BodyArea, Cause, Condition, Exercise
from conditions.pages import drawings

register = template.Library()


@register.inclusion_tag("conditions/_drawing.html")
def anatomy(row: Condition | BodyArea) -> dict[str, Any]:
    """The drawing of a condition or of its first area that has one; of an area its own.

    Nothing where there is none. Of a condition its words stand beneath it. Loaded with its areas:
    no query.
    """
    areas = row.areas.all() if isinstance(row, Condition) else []
    found = drawings.of([row.slug, *[area.slug for area in areas]])
    return {"drawing": found, "captioned": isinstance(row, Condition)}


@register.inclusion_tag("conditions/_drawing.html")
def drawing_of_cause(cause: Cause) -> dict[str, Any]:
    """The drawing that shows what a cause is with its words beneath it, or nothing."""
    return {"drawing": drawings.of_cause(cause), "captioned": True}


@register.inclusion_tag("conditions/_drawing.html")
def drawing_of_article(article: Article) -> dict[str, Any]:
    """What an article is about, or nothing."""
    return {"drawing": drawings.of_article(article)}


@register.inclusion_tag("conditions/_strip.html")
def to_do(condition: Condition) -> dict[str, Any]:
    """What to do today, drawn in three panels, or nothing."""
    return {"drawing": drawings.to_do(condition)}


@register.simple_tag
def section_drawing(slug: str) -> drawings.Drawing | None:
    """What a section of a page of the clinic's own tells, in three panels, or nothing."""
    return drawings.of_section(slug)


@register.inclusion_tag("conditions/_strip.html")
def easier(exercise: Exercise) -> dict[str, Any]:
    """How an exercise is made easier, drawn in one panel, or nothing."""
    return {"drawing": drawings.of_easier(exercise), "width": 236}


@register.inclusion_tag("conditions/_strip.html")
def harder(exercise: Exercise) -> dict[str, Any]:
    """How an exercise is made harder, drawn in one panel, or nothing."""
    return {"drawing": drawings.of_harder(exercise), "width": 236}


@register.simple_tag
def on_the_way(exercise: Exercise) -> drawings.Drawing | None:
    """What comes between start and end, drawn in two panels, or nothing."""
    return drawings.on_the_way(exercise)


@register.inclusion_tag("conditions/_strip.html")
def well_done(exercise: Exercise) -> dict[str, Any]:
    """An exercise done right beside the usual slips, drawn in four panels, or nothing."""
    return {"drawing": drawings.of_well_done(exercise), "height": 376}


@register.inclusion_tag("conditions/_body_map.html")
def body_map(conditions: Iterable[Condition]) -> dict[str, Any]:
    """What is treated, by part of the body: a drawing whose numbers lead to the list beside it."""
    spots = drawings.spots(conditions)
    return {"spots": spots, "frame": drawings.frame(spots)}
