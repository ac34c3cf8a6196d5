"""The pages of the second factor: asked for, set up, codes made anew, reset for a colleague."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.util import random_hex

from booking.records import sign_ins
from booking.secrets import keys
from booking.secrets.keys import Use
from booking.views.identity import clinic_of
from clinic_site.staff import (
    kept_typing,
    passkeys,
    recovery_codes,
    second_factor,
    sessions,
    sign_in_log,
)
from clinic_site.staff.sign_in_log import Outcome, Step

SET_UP_WITHIN_SECONDS = 3600
WRONG_TOLD = 3  # codes: fewer are slips
KNOWN_PASSWORD = gettext_lazy(
    "Since you last signed in, %(count)s codes were wrong. Was that not you? Then somebody knows"
    " your password: change it now."
)


class Signed(HttpRequest):
    """A request behind `admin_view`."""

    user: User


class CodeForm(forms.Form):
    """The digits that the app shows now, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    by: str = Step.APP

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_code(self) -> str:
        typed, is_right = self.cleaned_data["code"], second_factor.is_right
        if not second_factor.is_of_app(typed):
            self.by, is_right = Step.RECOVERY, recovery_codes.is_right
        try:
            if is_right(self.user, typed):
                return typed
        except second_factor.Locked as error:
            sign_in_log.refused(self.request, self.user, self.by, Outcome.LOCKED)
            raise ValidationError(wait(error.until)) from error
        sign_in_log.refused(self.request, self.user, self.by, Outcome.WRONG)
        raise ValidationError(_("That is not the code of now. Each code is good for once."))


def wait(until: datetime | None) -> str:
    """What to do after too many wrong codes."""
    if until is None:
        words = _("Too many wrong codes: the app counts no more. Use a passkey or a recovery code,")
        return f"{words} {_('or have a manager reset this step.')}"
    at = time_format(localtime(until), "g:i:s a")
    return _("Too many wrong codes. Try again after %(time)s.") % {"time": at}


def next_page(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is a page of this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours else reverse("admin:index")


def leading_to(name: str, page: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': page})}")


def shown(request: HttpRequest, page: str, status: int = HTTPStatus.OK, **more: Any) -> Any:
    context = admin.site.each_context(request) | {"next": next_page(request)} | more
    return render(request, f"registration/second_factor{page}.html", context, status=status)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Asks whoever has given a right password, and lets them in."""
    user = second_factor.halfway(request)
    if user is None or not second_factor.is_needed():
        return leading_to("admin:login", next_page(request))
    if "leave" in request.POST:
        logout(request)
        return leading_to("admin:login", next_page(request))
    if not second_factor.has_device(user):
        return leading_to("second_factor_set_up", next_page(request))
    form = CodeForm(request.POST or None, request=request, user=user)
    if form.is_valid():
        let_in(request, user, form.by)
        return HttpResponseRedirect(kept_typing.first(request, next_page(request)))
    return shown(
        request,
        "",
        form=form,
        title=_("Second step"),
        whose=user.get_username(),
        has_app=second_factor.has_app(user),
        has_passkey=passkeys.are_possible() and bool(passkeys.of(user)),
    )


def let_in(request: HttpRequest, user: User, by: str = Step.APP) -> None:
    """From here on the session is the user's; under a new key, as after every sign-in."""
    if (wrong := sign_ins.wrong_codes(user.pk)) >= WRONG_TOLD:
        messages.warning(request, KNOWN_PASSWORD % {"count": wrong})
    request.session.cycle_key()
    second_factor.mark(request.session, user, timezone.now())
    sessions.note_browser(request)
    request.user = user
    sign_in_log.let_in(request, user, by)


@sensitive_post_parameters("code", "key")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """On the first sign-in, or anew by whoever is signed in: shows the key, wants its digits."""
    user = second_factor.halfway(request)
    if user is None or not second_factor.is_needed():
        return leading_to("admin:login", next_page(request))
    anew = second_factor.is_passed(request, user)
    if second_factor.has_device(user) and not anew:
        return leading_to("second_factor", next_page(request))
    key = _key_of(request, user)
    if request.method == "GET" or not key:
        return set_up_page(request, user, key)
    try:
        is_right = second_factor.set_up(user, key, request.POST.get("code", ""), anew=anew)
    except second_factor.SetUpAlready:
        return leading_to("second_factor", next_page(request))
    if not is_right:
        error = _("That is not what the app shows for this key. Type the six digits of now.")
        return set_up_page(request, user, key, error)
    let_in(request, user)
    sessions.end_others(request, user)
    return codes_page(request, user, kept_typing.first(request, next_page(request)))


def codes_page(request: HttpRequest, user: User, page: str) -> HttpResponse:
    """Shows new recovery codes, in place of those before, and leads on to a page."""
    codes = recovery_codes.make(user)
    return shown(request, "_codes", title=_("Recovery codes"), codes=codes, next=page)


def _key_of(request: HttpRequest, user: User) -> str:
    """The key that the page showed to this user, as it was signed; "" where it is no such."""
    try:
        signer, signed = keys.timed_signer(Use.APP_SET_UP), request.POST.get("key", "")
        held = signer.unsign_object(signed, max_age=SET_UP_WITHIN_SECONDS)
    except signing.BadSignature:
        return ""
    return held["key"] if held["user"] == user.pk else ""


def set_up_page(request: HttpRequest, user: User, key: str = "", error: str = "") -> HttpResponse:
    """Nothing is written yet: the key stands in the page, signed. On the first sign-in a passkey
    may be made there instead.
    """
    key = key or random_hex(20)
    secret = second_factor.base32(key)
    words = quote(f"{clinic_of(request).name}:{user.get_username()}")
    address = f"otpauth://totp/{words}?" + urlencode(
        {"secret": secret, "issuer": clinic_of(request).name}, quote_via=quote
    )
    return shown(
        request,
        "_set_up",
        title=_("Set up the second step"),
        error=error,
        of_app=bool(request.POST.get("key")),
        is_first=not second_factor.has_device(user),
        passkey=passkeys.are_possible() and not second_factor.has_device(user),
        called=sessions.browser(request),
        key=keys.timed_signer(Use.APP_SET_UP).sign_object({"key": key, "user": user.pk}),
        secret=second_factor.in_groups(secret),
        picture=segno.make(address, error="m").png_data_uri(scale=5, border=4),
    )


@require_POST
def codes(request: Signed) -> HttpResponse:
    """New recovery codes for whoever is signed in, in place of those before."""
    if not second_factor.is_needed():
        return HttpResponseRedirect(reverse("own_sign_in"))
    return codes_page(request, request.user, next_page(request))


@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager lets a colleague who has lost telephone and codes set them up anew."""
    accounts: Any = admin.site.get_model_admin(get_user_model())
    if not accounts.has_change_permission(request):
        raise PermissionDenied
    user = get_object_or_404(accounts.get_queryset(request), pk=pk)
    if not accounts.has_change_permission(request, user) or user == request.user:
        raise PermissionDenied
    if request.method == "GET":
        return shown(request, "_reset", title=_("Reset the second step"), whose=user)
    second_factor.reset(user)
    messages.success(
        request,
        _("Done: %(name)s sets it up anew at the next sign-in.") % {"name": user.get_username()},
    )
    return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
