"""What every answer says to browsers: a page, a file, a redirect, a health check."""

from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
# Of what is no page of ours: it loads nothing, sends nothing and stands in no frame.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# What no page here asks a browser for. Each name weighs on every page's first flight of packets:
# these are the ones by which a page listens, looks and follows.
PERMISSIONS = "camera=(), geolocation=(), microphone=()"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


class HeadersMiddleware:
    """Adds what an answer lacks; what its view or another middleware has said stays."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if HEADER not in response and not says_nothing_new(response):
            response[HEADER] = NOTHING
        if request.is_secure() and settings.SECURE_HSTS_SECONDS:
            response.headers.setdefault("Strict-Transport-Security", hsts())
        return response


def says_nothing_new(response: HttpResponse) -> bool:
    """Whether no policy is to be added: a browser lays the headers of "you have it already" over
    those of the page that it has, and Django's own pages of errors have their style inside.
    """
    status = response.status_code
    return status == HTTPStatus.NOT_MODIFIED or (settings.DEBUG and status in (404, 500))


def hsts() -> str:
    """As Django's own middleware says it, which health checks do not reach."""
    words = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    words += ["includeSubDomains"] * settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    words += ["preload"] * settings.SECURE_HSTS_PRELOAD
    return "; ".join(words)
