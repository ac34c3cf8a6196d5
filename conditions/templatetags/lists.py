"""Lists of the admin: each cell says what it is, for screens that are too narrow for columns."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

# How a cell begins; one that the admin has filled with nothing.
CELL = re.compile(r"^\s*<t[dh]\b")
NOTHING = re.compile(r"^\s*<t[dh][^>]*>(?:-|&nbsp;|\s)*</t[dh]>\s*$")
TICKS = "action-checkbox"


@register.filter
def labelled(cells: Iterable[str], headers: Sequence[Mapping[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row, each with the words of its column, and a mark where it holds nothing."""
    for cell, header in zip(cells, headers, strict=True):
        label = "" if TICKS in cell else capfirst(str(header["text"]))
        empty = SafeString(" data-none") if NOTHING.search(cell) else ""
        mark = format_html(' data-label="{}"{}', label, empty)
        tag = CELL.match(cell)
        at = tag.end() if tag else 0
        # What the admin has made safe stays so: an escaped attribute is put into its tag.
        yield mark_safe(f"{cell[:at]}{mark if tag else ''}{cell[at:]}")
