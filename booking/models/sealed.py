"""What must be read again but by nobody who has only the database, or a backup of it: a column
that is sealed with a key made of SECRET_KEY, which neither of them holds in the open.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from booking.secrets import keys
from booking.secrets.keys import Use

NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed with another SECRET_KEY, for another row, or never."""


def seal(data: bytes, whose: str) -> str:
    """`data` for one row alone: `whose` says which, and is asked for again. URL-safe characters,
    four for each three bytes and 38 more.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(keys.of(Use.SEALED)).encrypt(nonce, data, whose.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, whose: str) -> bytes:
    """By SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises Unreadable."""
    for key in keys.every(Use.SEALED):
        try:
            return _unseal(key, sealed, whose)
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def is_current(sealed: str, whose: str) -> bool:
    """Whether SECRET_KEY itself opens it, and no key of before is needed."""
    try:
        _unseal(keys.of(Use.SEALED), sealed, whose)
    except (InvalidTag, ValueError):
        return False
    return True


def _unseal(key: bytes, sealed: str, whose: str) -> bytes:
    raw = urlsafe_b64decode(sealed)
    return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], whose.encode())
