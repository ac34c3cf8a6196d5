"""Tags for content pages. They read `reading`, a `Reading` of conditions.pages, in the context."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.safestring import SafeString

from conditions.models import Exercise
from conditions.pages import dose, figures, text

register = template.Library()


@register.simple_tag(takes_context=True)
def rich(context: Context, value: str) -> SafeString:
    """An editor's text in paragraphs."""
    return text.render(value, context["reading"])


@register.simple_tag(takes_context=True)
def cite(context: Context, slug: str) -> SafeString:
    """The number of a source, linked to it."""
    return text.cite(slug, context["reading"])


@register.filter
def plain(value: str) -> str:
    """An editor's text as words alone, for titles and descriptions."""
    return text.plain(value)


@register.filter
def dose_sentence(exercise: Exercise) -> str:
    """The dose of an exercise as one exact sentence."""
    return dose.sentence(dose.Dose.of(exercise))


@register.simple_tag
def canonical(path: str) -> str:
    """The one full address of a page, whatever host it was asked at."""
    return f"{settings.BASE_URL}{path}"


@register.inclusion_tag("conditions/_figure.html")
def figure(exercise: Exercise, loading: str = "lazy") -> dict[str, Any]:
    """The picture or drawing of an exercise with its words, or nothing where there is none."""
    picture = figures.picture_of(exercise)
    drawn = picture is None and figures.is_drawn(exercise)
    return {"exercise": exercise, "picture": picture, "is_drawn": drawn, "loading": loading}
