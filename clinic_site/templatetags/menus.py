"""Where the site's menus lead. Joined here: a loop in a template takes five times as long."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()
OF_THE_CLINIC = ("clinic_name", "clinic_phone", "clinic_phone_link")  # in the footer
CURRENT = ' aria-current="{}"'
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
    hidden = "" if "services" in public_pages(context) else "/services/"
    items = (
        (path, current(here, path, below), name) for path, name, below in SECTIONS if path != hidden
    )
    return format_html_join("\n", '<li><a href="{}"{}>{}</a></li>', items)


@register.simple_tag(takes_context=True)
def page_links(context: Context) -> SafeString:
    """Items for the clinic's own pages but "contact", which the menu has anyway."""
    items = ((slug, title) for slug, title in public_pages(context).items() if slug != "contact")
    return format_html_join("", '<li><a class="tap" href="/{}/">{}</a></li>', items)


@register.simple_tag(takes_context=True)
def footer(context: Context) -> SafeString:
    """The foot of a page, rendered once for all that it says."""
    clinic = {name: context.get(name, "") for name in OF_THE_CLINIC}
    pages = public_pages(context)
    return _footer(tuple(clinic.items()), tuple(pages.items()), get_language())


@lru_cache(maxsize=8)
def _footer(
    clinic: tuple[tuple[str, str], ...], pages: tuple[tuple[str, str], ...], language: str | None
) -> SafeString:
    said = {**dict(clinic), "public_pages": dict(pages)}
    return render_to_string("includes/footer.html", said)


def public_pages(context: Context) -> dict[str, str]:
    """Titles by slug; none on pages that know nothing, such as errors."""
    return context.get("public_pages") or {}


def current(here: str, path: str, below: bool) -> str:
    """The attribute by which a link says that it leads to this page, or above it."""
    if here == path:
        return format_html(CURRENT, "page")
    return format_html(CURRENT, "true") if below and here.startswith(path) else ""
