"""What a reviewer reads before signing: a page with all its parts as it would be."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string

from conditions.models import Content, Reviewed, Signature, UrgencyLine
from conditions.review import approval, parts, wording
from conditions.review.wording import Line

DIGITS = 8  # of a digest: enough to tell one line of a page from another


def is_reviewer(request: Any) -> bool:
    """Whether who asks may sign. Every page of the admin asks: looked up once a request."""
    if not hasattr(request, "is_reviewer"):
        request.is_reviewer = approval.reviewer_of(request.user) is not None
    return request.is_reviewer


@dataclass
class Sheet:
    """The text of one row, and what it was when it was signed last, if it ever was."""

    row: Reviewed
    lines: list[str]
    signed: list[str] | None

    def compared(self) -> list[Line]:
        return wording.compared(self.signed, self.lines)


@dataclass
class Reading:
    """All that one signature stands for."""

    page: Reviewed
    sheets: list[Sheet]
    unsigned: list[Reviewed]
    elsewhere: list[Reviewed]  # other signed pages on which the page itself is a part
    parts: list[tuple[Reviewed, list[Reviewed]]]  # the unsigned, each with such pages

    @property
    def version(self) -> str:
        """Tells this reading from one of another text, of other parts, or for other pages."""
        rows = [self.page, *self.unsigned]
        told = [[row._meta.model_name, row.pk, approval.version(row)] for row in rows]
        where = [self.elsewhere, *(pages for _part, pages in self.parts)]
        pages = [[[page._meta.model_name, page.pk] for page in each] for each in where]
        return _digest([told, pages, [sheet.lines for sheet in self.sheets]])

    @property
    def digests(self) -> str:
        """A short digest of each line, for a form to carry."""
        return " ".join(digest for sheet in self.sheets for digest in map(_short, sheet.lines))

    @property
    def texts(self) -> list[tuple[Reviewed, list[str]]]:
        return [(sheet.row, sheet.lines) for sheet in self.sheets]

    def new_since(self, digests: str) -> list[str]:
        """Lines that were not among those that a form says it showed."""
        read = set(digests.split())
        return [line for sheet in self.sheets for line in sheet.lines if _short(line) not in read]


def read(request: HttpRequest, row: Reviewed) -> Reading:
    """The row as it would be, with each page of which it shows a part that nobody has signed."""
    unsigned = parts.unsigned(row)
    warnings = [part for part in unsigned if isinstance(part, UrgencyLine)]
    prefetch_related_objects(warnings, "areas")  # each says on which pages it stands
    pages = [row, *(part for part in unsigned if isinstance(part, Content))]
    sheets = [Sheet(page, lines(request, page), last_signed(page)) for page in pages]
    # The same rows: those that are signed are those whose text is kept.
    where = {each: _elsewhere(each, pages) for each in [row, *unsigned]}
    return Reading(row, sheets, unsigned, where[row], [(part, where[part]) for part in unsigned])


def _elsewhere(row: Reviewed, read: Sequence[Reviewed]) -> list[Reviewed]:
    """Signed pages on which a row stands once it is signed, but for those that are read now."""
    return [page for page in parts.pages_showing([row], once_signed=True) if page not in read]


def lines(request: HttpRequest, row: Reviewed) -> list[str]:
    """The text of a page as its preview shows it; of a row without a page its own words."""
    if not isinstance(row, Content):
        return row.words_alone()
    its: Any = admin.site.get_model_admin(type(row))
    context = its.preview_context(its.with_parts().get(pk=row.pk), drafts=True)
    return wording.lines(render_to_string(its.preview_template, context, request))


def is_as_signed(row: Reviewed, now: list[str]) -> bool:
    """Whether these lines of it are what was signed last. Of a page that says something else now,
    nobody has read that: no signature on a part of it may stand for the whole text.
    """
    return now == last_signed(row)


def last_signed(row: Reviewed) -> list[str] | None:
    return Signature.objects.last_lines(row)


def _short(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()[:DIGITS]


def _digest(values: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
