"""A page about one's own sign-in: the second step, the recovery codes left, one's sessions."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic_site.staff import second_factor, sessions
from clinic_site.staff.second_factor_pages import Signed


@require_http_methods(["GET", "POST"])
def page(request: Signed) -> HttpResponse:
    """Shows them; a POST ends one session (`end`) or all others."""
    if request.method == "POST":
        _end(request, request.user)
        return HttpResponseRedirect(request.path)
    context = admin.site.each_context(request) | {
        "title": _("Your sign-in"),
        "second_factor": second_factor.is_needed(),
        "codes_left": second_factor.codes_left(request.user),
        "sessions": sessions.own(request),
    }
    return render(request, "registration/own_sign_in.html", context)


def _end(request: Signed, user: User) -> None:
    if key := request.POST.get("end"):
        sessions.end(request, key)
    elif "others" in request.POST:
        sessions.end_others(request, user)
    messages.success(request, _("Ended."))
