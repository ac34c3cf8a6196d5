"""Where the site's menus lead."""

from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conditions.models import Page

register = template.Library()


class Link(NamedTuple):
    """A line of a menu. `current` is what `aria-current` says of it, or ""."""

    url: str
    name: Any
    current: str = ""


# Name of the view, name in the menu, and whether pages below its address belong to it.
SECTIONS: list[tuple[str, Any, bool]] = [
    ("conditions:conditions", _("Conditions"), True),
    ("conditions:articles", _("Articles"), True),
    ("conditions:exercises", _("Exercises"), True),
    ("conditions:services", _("Services"), False),
    ("booking:team", _("Team"), True),
    ("booking:contact", _("Contact"), False),
    ("booking:appointment", _("Your visit"), True),
]


@register.simple_tag(takes_context=True)
def sections(context: Context) -> list[Link]:
    """Links of the main menu, the current one marked; services only if that page is public."""
    here = context["request"].path if "request" in context else ""
    pages = public_pages(context)
    return [
        link(reverse(view), name, below, here)
        for view, name, below in SECTIONS
        if view != "conditions:services" or "services" in pages
    ]


@register.simple_tag(takes_context=True)
def page_links(context: Context) -> list[Link]:
    """Links to the clinic's own pages but "contact", which the menu has anyway."""
    pages = public_pages(context).items()
    return [
        Link(Page(slug=slug).get_absolute_url(), title)
        for slug, title in pages
        if slug != "contact"
    ]


def public_pages(context: Context) -> dict[str, str]:
    """Titles by slug; none on pages that know nothing, such as errors."""
    return context.get("public_pages") or {}


def link(url: str, name: Any, below: bool, here: str) -> Link:
    """The link to a section, on the page at the address `here`."""
    if here == url:
        return Link(url, name, "page")
    return Link(url, name, "true" if below and here.startswith(url) else "")
