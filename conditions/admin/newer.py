"""Where a reviewer reads the newer versions of signed texts, and takes each or keeps ours."""

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
from conditions.admin.review import why_not
from conditions.models import Content, Reviewer, Slugged
from conditions.review import approval, newer
from conditions.review.newer import Newer
from conditions.review.parts import pages_showing

ADDRESS = "admin:conditions_newer"


class DecidesOnNewerTexts(admin.ModelAdmin):
    """A list of all that waits, each with its differences and two buttons."""

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
        found = newer.pending()
        context = self.admin_site.each_context(request) | {
            "title": _("Newer versions of signed texts"),
            "opts": self.opts,
            "newer": found,
            "told": newer.told(len(found)),
        }
        return TemplateResponse(request, "admin/conditions/newer.html", context, status=status)

    def _decide(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked with the difference that the page showed; another one comes back."""
        model, slug = request.POST.get("model", ""), request.POST.get("slug", "")
        with transaction.atomic():
            found = newer.find(model, slug)
            if found is None or found.version != request.POST.get("version"):
                text = _("Nothing was done: it is not what this page showed. Read it once more.")
                self.message_user(request, text, messages.ERROR)
                return self._list(request, HTTPStatus.CONFLICT)
            if "take" in request.POST:
                self._take(request, found)
            elif "keep" in request.POST:
                newer.keep(found)
                self.message_user(request, _("“%s” stays as it is.") % found.title)
        return HttpResponseRedirect(reverse(ADDRESS))

    def _take(self, request: HttpRequest, found: Newer) -> None:
        reviewer: Any = approval.reviewer_of(request.user)
        try:
            row = newer.take(found, reviewer, timezone.localdate())
        except newer.LosesVerdict as why:
            text = _(
                "“%(row)s” was not taken: no source would speak of %(lost)s any more. "
                "Take the new sources of that first."
            )
            self.message_user(request, text % {"row": found.title, "lost": why}, messages.ERROR)
        except (approval.NoEmergencyLine, approval.UnsignedParts) as why:
            self.message_user(request, why_not(found.title, why), messages.ERROR)
        else:
            keep_texts(request, row, reviewer)
            text = _("“%s” has the new text, and you signed it.")
            self.message_user(request, text % row, messages.SUCCESS)


def keep_texts(request: HttpRequest, row: Slugged, reviewer: Reviewer) -> None:
    """What the pages that show a row say now is what is signed."""
    pages = [page for page in [row, *pages_showing([row])] if isinstance(page, Content)]
    signed = [page for page in pages if page.is_signed_off()]
    texts = [(page, signing.lines(request, page)) for page in signed]
    approval.keep_texts(texts, reviewer, timezone.localdate())
