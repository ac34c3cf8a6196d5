"""What must be read again but by nobody who has only the database, or a backup of it: a column
that is sealed with a key made of SECRET_KEY, which neither of them holds in the open.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
SALT = b"booking.models.sealed"  # for this one use of SECRET_KEY


class Unreadable(Exception):
    """Sealed with another SECRET_KEY, for another row, or never."""


def seal(data: bytes, whose: str) -> str:
    """`data` for one row alone: `whose` says which, and is asked for again. URL-safe characters,
    four for each three bytes and 38 more.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, data, whose.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, whose: str) -> bytes:
    """By SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises Unreadable."""
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            return _unseal(secret, sealed, whose)
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def is_current(sealed: str, whose: str) -> bool:
    """Whether SECRET_KEY itself opens it, and no key of before is needed."""
    try:
        _unseal(settings.SECRET_KEY, sealed, whose)
    except (InvalidTag, ValueError):
        return False
    return True


def _unseal(secret: str, sealed: str, whose: str) -> bytes:
    raw = urlsafe_b64decode(sealed)
    return _cipher(secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], whose.encode())


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hmac.digest(secret.encode(), SALT, "sha256"))
