"""Find visits by what a caller says: a name, a number in any form, an address, a reference."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from booking.contacts import to_e164

LAST = "*"  # in an address: what this member of staff looked for last
FEWEST_DIGITS = 4
NUMBER = re.compile(r"[\d\s()+./–-]+")
REFERENCE = re.compile(r"[A-Z0-9]{6}")


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


def matching(typed: str) -> Q:
    """Appointments that fit the whole of what was typed; all of them for nothing."""
    typed = typed.strip()
    if not typed:
        return Q()
    return contact(typed) | _reference(typed)


def contact(typed: str) -> Q:
    """Rows whose name, e-mail or telephone fits what was typed."""
    return _name_or_email(typed) | _phone(typed)


def _name_or_email(typed: str) -> Q:
    found = Q(email__icontains=typed)
    in_name = Q()
    for word in typed.split():
        in_name &= Q(name__icontains=word)
    return found | in_name


def _phone(typed: str) -> Q:
    """Four digits or more: as a whole number, or as part of one."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) < FEWEST_DIGITS or not NUMBER.fullmatch(typed):
        return Q(pk__in=())
    found = Q(phone_e164__contains=digits) | Q(phone__contains=typed)
    try:
        return found | Q(phone_e164=to_e164(typed))
    except ValueError:
        return found


def _reference(typed: str) -> Q:
    """With or without its dash, in any case."""
    letters = re.sub(r"[\s–-]", "", typed).upper()
    if not REFERENCE.fullmatch(letters):
        return Q(pk__in=())
    return Q(reference=f"{letters[:3]}-{letters[3:]}")
