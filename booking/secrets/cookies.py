"""Every cookie that the site sets beside Django's own: its name, and what browsers may do with it.

Over https a name begins with `__Host-` (COOKIE_PREFIX): a browser takes such a cookie from this
host alone, over https, for all of its pages. No other subdomain can plant one.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def named(name: str) -> str:
    """What browsers call the cookie."""
    return f"{settings.COOKIE_PREFIX}{name}"


def put(
    response: HttpResponse, name: str, value: str, kept_for: timedelta | None = None
) -> HttpResponse:
    """Set it on an answer; it ends with the browser's session unless it is `kept_for` so long."""
    response.set_cookie(
        named(name),
        value,
        max_age=kept_for,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def held(request: HttpRequest, name: str) -> str:
    """What the browser of a request holds; "" for nothing. Who holds no cookie by its name of now
    is asked for one by its name of before: it was set by a release that had no prefix.
    """
    of_before = request.COOKIES.get(name, "")
    return request.COOKIES.get(named(name), of_before)


def forget(response: HttpResponse, *names: str) -> HttpResponse:
    """Take cookies away, under the names of before too."""
    for name in names:
        for known in dict.fromkeys([named(name), name]):
            response.delete_cookie(known, samesite="Lax")
    return response


def session_key(request: HttpRequest) -> str:
    """The key of the session that a browser holds, whether or not that has ended; "" for none."""
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
