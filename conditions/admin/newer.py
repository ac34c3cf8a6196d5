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
from conditions.review.parts import pages_showing
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
    def elsewhere(self) -> list[Reviewed]:
        """Signed pages on which a row stands that is read alone."""
        rows = [each.row for each in self.together.rows if each.row and newer.is_read_alone(each)]
        return pages_showing(rows, once_signed=True)

    @property
    def version(self) -> str:
        """Tells this reading from one of other rows, other pages or another text."""
        rows = [each.version for each in self.together.rows]
        pages = [
            [sheet.row._meta.model_name, sheet.row.pk, sheet.lines, sheet.signed]
            for sheet in self.sheets
        ]
        return hashlib.sha256(json.dumps([rows, pages]).encode()).hexdigest()


class DecidesOnNewerTexts(admin.ModelAdmin):
    """A list of all that waits, which leads to where it is read, then taken or kept."""

    def get_urls(self) -> list[URLPattern]:
        asks = self.admin_site.admin_view
        one = "newer/<slug:model>/<slug:slug>/"
        return [
            path("newer/", asks(self.newer_view), name="conditions_newer"),
            path(one, asks(self.reading_view), name="conditions_newer_text"),
            *super().get_urls(),
        ]

    def newer_view(self, request: HttpRequest) -> HttpResponse:
        """The names alone: to read each page as it would stand takes a while."""
        if not signing.is_reviewer(request):
            raise PermissionDenied
        found = newer.pending()
        shown = {"newer": found, "told": newer.told(sum(map(len, found)))}
        return self._page(request, "newer.html", shown)

    def reading_view(self, request: HttpRequest, model: str, slug: str) -> HttpResponse:
        """One row with all that is taken with it. What was asked is done with what the page showed;
        anything else comes back.
        """
        if not signing.is_reviewer(request):
            raise PermissionDenied
        found = newer.find(model, slug)
        if found and request.method == "POST" and self._was_done(request, found, (model, slug)):
            return HttpResponseRedirect(reverse(ADDRESS))
        if request.method == "POST":
            text = _("Nothing was done: it is not what this page showed. Read it once more.")
            self.message_user(request, text, messages.ERROR)
            found = newer.find(model, slug)
        if found is None:
            return HttpResponseRedirect(reverse(ADDRESS))
        status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        shown = {"offer": offer(request, found)}
        return self._page(request, "newer_text.html", shown, status)

    def _page(
        self, request: HttpRequest, name: str, shown: Any, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        title = _("Newer versions of signed texts")
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/conditions/{name}", context | shown, status=status)

    def _was_done(self, request: HttpRequest, found: Together, asked: tuple[str, str]) -> bool:
        """Do it, or tell why not, if the page showed what there is; whether it did."""
        with transaction.atomic():
            newer.hold(found)
            if newer.find(*asked) != found:
                return False
            version = request.POST.get("version")
            if "take" in request.POST:
                shown = offer(request, found)
                return shown.version == version and self._take(request, shown)
            row = next(each for each in found.rows if (each.text.model, each.text.slug) == asked)
            return row.version == version and self._keep(request, row)

    def _keep(self, request: HttpRequest, row: Newer) -> bool:
        newer.keep(row)
        self.message_user(request, _("“%s” stays as it is.") % row.title)
        return True

    def _take(self, request: HttpRequest, shown: Offer) -> bool:
        reviewer: Any = approval.reviewer_of(request.user)
        try:
            rows = newer.take(shown.together, reviewer, timezone.localdate())
        except REFUSALS as why:
            self.message_user(request, why_not(why), messages.ERROR)
            return True
        keep_texts(shown, rows, reviewer)
        for row in rows:
            text = _("“%s” has the new text, and you signed it.")
            self.message_user(request, text % row, messages.SUCCESS)
        return True


def offer(request: HttpRequest, together: Together) -> Offer:
    """These rows, and the pages as they would stand: taken to be read, and undone again. Nothing is
    tried of a row that is read alone.
    """
    if newer.is_read_alone(together.rows[0]):
        return Offer(together, [])
    reviewer: Any = approval.reviewer_of(request.user)
    before = {page: signing.lines(request, page) for page in together.pages}
    try:
        with transaction.atomic():
            newer.take(together, reviewer, timezone.localdate())
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
