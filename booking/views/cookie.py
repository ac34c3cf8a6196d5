"""The cookie that lets one browser see its appointment: the manage link's token.

Where the patient's details were typed it carries a mark besides, which only the site can make. The
link in the e-mail leaves the mark out: a mistyped address must not tell a stranger any names.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from booking.models import Appointment
from booking.visits import tokens

NAME = "appointment"


def remember(response: HttpResponse, token: str, typed_here: bool = False) -> HttpResponse:
    """Set the cookie on an answer; the last booking wins. It ends with the browser session."""
    response.set_cookie(
        NAME,
        f"{token}.{_mark(token)}" if typed_here else token,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Take the cookie away."""
    response.delete_cookie(NAME, samesite="Lax")
    return response


def appointment_of(request: HttpRequest, now: datetime) -> Appointment | None:
    """The appointment whose cookie the browser holds, if the link still lives."""
    token, _given = _held(request)
    return tokens.find(token, now) if token else None


def typed_here(request: HttpRequest) -> bool:
    """Whether the details of the appointment were typed in this browser."""
    token, given = _held(request)
    return constant_time_compare(given, _mark(token))


def _held(request: HttpRequest) -> tuple[str, str]:
    """Token and mark of the browser's cookie, "" for what it lacks."""
    token, _dot, mark = request.COOKIES.get(NAME, "").partition(".")
    return token, mark


def _mark(token: str) -> str:
    return salted_hmac("booking.views.cookie.typed_here", token, algorithm="sha256").hexdigest()
