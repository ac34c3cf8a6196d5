"""A list that is searched by what a caller says, which is kept out of addresses."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from booking.desk.finding import matching

LAST = "*"  # in an address: what this member of staff looked for last


class SearchedAdmin(admin.ModelAdmin):
    """A list that is searched by what a caller says, and keeps that out of addresses."""

    def matching(self, typed: str) -> Q:
        """The rows that fit; all of them for nothing."""
        return matching(typed)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet, bool]:
        typed = words(request, search_term).strip()
        return (queryset.filter(self.matching(typed)) if typed else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and "find" in request.POST:
            return remember(request)
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.query = words(request, found.query)
        return found


def remember(request: HttpRequest) -> HttpResponseRedirect:
    """Keep what was typed in the session: addresses stay in the history of a shared computer."""
    asked = request.GET.copy()
    for name in ("q", "p"):
        asked.pop(name, None)
    request.session["find"] = request.POST["find"]
    if request.POST["find"].strip():
        asked["q"] = LAST
    return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")


def words(request: HttpRequest, asked: str) -> str:
    """What `?q=` stands for."""
    return request.session.get("find", "") if asked == LAST else asked
