"""Browsers in which somebody of the staff has signed in before: strangers cannot crowd them out.

The cookie opens nothing and names nobody: who holds it types a name and a password like all others.
"""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from booking.secrets import cookies, keys
from booking.secrets.keys import Use

NAME = "signed-in-before"
KEPT_FOR = timedelta(days=180)  # after the last sign-in
SIGNED = "yes"


def remember(response: HttpResponse) -> None:
    """Set the cookie on the answer to a right password."""
    cookies.put(response, NAME, _signer().sign(SIGNED), KEPT_FOR)


def is_known(request: HttpRequest | None) -> bool:
    """Whether the browser holds a cookie that the site set, and not too long ago."""
    try:
        held = cookies.held(request, NAME) if request else ""
        return _signer().unsign(held, max_age=KEPT_FOR) == SIGNED
    except signing.BadSignature:
        return False


def _signer() -> signing.TimestampSigner:
    return keys.timed_signer(Use.KNOWN_BROWSERS)
