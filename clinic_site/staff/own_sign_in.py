"""A page about one's own sign-in: the second step, the recovery codes that are left."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic_site.staff import second_factor


def page(request: HttpRequest) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": _("Your sign-in"),
        "second_factor": second_factor.is_needed(),
        "codes_left": second_factor.codes_left(request.user),
    }
    return render(request, "registration/own_sign_in.html", context)
