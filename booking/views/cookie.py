"""The cookies that let one browser see its appointment, its offer, its wish: no address says which.

The link in an e-mail leaves behind what only who reads that mail can have: the link's own token,
or a signed word that it was opened. Where the details were typed, the cookie says so instead: it
opens the same page, but proves nothing of the address that was typed, and a mistyped address must
not tell a stranger any names.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.models.appointment import AppointmentQuerySet
from booking.visits import tokens

NAME = "appointment"
HERE, MAIL = "here", "mail"  # how the browser came by what it holds
SIGNED = {WaitlistEntry: "wish", TimeOffer: "offer"}


@dataclass(frozen=True)
class Held:
    """What a browser holds of a wish or an offer: which, and whether our e-mail led there."""

    uuid: str
    by_mail: bool


def remember(response: HttpResponse, token: str) -> HttpResponse:
    """Set the cookie on an answer to who came by the link; the last visit opened wins."""
    return _set(response, NAME, token)


def remember_typed(response: HttpResponse, appointment: Appointment) -> HttpResponse:
    """Set the cookie on an answer to who typed the details; the last booking wins."""
    what = f"{appointment.uuid.hex}.{appointment.token_version}"
    return _set(response, NAME, _signer(NAME).sign(what))


def remember_row(response: HttpResponse, row: WaitlistEntry | TimeOffer, how: str) -> HttpResponse:
    """Set the cookie of a wish or an offer, `how` being HERE or MAIL; the last one opened wins."""
    name = SIGNED[type(row)]
    return _set(response, name, _signer(name).sign(f"{row.uuid.hex}.{how}"))


def held(request: HttpRequest, kind: type[WaitlistEntry] | type[TimeOffer]) -> Held | None:
    """What the browser holds of a wish or an offer, None for nothing that the site signed."""
    name = SIGNED[kind]
    found = _signed(request, name)
    return Held(found[0], found[1] == MAIL) if found else None


def forget(response: HttpResponse) -> HttpResponse:
    """Take the cookies away."""
    for name in (NAME, *SIGNED.values()):
        response.delete_cookie(name, samesite="Lax")
    return response


def appointment_of(
    request: HttpRequest, now: datetime, among: AppointmentQuerySet | None = None
) -> Appointment | None:
    """The appointment (`among` these, or any) whose cookie the browser holds, if the link still
    lives. A browser without a cookie costs no query.
    """
    if found := _signed(request, NAME):
        return tokens.find_here(found[0], int(found[1]), now, among)
    token, _mark = _held(request)
    return tokens.find(token, now, among) if token else None


def typed_here(request: HttpRequest) -> bool:
    """Whether the details of the appointment were typed in this browser."""
    token, mark = _held(request)
    return _signed(request, NAME) is not None or constant_time_compare(mark, _mark_of(token))


def came_by_mail(request: HttpRequest) -> bool:
    """Whether the browser holds what a link in our e-mail alone could give it."""
    token, mark = _held(request)
    return bool(token) and not mark and _signed(request, NAME) is None


def _set(response: HttpResponse, name: str, value: str) -> HttpResponse:
    """It ends with the browser session."""
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _signer(name: str) -> signing.Signer:
    return signing.Signer(salt=f"booking.views.cookie.{name}")


def _signed(request: HttpRequest, name: str) -> tuple[str, str] | None:
    """The row's uuid and the word beside it, if the site signed them."""
    try:
        uuid, _dot, word = _signer(name).unsign(request.COOKIES.get(name, "")).partition(".")
    except signing.BadSignature:
        return None
    return str(UUID(uuid)), word


def _held(request: HttpRequest) -> tuple[str, str]:
    """Token of the browser's cookie, and the mark of one that an earlier release set where the
    details were typed; "" for what it lacks.
    """
    token, _dot, mark = request.COOKIES.get(NAME, "").partition(".")
    return token, mark


def _mark_of(token: str) -> str:
    return salted_hmac("booking.views.cookie.typed_here", token, algorithm="sha256").hexdigest()
