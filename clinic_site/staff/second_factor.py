"""The second factor of staff: six digits that an app shows, anew each half minute, or a passkey
(`passkeys`); and `recovery_codes` on paper, for the day on which both are lost.
"""

import time
from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice

from booking.models import AppDevice, Passkey, StaffSession
from booking.models.app_device import sealed_key, waits_until
from booking.models.sealed import Unreadable
from booking.transactions import retried
from clinic_site.staff import sessions, sign_in_log

MARK = "second_factor"  # in the session: whose was right, and when
FRESH_FOR = timedelta(minutes=10)
DIGITS = 6
TOLERATED_STEPS = 1  # half a minute that a telephone's clock may be ahead or behind
GROUP = 4  # letters


class Locked(Exception):
    """Wrong codes came before; none is looked at until `until`, of an app none at all where that is
    None.
    """

    def __init__(self, until: datetime | None) -> None:
        self.until = until


class SetUpAlready(Exception):
    """There is a device, and this session has not shown its code."""


def is_needed() -> bool:
    """Whether the site asks for it: the demo clinic does not."""
    return not settings.DEMO


def halfway(request: HttpRequest) -> User | None:
    """Who of the staff has given a right password in this session, whatever came after it."""
    user = get_user(request)
    return user if isinstance(user, User) and user.is_staff else None


def is_owed(request: HttpRequest) -> bool:
    """Whether a password was right in this session, and the second factor is still to come."""
    user = halfway(request)
    return user is not None and is_needed() and not is_passed(request, user)


def admitted(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in: with the second factor where it is needed, else nobody."""
    user = get_user(request)
    if is_needed() and not is_passed(request, user):
        return AnonymousUser()
    if user.is_authenticated:
        sessions.note_use(request)
    return user


def is_passed(request: HttpRequest, user: Any) -> bool:
    """Whether this session has shown the second factor of this very user."""
    return user.pk is not None and request.session.get(MARK, {}).get("user") == user.pk


def is_stale(request: HttpRequest) -> bool:
    """Whether the second factor was shown too long ago to change who may do what."""
    shown = request.session.get(MARK, {}).get("at", 0)
    return is_needed() and timezone.now().timestamp() - shown > FRESH_FOR.total_seconds()


def mark(session: Any, user: User, at: datetime) -> None:
    """Note that the user has shown the second factor in this session."""
    session[MARK] = {"user": user.pk, "at": at.timestamp()}


def has_app(user: User) -> bool:
    return AppDevice.objects.filter(user=user, confirmed=True).exists()


def has_device(user: User) -> bool:
    """Whether a second factor is set up: an app or a passkey."""
    return has_app(user) or Passkey.objects.filter(user=user, confirmed=True).exists()


def lock(user: User) -> None:
    """Whoever sets up or takes away a second factor of the user waits for whoever does."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def letters_of(typed: str) -> str:
    """What somebody typed of a code, without what they put between its groups."""
    return "".join(letter for letter in typed.lower() if letter.isalnum())


def is_of_app(typed: str) -> bool:
    """Whether it looks like what an app shows, and not like a recovery code."""
    letters = letters_of(typed)
    return len(letters) == DIGITS and letters.isdecimal()


@retried
@transaction.atomic
def is_right(user: User, typed: str) -> bool:
    """Whether it is what the app shows now; good for once. Raises Locked: after each wrong one for
    twice as long, from a second to LONGEST_WAIT, and for good after MOST_WRONG.
    """
    # Locked: of what is tried at once each counts, and a right one is right once.
    device = AppDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return False
    if device.is_spent:
        raise Locked(None)
    insist_on_allowed(device)
    try:
        return bool(device.verify_token(letters_of(typed)))
    except Unreadable:
        sign_in_log.unreadable(user)
        return False


def insist_on_allowed(device: Any) -> None:
    """Raises Locked."""
    if until := waits_until(device):
        raise Locked(until)


@retried
@transaction.atomic
def set_up(user: User, key: str, typed: str, *, anew: bool) -> bool:
    """Keep the key of an app, hexadecimal, if the app shows by it what was typed; returns whether
    it does. Raises SetUpAlready unless it is done `anew`.
    """
    # Locked: of two who set one up at once, the second finds the first's.
    lock(user)
    if has_device(user) and not anew:
        raise SetUpAlready
    step = _step_of(key, typed)
    if not step:
        return False
    AppDevice.objects.filter(user=user).delete()
    AppDevice.objects.create(user=user, name="app", key=sealed_key(user.pk, key), last_t=step)
    note(user, "set up")
    return True


def _step_of(key: str, typed: str) -> int:
    """In which half minute since 1970 an app with that key shows what was typed; 0 for never."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    digits = typed.replace(" ", "")
    right = digits.isdecimal() and totp.verify(int(digits), TOLERATED_STEPS)
    return totp.t() if right else 0


@transaction.atomic
def reset(user: User) -> None:
    """Forget app, passkeys and codes of somebody who has lost them: the next sign-in sets them up
    anew. Their sessions end.
    """
    forget(user)
    StaffSession.objects.filter(user=user).delete()
    note(user, "reset")


def forget(user: User) -> None:
    for kind in (AppDevice, StaticDevice, Passkey):
        kind.objects.filter(user=user).delete()


def base32(key: str) -> str:
    """A hexadecimal key as people type it into an app, and as the picture has it."""
    return b32encode(bytes.fromhex(key)).decode()


def in_groups(text: str) -> str:
    """Four letters, and four, and four: easier to copy."""
    return " ".join(_parts(text))


def _parts(text: str) -> Iterable[str]:
    return (text[start : start + GROUP] for start in range(0, len(text), GROUP))


def note(user: User, what: str) -> None:
    """In the history of changes; who did it is known there."""
    LogEntry.objects.log_create(
        user,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={"second factor": ["", f"{what}, {timezone.now():%Y-%m-%d}"]},
    )
