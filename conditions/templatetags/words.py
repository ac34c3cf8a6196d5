"""Staff's words for rows and their kinds, on pages that the admin's own templates make."""

import re
from typing import Any

from django import template
from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()
TIE = re.compile(r" object \(\d+\)$")  # how Django says a row of a table between two
YES_OR_NO = re.compile(r'<img src="[^"]*" alt="(True|False)">')  # as the admin shows either


@register.filter
def kinds(opts: Any) -> str:
    """What the list of the rows of a model (its `_meta`) is called."""
    return capfirst(_of(opts).many)


@register.filter
def named(row: Any) -> str:
    """A row as staff call it."""
    return str(_of(row._meta).row_name(row))


@register.filter
def in_words(shown: Any) -> Any:
    """A value that cannot be changed: of yes and no the word, since a red cross marks a fault."""
    found = YES_OR_NO.fullmatch(shown) if isinstance(shown, SafeString) else None
    if found is None:
        return shown
    return _("Yes") if found[1] == "True" else _("No")


def _of(opts: Any) -> Any:
    return admin.site.get_model_admin(opts.model)


@register.filter
def without_ties(listed: list[Any]) -> list[Any]:
    """What is deleted, but for rows that only tie two others together: those have no name."""
    found: list[Any] = []
    for each in listed:
        if isinstance(each, list):
            below = without_ties(each)
            found += [below] if below else []
        elif not TIE.search(str(each)):
            found.append(each)
    return found
