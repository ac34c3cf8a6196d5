"""Browsers in which somebody of the staff has signed in before: strangers lock nobody out of them.

The cookie opens nothing and names nobody: it holds a number of the browser's own, and a keyed hash
of each user who signed in there. Who holds it types a name and a password like all others.
"""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest, HttpResponse

from booking.secrets import cookies, keys
from booking.secrets.keys import Use

NAME = "signed-in-before"
KEPT_FOR = timedelta(days=180)  # after the last sign-in
BETWEEN = "."
MOST_USERS = 20  # of one browser: a desk's computer is shared
MARK_LETTERS = 16


class Known(NamedTuple):
    """What a browser holds: its number, "" for one of a release before, and marks of users."""

    browser: str
    users: list[str]


def remember(response: HttpResponse, request: HttpRequest, user: int) -> None:
    """Set the cookie on the answer to a user's right password; the user is told by their key."""
    before = of(request) or Known("", [])
    mark = _mark(user)
    users = [mark, *(each for each in before.users if each != mark)][:MOST_USERS]
    value = BETWEEN.join([before.browser or secrets.token_hex(8), *users])
    cookies.put(response, NAME, _signer().sign(value), KEPT_FOR)


def of(request: HttpRequest | None) -> Known | None:
    """What the browser holds that the site set, and not too long ago; None for nothing."""
    try:
        held = cookies.held(request, NAME) if request else ""
        number, *users = _signer().unsign(held, max_age=KEPT_FOR).split(BETWEEN)
    except signing.BadSignature:
        return None
    return Known(number if users else "", users)


def is_known(request: HttpRequest | None) -> bool:
    """Whether anybody has signed in there."""
    return of(request) is not None


def number_for(request: HttpRequest | None, user: int) -> str:
    """The browser's number, where this user has signed in there; else ""."""
    known = of(request)
    return known.browser if known and _mark(user) in known.users else ""


def _mark(user: int) -> str:
    return keys.digest(Use.KNOWN_USERS, str(user)).hex()[:MARK_LETTERS]


def _signer() -> signing.TimestampSigner:
    return keys.timed_signer(Use.KNOWN_BROWSERS)
