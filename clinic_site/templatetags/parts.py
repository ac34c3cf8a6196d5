"""Parts of pages that are the same wherever they are given the same."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def part(template_name: str, /, **said: Any) -> SafeString:
    """Like `include … with … only`, but rendered once for all that is said.

    The template has nothing else to say, neither the request nor the clock, so it is never out of
    date. For what many visitors see alike: nothing of one person's, no bookable time.
    """
    return _part(template_name, get_language(), **said)


# Typed: a text that is safe is another one than the same that has to be escaped.
@lru_cache(maxsize=256, typed=True)
def _part(template_name: str, language: str | None, /, **said: Any) -> SafeString:
    return render_to_string(template_name, said)
