"""Staff sign-in: how many passwords may be tried, and what is answered after that."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.records import sign_ins
from booking.transactions import retried
from booking.visits import limits
from booking.visits.refusals import OverLimit
from clinic_site.staff import (
    hashing,
    kept_typing,
    known_browsers,
    second_factor,
    second_factor_pages,
    sessions,
    sign_in_log,
)
from clinic_site.staff.sign_in_log import Outcome, Step

FORM = "sign-in"  # as the counts call it
LOCKED, BUSY = "locked", "busy"
TRY_AGAIN = _("Many people are signing in right now. Type the password and try again in a moment.")
RETRY_AFTER_SECONDS = 2


class SignInForm(AdminAuthenticationForm):
    """Counts each password before it is looked at: what is tried at once counts each time.

    An error with the code LOCKED or BUSY says that this password was not looked at.
    """

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        address = self.request.META["REMOTE_ADDR"] if self.request else ""
        known = known_browsers.is_known(self.request)
        by_name, networks = name_key(name, self.request), network_limits(address, known=known)
        try:
            count(by_name, networks)
        except OverLimit as error:
            sign_in_log.refused_name(self.request, name, Outcome.LOCKED)
            raise ValidationError("", code=LOCKED) from error
        try:
            with hashing.slot(known=known):
                cleaned = super().clean()
        except ValidationError:
            sign_in_log.refused_name(self.request, name, Outcome.WRONG)
            raise
        except hashing.Busy as error:
            take_back(by_name, *sorted(networks))
            raise ValidationError(TRY_AGAIN, code=BUSY) from error
        take_back(*sorted(networks))
        sign_in_log.let_in(self.request, self.get_user(), Step.PASSWORD)
        return cleaned


def name_key(name: str, request: HttpRequest | None = None) -> str:
    """What a try counts for as a name, a keyed hash, whatever was typed.

    Tries from where nobody signed in by this name count together, wherever they come from: they
    lock that name out there. A browser in which its owner has signed in counts for itself, and so
    does a network: strangers lock nobody out of theirs.

    With the stored password and the last sign-in in it, the count of a name begins anew with each
    new password, however it was set, and with each sign-in.
    """
    users = get_user_model()._default_manager.filter(username=name)
    pk, *state = users.values_list("pk", "password", "last_login").first() or (None, None)
    where = known_place(request, pk) if request and pk else ""
    return limits.hashed(FORM, "name", f"{where}:{name}:{state}")


def known_place(request: HttpRequest, user: int) -> str:
    """The browser, or else the network, from which a user has signed in before; "" for neither."""
    if number := known_browsers.number_for(request, user):
        return f"browser {number}"
    address = request.META["REMOTE_ADDR"]
    if sign_ins.is_known(user, address, timezone.now()):
        return f"network {sign_ins.network_of(address)}"
    return ""


def network_limits(address: str, *, known: bool) -> dict[str, int]:
    """Which networks a try counts for, as keyed hashes, and how many each may make in an hour.

    A known browser does not count for its /48: its neighbours there cannot lock it out.
    """
    networks = {limits.client_key(address, FORM): settings.TRIES_BY_NETWORK}
    wide = limits.wide_key(address, FORM)
    if wide and not known:
        networks[wide] = settings.TRIES_BY_WIDE_NETWORK
    return networks


@retried
def count(by_name: str, networks: dict[str, int]) -> None:
    """Count one try. Raises OverLimit, and then counts nothing.

    Always the name's row first: two that share a network cannot deadlock.
    """
    now = timezone.now()
    limits.count([by_name], now, settings.TRIES_BY_NAME)
    limits.count_each(networks, now)


@retried
def take_back(*taken: str) -> None:
    """Undo the counts of a try that was right, or was not made.

    In the order in which `count` takes the locks: name first, networks by key.
    """
    for key in taken:
        limits.take_back(key)


def sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's own page of sign-in; 429 with a page of its own after too many tries, 503 with
    the name kept where no password can be looked at in this moment. A right password leads to the
    second factor where that is needed.
    """
    if request.method == "GET" and second_factor.is_owed(request):
        return second_factor_pages.leading_to(
            "second_factor", second_factor_pages.next_page(request)
        )
    extra = {"is_demo": settings.DEMO}
    response = admin.site.login(request, extra)
    form = getattr(response, "context_data", {}).get("form")
    if form and form.has_error(NON_FIELD_ERRORS, LOCKED):
        return locked_out(request)
    if form and form.has_error(NON_FIELD_ERRORS, BUSY):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
        response = _to_first_page(request, response)
        if second_factor.is_owed(request):
            response = second_factor_pages.leading_to("second_factor", response["Location"])
        else:
            sessions.note_browser(request)
            response = HttpResponseRedirect(kept_typing.first(request, response["Location"]))
        if user := second_factor.halfway(request):
            known_browsers.remember(response, request, user.pk)
    return response


def sign_out(request: HttpRequest) -> HttpResponse:
    """The admin's own; the browser is told to forget what it still holds of the site's pages."""
    response = admin.site.logout(request)
    response["Clear-Site-Data"] = '"cache"'  # cookies stay: that of a known browser is one
    return response


def _to_first_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Who works with visits alone begins with the day, if no other page was asked for."""
    works_at_desk = request.user.has_perm("booking.view_appointment")
    sets_up = request.user.has_perm("booking.change_visittype")
    if response["Location"] == reverse("admin:index") and works_at_desk and not sets_up:
        return HttpResponseRedirect(reverse("desk:day"))
    return response


def locked_out(request: HttpRequest) -> HttpResponse:
    """429: wait an hour, or set a new password."""
    response = render(request, "registration/locked_out.html", status=429)
    response["Retry-After"] = str(int(limits.HOUR.total_seconds()))
    return response
