"""Tags for content pages. They read `reading`, a `Reading` of conditions.pages, in the context."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conditions.models import ConditionExercise, Content, Exercise, Reviewed
from conditions.pages import figures, text, uses

register = template.Library()


@register.simple_tag(takes_context=True)
def rich(context: Context, value: str) -> SafeString:
    """An editor's text in paragraphs."""
    return text.render(value, context["reading"])


@register.simple_tag(takes_context=True)
def cite(context: Context, slug: str) -> SafeString:
    """The number of a source, linked to it."""
    return text.cite(slug, context["reading"])


@register.simple_tag(takes_context=True)
def unsigned(context: Context, row: Reviewed) -> str:
    """In a preview the mark of a part that nobody has signed; on public pages always nothing."""
    if not context.get("preview") or row.is_signed_off():
        return ""
    said = _("%(state)s: not signed") % {"state": row.get_state_display()}
    return format_html(' <mark class="unsigned">{}</mark>', said)


@register.simple_tag(takes_context=True)
def link(context: Context, page: Content) -> str:
    """The title of a page, leading there; of one that a preview alone names, the words."""
    title, mark = page.title, unsigned(context, page)
    if context.get("preview") and not page.is_published:
        return format_html("{}{}", title, mark)
    path = page.get_absolute_url()  # type: ignore[attr-defined]
    return format_html('<a href="{}">{}</a>{}', path, title, mark)


@register.simple_tag(takes_context=True)
def is_public(context: Context, page: Content | None) -> bool:
    """Whether a page that is at hand may be linked to."""
    return page is not None and context["reading"].may_link(page.get_absolute_url())


@register.filter
def plain(value: str) -> str:
    """An editor's text as words alone, for titles and descriptions."""
    return text.plain(value)


@register.filter
def instruction(row: Exercise | ConditionExercise) -> str:
    """The dose as one exact sentence, and what to mind where a condition uses the exercise."""
    return uses.instruction(row)


@register.filter
def dose_note(row: Exercise | ConditionExercise) -> str:
    """What to know of the dose, in words alone; empty where there is nothing."""
    return uses.note(row)


@register.simple_tag
def canonical(path: str) -> str:
    """The one full address of a page, whatever host it was asked at."""
    return f"{settings.BASE_URL}{path}"


@register.inclusion_tag("conditions/_figure.html")
def figure(exercise: Exercise, loading: str = "lazy", is_told: bool = False) -> dict[str, Any]:
    """The picture or drawing of an exercise with its words, or nothing where there is none.

    Where the page tells beside it what it shows, the drawing has no words of its own.
    """
    picture = figures.picture_of(exercise)
    drawn = picture is None and figures.is_drawn(exercise)
    shown = {"picture": picture, "is_drawn": drawn, "is_told": is_told}
    return {"exercise": exercise, "loading": loading, **shown}
