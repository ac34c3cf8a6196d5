"""Addresses whose views fail in the ways that real ones may."""

import errno

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from clinic_site import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

ERRORS = {
    "operational": OperationalError("database is locked"),
    "interface": InterfaceError("connection already closed"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "permission": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "bug": ValueError("a slip of ours"),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


def fail_because(request: HttpRequest, kind: str) -> HttpResponse:
    raise RuntimeError from ERRORS[kind]


def own_form(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("sent")


def show_again(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(f"form {number}, typed {request.POST['name']}", status=403)


own_form.csrf_failure = show_again

urlpatterns = [
    *urls.urlpatterns,
    path("fail/<kind>/", fail),
    path("fail-because/<kind>/", fail_because),
    path("own-form/<int:number>/", own_form),
    path("form/", lambda request: HttpResponse("sent")),
]
