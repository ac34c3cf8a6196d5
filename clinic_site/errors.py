"""What a visitor sees when something is wrong: always a page, always the telephone number."""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.template import loader
from django.urls import is_valid_path, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from booking.faults import Fault, fault_of
from booking.models import Clinic
from booking.models.clinic import of_settings
from booking.views.identity import ask_no_database, clinic_of
from clinic_site.staff import kept_typing, sign_in_log


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. To staff on their own pages, in the frame of these: the way on is to their day."""
    sign_in_log.not_allowed(request)
    user = getattr(request, "user", None)
    if request.path_info.startswith(reverse("admin:index")) and user and user.is_staff:
        more = admin.site.each_context(request) | {"title": _("Not for your role")}
        return page(request, "admin/403.html", 403, more)
    return page(request, "403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; but an address that somebody typed in capitals leads to the page of that address."""
    if known := in_small_letters(request):
        return HttpResponsePermanentRedirect(known)
    return page(request, "404.html", 404)


def nothing_here(request: HttpRequest, *_args: Any, **_words: Any) -> HttpResponse:
    """An address of Django's that this site does not have. Raises Http404."""
    raise Http404


def in_small_letters(request: HttpRequest) -> str:
    """The public address that this one is but for capitals and a slash at its end, with its query;
    "" for none, and where the rest of it may be somebody's secret, in which each letter counts.
    """
    path = request.path_info.lower()
    if path == request.path_info or path.startswith("/admin/") or request.method == "POST":
        return ""
    for known in (path, f"{path}/"):
        if is_valid_path(known) and "token" not in resolve(known).kwargs:
            query = request.META.get("QUERY_STRING", "")
            return f"{known}?{query}" if query else known
    return ""


def server_error(request: HttpRequest) -> HttpResponse:
    """What is wrong elsewhere than in a view, or in one and unknown."""
    return answer(request, fault_of(sys.exception()))


def answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The page of a fault; it says when trying again may help."""
    response = page(request, fault.page, fault.status)
    if fault.retry_after:
        response["Retry-After"] = str(fault.retry_after)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. A view with a `csrf_failure(request, …)` of its own shows its form again. What staff
    typed who have signed in anew since is kept, to be sent once more.

    It gets the arguments of the address, as the view does.
    """
    match = request.resolver_match
    show_again = getattr(match.func, "csrf_failure", None) if match else None
    if kept_typing.keep_outdated(request):
        return HttpResponseRedirect(reverse("kept_typing"))
    if match is None or show_again is None:
        return page(request, "403_csrf.html", 403)
    return show_again(request, *match.args, **match.kwargs)


def page(
    request: Any, template: str, status: int, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Render without the database but for the clinic's name and look, where it answers; where
    even that fails, say the least that helps.
    """
    request.clinic = known_clinic(request, status)
    try:
        context = {"public_pages": {}, **(more or {})}
        content = loader.render_to_string(template, context, request=request)
    except Exception:  # an error page must not fail: nobody is left to catch it
        content = format_html(
            "<!doctype html><html lang='en'><title>{0}</title><h1>{0}</h1><p>{1}</p></html>",
            _("Something went wrong on our side"),
            settings.CLINIC_PHONE,
        )
    return HttpResponse(content, status=status)


def known_clinic(request: HttpRequest, status: int) -> Clinic:
    """As the row has it, read before or now; as the settings do where the database is away."""
    if status == HTTPStatus.SERVICE_UNAVAILABLE:  # asking again would keep the visitor waiting
        return ask_no_database(request)
    try:
        return clinic_of(request)
    except Exception:  # as above: whatever is wrong with the database, a page comes
        return of_settings()
