"""Manage links: the secret in an e-mail that opens one appointment.

token = base64url(HMAC-SHA256(SECRET_KEY, uuid + version)). It is derived, never stored: the
row holds only its SHA-256, so a copy of the database opens nothing.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from booking.models import Appointment

LIVES_AFTER_VISIT = timedelta(days=1)


def make(appointment: Appointment, secret: str | None = None) -> str:
    """The appointment's token under `secret` (default: SECRET_KEY); 43 URL-safe characters."""
    message = f"manage:{appointment.uuid}:{appointment.token_version}".encode()
    digest = hmac.digest((secret or settings.SECRET_KEY).encode(), message, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def current(appointment: Appointment) -> str | None:
    """The token whose hash the row holds, whichever key made it; None if no key did."""
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        token = make(appointment, secret)
        if hashed(token) == appointment.token_hash:
            return token
    return None


def find(token: str, now: datetime) -> Appointment | None:
    """The appointment that a token opens, or None: unknown, revoked and expired look alike."""
    appointment = Appointment.objects.with_details().filter(token_hash=hashed(token)).first()
    if appointment is None or now >= appointment.ends_at + LIVES_AFTER_VISIT:
        return None
    return appointment
