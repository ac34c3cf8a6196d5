"""/healthz: the process lives. /readyz: it can serve."""

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from clinic_site.middleware import readiness
from clinic_site.middleware.readiness import OK, Report

Answer = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers both before anything else: no host name, redirect or session is in the way."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {"/healthz": healthz, "/readyz": readyz}.get(request.path, self.get_response)
        return answer(request)


def healthz(request: HttpRequest) -> HttpResponse:
    return fresh(HttpResponse("ok\n", content_type="text/plain"))


def readyz(request: HttpRequest) -> HttpResponse:
    """503 with what is amiss where patients cannot read or book; else 200, and what somebody should
    see to: mail, backups, the disk never make it 503.
    """
    now = timezone.now()
    try:
        report: Report = {**readiness.stops(), "write": readiness.write(now)}
        ready = set(report.values()) == {OK}
        if ready:
            report |= readiness.rest(now)
    except DatabaseError:
        report, ready = {"database": "away"}, False
    return fresh(JsonResponse(report, status=200 if ready else 503))


def fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
