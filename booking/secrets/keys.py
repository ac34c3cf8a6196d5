"""One key for each use, all made of SECRET_KEY: what one of them signs, hashes or seals says
nothing about another, and what is made for one use is worth nothing to the next.

No other module takes SECRET_KEY, or a salt for Django's signers, which make a key of it in this way
themselves.
"""

import hmac
from collections.abc import Iterator
from enum import StrEnum, unique

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac


@unique
class Use(StrEnum):
    """What a key is for. Its text makes the key: another text, and all that it made is void."""

    SEALED = "booking.models.sealed"  # what only the site reads in its own database
    LINKS = "booking.visits.tokens"
    COUNTS = "booking.visits.limits"  # marks of networks, mailboxes, numbers, names that are tried
    UNKNOWN_NAMES = "clinic_site.staff.sign_in_log"
    PASSKEY_OWNERS = "clinic_site.staff.passkeys"
    VISITS = "booking.views.cookie.appointment"
    WISHES = "booking.views.cookie.wish"
    OFFERS = "booking.views.cookie.offer"
    TYPED_HERE = "booking.views.cookie.typed_here"
    STAMPS = "booking.guards.stamp"
    INVITATIONS = "booking.messages.invitations"
    KNOWN_BROWSERS = "clinic_site.staff.known_browsers"
    KNOWN_USERS = "clinic_site.staff.known_browsers.users"
    APP_SET_UP = "clinic_site.staff.second_factor"


def of(use: Use, secret: str = "") -> bytes:
    """The key for a use, 32 bytes; of `secret` where that is given, else of SECRET_KEY."""
    return hmac.digest((secret or settings.SECRET_KEY).encode(), use.encode(), "sha256")


def every(use: Use) -> Iterator[bytes]:
    """The key for a use, and those that it had under SECRET_KEY_FALLBACKS."""
    return (of(use, secret) for secret in _all())


def underived() -> list[bytes]:
    """SECRET_KEY and those before it as they are: links had no key of their own before."""
    return [secret.encode() for secret in _all()]


def digest(use: Use, message: str) -> bytes:
    """A keyed hash of a message, 32 bytes."""
    return hmac.digest(of(use), message.encode(), "sha256")


def signer(use: Use) -> signing.Signer:
    return signing.Signer(salt=use)


def timed_signer(use: Use) -> signing.TimestampSigner:
    """One that asks how old a signature is."""
    return signing.TimestampSigner(salt=use)


def mark(use: Use, text: str) -> str:
    """A keyed hash as Django makes it, hexadecimal."""
    return salted_hmac(use, text, algorithm="sha256").hexdigest()


def _all() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
