"""An authenticator app of the tests' own, with one key for everybody."""

import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP

from booking.models import AppDevice
from booking.models.app_device import sealed_key
from clinic_site.staff import second_factor

KEY = "3132333435363738393031323334353637383930"
NEVER_STALE = datetime(2100, 1, 1, tzinfo=UTC)  # tests turn the clock


def give(user: User) -> User:
    """Set up the app for somebody."""
    AppDevice.objects.create(user=user, name="app", key=sealed_key(user.pk, KEY))
    return user


def code(key: str = KEY, *, ago: int = 0) -> str:
    """What it shows now, or so many seconds ago."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() - ago
    return f"{totp.token():06}"


def sign_in_whole(client: Client, user: User) -> None:
    """What `force_login` leaves out: the second factor, in the same session."""
    session: Any = client.session
    second_factor.mark(session, user, NEVER_STALE)
    session.save()
