"""The cookie that lets one browser see its appointment: the manage link's token."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from booking import tokens
from booking.models import Appointment

NAME = "appointment"


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Set the cookie on an answer; the last booking wins. It ends with the browser session."""
    response.set_cookie(
        NAME,
        token,
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
    token = request.COOKIES.get(NAME)
    return tokens.find(token, now) if token else None
