"""A page about one's own sign-in: app, passkeys, the recovery codes left, one's sessions."""

import re

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic_site.staff import passkeys, recovery_codes, second_factor, sessions
from clinic_site.staff.second_factor_pages import Signed

KEY = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "POST"])
def page(request: Signed) -> HttpResponse:
    """Shows them; a POST ends one session (`end`) or all others, or takes a passkey away."""
    if request.method == "POST":
        change = _take_away if "passkey" in request.POST else _end
        change(request, request.user)
        return HttpResponseRedirect(request.path)
    own = passkeys.of(request.user)
    has_app = second_factor.has_app(request.user)
    context = admin.site.each_context(request) | {
        "title": _("Your sign-in"),
        "second_factor": second_factor.is_needed(),
        "has_app": has_app,
        "passkeys": own,
        "may_take_away": has_app or len(own) > 1,
        "may_add": passkeys.are_possible(),
        "codes_left": recovery_codes.left(request.user),
        "sessions": sessions.own(request),
    }
    return render(request, "registration/own_sign_in.html", context)


def _end(request: Signed, user: User) -> None:
    if key := request.POST.get("end"):
        sessions.end(request, key)
    elif "others" in request.POST:
        sessions.end_others(request, user)
    messages.success(request, _("Ended."))


def _take_away(request: Signed, user: User) -> None:
    """A passkey, unless it is the last second factor."""
    key = request.POST["passkey"]
    try:
        if KEY.fullmatch(key) and passkeys.take_away(user, int(key)):
            sessions.end_others(request, user)
            messages.success(request, _("That passkey opens nothing any more."))
    except passkeys.LastOne:
        words = _("That is your only second step. Add another passkey or an app first.")
        messages.error(request, words)
