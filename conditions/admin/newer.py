"""Where a reviewer reads the newer versions of signed texts, and takes each or keeps ours.

What stands on one signed page is taken together, and read as the page would stand then.
"""

import hashlib
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions.admin import signing
from conditions.admin.signing import Sheet
from conditions.models import Content, Reviewed, Reviewer
from conditions.review import approval, newer
from conditions.review.newer import Newer, Together
from conditions.shipped.loader import DoesNotFit

ADDRESS = "admin:conditions_newer"
REFUSALS = (
    newer.LosesVerdict,
    approval.NoEmergencyLine,
    approval.UnsignedParts,
    DoesNotFit,
)


@dataclass
class Offer:
    """What is taken together, with each page that would say something else then: what it says
    now, and what it would say. Why it cannot be taken, if it cannot.
    """

    together: Together
    sheets: list[Sheet]
    why_not: str = ""

    @property
    def version(self) -> str:
        """Tells this reading from one of other rows, other pages or another text."""
        rows = [each.version for each in self.together.rows]
        pages = [[*_key(page), sheet] for page, sheet in zip(self._pages, self._texts, strict=True)]
        return hashlib.sha256(json.dumps([rows, pages]).encode()).hexdigest()

    @property
    def _pages(self) -> list[Reviewed]:
        return [sheet.row for sheet in self.sheets]

    @property
    def _texts(self) -> list[Any]:
        return [[sheet.lines, sheet.signed] for sheet in self.sheets]


class DecidesOnNewerTexts(admin.ModelAdmin):
    """A list of all that waits, each with its differences and the pages as they would stand."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.newer_view)
        return [path("newer/", view, name=ADDRESS.partition(":")[2]), *super().get_urls()]

    def newer_view(self, request: HttpRequest) -> HttpResponse:
        if approval.reviewer_of(request.user) is None:
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request)
        return self._list(request)

    def _list(self, request: HttpRequest, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
        found = [offer(request, each) for each in newer.pending()]
        context = self.admin_site.each_context(request) | {
            "title": _("Newer versions of signed texts"),
            "opts": self.opts,
            "newer": found,
            "told": newer.told(sum(len(each.together.rows) for each in found)),
        }
        return TemplateResponse(request, "admin/conditions/newer.html", context, status=status)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked with what the page showed; anything else comes back."""
        asked = (request.POST.get("model", ""), request.POST.get("slug", ""))
        with transaction.atomic():
            found = newer.find(*asked)
            if found is None or not self._was_done(request, found, asked):
                text = _("Nothing was done: it is not what this page showed. Read it once more.")
                self.message_user(request, text, messages.ERROR)
                return self._list(request, HTTPStatus.CONFLICT)
        return HttpResponseRedirect(reverse(ADDRESS))

    def _was_done(self, request: HttpRequest, found: Together, asked: tuple[str, str]) -> bool:
        """Whether the page showed what there is."""
        version = request.POST.get("version")
        if "take" in request.POST:
            shown = offer(request, found)
            if shown.version == version:
                self._take(request, shown)
            return shown.version == version
        row = next(each for each in found.rows if (each.text.model, each.text.slug) == asked)
        if row.version == version and "keep" in request.POST:
            self._keep(request, row)
        return row.version == version

    def _keep(self, request: HttpRequest, row: Newer) -> None:
        newer.keep(row)
        self.message_user(request, _("“%s” stays as it is.") % row.title)

    def _take(self, request: HttpRequest, shown: Offer) -> None:
        reviewer = _reviewer(request)
        try:
            rows = newer.take(shown.together, reviewer, timezone.localdate())
        except REFUSALS as why:
            self.message_user(request, why_not(why), messages.ERROR)
            return
        keep_texts(shown, rows, reviewer)
        for row in rows:
            text = _("“%s” has the new text, and you signed it.")
            self.message_user(request, text % row, messages.SUCCESS)


def offer(request: HttpRequest, together: Together) -> Offer:
    """These rows, and the pages as they would stand: taken to be read, and undone again."""
    before = {page: signing.lines(request, page) for page in together.pages}
    try:
        with transaction.atomic():
            newer.take(together, _reviewer(request), timezone.localdate())
            after = {page: signing.lines(request, page) for page in together.pages}
            transaction.set_rollback(True)
    except REFUSALS as why:
        return Offer(together, [], why_not(why))
    changed = [page for page in together.pages if after[page] != before[page]]
    return Offer(together, [Sheet(page, after[page], before[page]) for page in changed])


def keep_texts(shown: Offer, rows: list[Any], reviewer: Reviewer) -> None:
    """What the pages say now is what is signed, but for a page of which more than that is unread;
    and so is each warning, which stands on no page of its own.
    """
    own = [row for row in rows if isinstance(row, Reviewed) and not isinstance(row, Content)]
    texts = [(row, row.words_alone()) for row in own if row.is_signed_off()]
    for sheet in shown.sheets:
        if sheet.row not in own and signing.is_as_signed(sheet.row, sheet.signed or []):
            texts.append((sheet.row, sheet.lines))
    approval.keep_texts(texts, reviewer, timezone.localdate())


def why_not(why: Exception) -> str:
    """Why nothing was taken."""
    if isinstance(why, newer.LosesVerdict):
        text = _(
            "Not taken: no source would speak of %s any more. Keep ours of what takes the source "
            "away, or take it once a newer version brings another."
        )
        return text % why
    if isinstance(why, approval.UnsignedParts):
        return _("Not taken: nobody has signed %s. Sign that first.") % why
    if isinstance(why, DoesNotFit):
        text = _("Not taken: what “%s” belongs to is gone, or another row is in its place.")
        return text % why
    return _("Not taken: there is no public emergency line.")


def _reviewer(request: HttpRequest) -> Any:
    return approval.reviewer_of(request.user)


def _key(page: Reviewed) -> tuple[str, int]:
    return str(page._meta.model_name), page.pk
