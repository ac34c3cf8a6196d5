"""The cookies that let one browser see its visits, its offer, its wish: no address says which.

The link in an e-mail leaves behind what only who reads that mail can have: the link's own token,
or a signed word that it was opened. Where the details were typed, the cookie says so instead: it
opens the same page, but proves nothing of the address that was typed, and a mistyped address must
not tell a stranger any names.

One cookie holds several visits, the one opened last first. What it holds of each is signed by the
site or is a link's own secret, and says nothing of anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.models.appointment import AppointmentQuerySet
from booking.secrets import cookies, keys
from booking.secrets.keys import Use
from booking.visits import tokens

NAME = "appointment"
HERE, MAIL = "here", "mail"  # how the browser came by what it holds
MOST_VISITS = 6  # that one browser holds; of more, the ones opened longest ago are left out
BETWEEN = "|"  # stands in no token and in nothing that is signed
SIGNED = {WaitlistEntry: "wish", TimeOffer: "offer"}
USES = {NAME: Use.VISITS, "wish": Use.WISHES, "offer": Use.OFFERS}


@dataclass(frozen=True)
class Held:
    """What a browser holds of a wish or an offer: which, and whether our e-mail led there."""

    uuid: str
    by_mail: bool


@dataclass(frozen=True)
class HeldVisit:
    """What a browser holds of one visit, as `text` in its cookie: the link's `token`, or where the
    details were typed `uuid` and token version; `how` it came by it, "" if that cannot be told.
    """

    text: str
    how: str
    token: str = ""
    uuid: UUID | None = None
    version: int = 0

    def opens(self, visit: Appointment) -> bool:
        if self.uuid:
            return (self.uuid, self.version) == (visit.uuid, visit.token_version)
        return tokens.hashed(self.token) == visit.token_hash

    def is_of(self, visit: Appointment) -> bool:
        """Whether it opens the visit, or did before its link was made anew."""
        return self.uuid == visit.uuid or self.opens(visit)


def remember(
    response: HttpResponse, visit: Appointment, token: str, request: HttpRequest
) -> HttpResponse:
    """Set the cookie on an answer to who came by the link; the visit opened last comes first,
    before what else the browser of the request holds.
    """
    return _put_first(response, visit, token, request)


def remember_typed(
    response: HttpResponse, visit: Appointment, request: HttpRequest | None = None
) -> HttpResponse:
    """Set the cookie on an answer to who typed the details; the last booking comes first, as
    above.
    """
    signed = _signer(NAME).sign(f"{visit.uuid.hex}.{visit.token_version}")
    return _put_first(response, visit, signed, request)


def prefer(response: HttpResponse, visit: Appointment, request: HttpRequest) -> HttpResponse:
    """Put a visit first that the browser holds already; how it came by it stays."""
    held = _way_to(request, visit)
    return _put_first(response, visit, held.text, request) if held else response


def remember_row(response: HttpResponse, row: WaitlistEntry | TimeOffer, how: str) -> HttpResponse:
    """Set the cookie of a wish or an offer, `how` being HERE or MAIL; the last one opened wins."""
    name = SIGNED[type(row)]
    return cookies.put(response, name, _signer(name).sign(f"{row.uuid.hex}.{how}"))


def held(request: HttpRequest, kind: type[WaitlistEntry] | type[TimeOffer]) -> Held | None:
    """What the browser holds of a wish or an offer, None for nothing that the site signed."""
    name = SIGNED[kind]
    found = _signed(request, name)
    return Held(found[0], found[1] == MAIL) if found else None


def forget(response: HttpResponse) -> HttpResponse:
    """Take the cookies away."""
    return cookies.forget(response, NAME, *SIGNED.values())


def appointment_of(
    request: HttpRequest, now: datetime, among: AppointmentQuerySet | None = None
) -> Appointment | None:
    """The visit opened last (`among` these, or any) of those that the browser holds and whose link
    still lives. A browser without a cookie costs no query, any other one.
    """
    return next(iter(appointments_of(request, now, among)), None)


def appointments_of(
    request: HttpRequest, now: datetime, among: AppointmentQuerySet | None = None
) -> list[Appointment]:
    """All such visits, the one opened last first; one query, none without a cookie."""
    held = _held_visits(request)
    if not held:
        return []
    hashes = [tokens.hashed(each.token) for each in held if each.token]
    found = tokens.find_held(hashes, [each.uuid for each in held if each.uuid], now, among)
    in_order = (visit for each in held for visit in found if each.opens(visit))
    return list(dict.fromkeys(in_order))


def coming(visits: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """Those to come, soonest first."""
    found = [visit for visit in visits if visit.is_upcoming(now)]
    return sorted(found, key=lambda visit: visit.starts_at)


def typed_here(request: HttpRequest, visit: Appointment) -> bool:
    """Whether the details of the visit were typed in this browser."""
    held = _way_to(request, visit)
    return held is not None and held.how == HERE


def came_by_mail(request: HttpRequest, visit: Appointment | None) -> bool:
    """Whether the browser holds what a link in our e-mail about the visit alone could give it."""
    held = _way_to(request, visit) if visit else None
    return held is not None and held.how == MAIL


def _way_to(request: HttpRequest, visit: Appointment) -> HeldVisit | None:
    return next((each for each in _held_visits(request) if each.opens(visit)), None)


def _put_first(
    response: HttpResponse, visit: Appointment, text: str, request: HttpRequest | None
) -> HttpResponse:
    held = _held_visits(request) if request else []
    others = [each.text for each in held if not each.is_of(visit)]
    return cookies.put(response, NAME, BETWEEN.join([text, *others][:MOST_VISITS]))


def _signer(name: str) -> signing.Signer:
    return keys.signer(USES[name])


def _signed(request: HttpRequest, name: str) -> tuple[str, str] | None:
    return _unsigned(name, cookies.held(request, name))


def _unsigned(name: str, text: str) -> tuple[str, str] | None:
    """The row's uuid and the word beside it, if the site signed them."""
    try:
        uuid, _dot, word = _signer(name).unsign(text).partition(".")
    except signing.BadSignature:
        return None
    return str(UUID(uuid)), word


def _held_visits(request: HttpRequest) -> list[HeldVisit]:
    """What the cookie holds, at most `MOST_VISITS`; nothing that opens no visit."""
    texts = cookies.held(request, NAME).split(BETWEEN)[:MOST_VISITS]
    return [held for held in map(_held_visit, texts) if held]


def _held_visit(text: str) -> HeldVisit | None:
    if found := _unsigned(NAME, text):
        return HeldVisit(text, HERE, uuid=UUID(found[0]), version=int(found[1]))
    # An earlier release marked a token where the details were typed.
    token, _dot, mark = text.partition(".")
    if not token:
        return None
    typed = constant_time_compare(mark, _mark_of(token))
    return HeldVisit(text, HERE if typed else "" if mark else MAIL, token)


def _mark_of(token: str) -> str:
    return keys.mark(Use.TYPED_HERE, token)
