"""The pages of passkeys: shown in place of a code, made at first or beside what there is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic_site.staff import (
    kept_typing,
    passkeys,
    recovery_codes,
    second_factor,
    sessions,
    sign_in_log,
)
from clinic_site.staff.second_factor_pages import (
    codes_page,
    leading_to,
    let_in,
    next_page,
    set_up_page,
    shown,
)
from clinic_site.staff.sign_in_log import Outcome, Step

LONGEST_NAME = 64


@require_POST
def ask_to_show(request: HttpRequest) -> HttpResponse:
    """What the script needs to have one shown, for whoever has given a right password."""
    user = _whose(request)
    if user is None or not passkeys.of(user):
        return leading_to("admin:login", next_page(request))
    return JsonResponse(passkeys.ask_to_show(request, user))


@sensitive_post_parameters("answer")
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """Lets in whoever has given a right password and shows a passkey of their own."""
    user = _whose(request)
    if user is None:
        return leading_to("admin:login", next_page(request))
    try:
        passkeys.show(request, user, request.POST.get("answer", ""))
    except passkeys.Refused:
        sign_in_log.refused(request, user, Step.PASSKEY, Outcome.WRONG)
        messages.error(request, _("That passkey did not work. Try again, or type a code."))
        return leading_to("second_factor", next_page(request))
    let_in(request, user, Step.PASSKEY)
    return HttpResponseRedirect(kept_typing.first(request, next_page(request)))


@require_POST
def ask_for_new(request: HttpRequest) -> HttpResponse:
    """What the script needs to have one made, for whoever may: see `new`."""
    user = _whose(request)
    if user is None or _must_show(request, user):
        return leading_to("admin:login", next_page(request))
    return JsonResponse(passkeys.ask_for_new(request, user))


@sensitive_post_parameters("answer")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Another one for whoever is signed in; for whoever has no second factor yet, the first, from
    the page on which they set it up.
    """
    user = _whose(request)
    if user is None:
        return leading_to("admin:login", next_page(request))
    if _must_show(request, user):
        return leading_to("second_factor", next_page(request))
    return _made(request, user) if request.method == "POST" else _page(request, user)


def _made(request: HttpRequest, user: User) -> HttpResponse:
    name = request.POST.get("name", "").strip()[:LONGEST_NAME] or _("Passkey")
    answer, anew = request.POST.get("answer", ""), second_factor.is_passed(request, user)
    try:
        passkeys.add(request, user, answer, name, anew=anew)
    except second_factor.SetUpAlready:
        return leading_to("second_factor", next_page(request))
    except passkeys.Refused:
        return _page(request, user, _("No passkey was made. Try again."))
    let_in(request, user, Step.PASSKEY)
    sessions.end_others(request, user)
    if not recovery_codes.left(user):
        return codes_page(request, user, kept_typing.first(request, next_page(request)))
    messages.success(request, _("Your passkey works from now on."))
    return HttpResponseRedirect(reverse("own_sign_in"))


def _page(request: HttpRequest, user: User, error: str = "") -> Any:
    if not second_factor.has_device(user):
        return set_up_page(request, user, error=error)
    called = sessions.browser(request)
    return shown(request, "_passkey", title=_("Add a passkey"), error=error, called=called)


def _whose(request: HttpRequest) -> User | None:
    """Who has given a right password, where the site asks for more and browsers make passkeys."""
    is_offered = second_factor.is_needed() and passkeys.are_possible()
    return second_factor.halfway(request) if is_offered else None


def _must_show(request: HttpRequest, user: User) -> bool:
    """Whether there is a second factor that this session has not shown."""
    return second_factor.has_device(user) and not second_factor.is_passed(request, user)
