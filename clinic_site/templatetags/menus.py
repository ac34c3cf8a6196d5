"""Where the site's menus lead. Joined here: a loop in a template takes five times as long."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()
# Address, name, and whether pages below it belong to it.
SECTIONS: list[tuple[str, Any, bool]] = [
    ("/conditions/", _("Conditions"), True),
    ("/articles/", _("Articles"), True),
    ("/exercises/", _("Exercises"), True),
    ("/services/", _("Services"), False),
    ("/team/", _("Team"), True),
    ("/contact/", _("Contact"), False),
]


@register.simple_tag(takes_context=True)
def sections(context: Context) -> SafeString:
    """Items of the main menu, the current one marked; services only if that page is public."""
    here = context["request"].path if "request" in context else ""
    return _sections(current(here), "services" in public_pages(context), get_language())


@lru_cache(maxsize=64)
def _sections(marked: tuple[str, str], services: bool, language: str | None) -> SafeString:
    hidden = "" if services else "/services/"
    marks = {marked[0]: mark_safe(f' aria-current="{marked[1]}"')}
    items = ((path, marks.get(path, ""), name) for path, name, _below in SECTIONS if path != hidden)
    return format_html_join("\n", '<li><a href="{}"{}>{}</a></li>', items)


@register.simple_tag(takes_context=True)
def page_links(context: Context) -> SafeString:
    """Items for the clinic's own pages but "contact", which the menu has anyway."""
    return _page_links(tuple(public_pages(context).items()))


@lru_cache(maxsize=8)
def _page_links(pages: tuple[tuple[str, str], ...]) -> SafeString:
    items = ((slug, title) for slug, title in pages if slug != "contact")
    return format_html_join("", '<li><a class="tap" href="/{}/">{}</a></li>', items)


def public_pages(context: Context) -> dict[str, str]:
    """Titles by slug; none on pages that know nothing, such as errors."""
    return context.get("public_pages") or {}


def current(here: str) -> tuple[str, str]:
    """The section that a page belongs to, if any, and how its link says so."""
    for path, _name, below in SECTIONS:
        if here == path:
            return path, "page"
        if below and here.startswith(path):
            return path, "true"
    return "", ""
