"""A list that is searched by what a caller says, which is kept out of addresses."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from booking.desk.finding import matching
from booking.desk.typed import remember, words


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
