"""Recovery codes on paper: ten, each good for once, for the day on which app or passkey is lost.

Each is kept as a password is, salted and slowly hashed. Its first letter stands beside it, another
one for each of a user's codes: what is typed is compared with one of them alone.
"""

import hashlib
import secrets

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django_otp.plugins.otp_static.models import StaticDevice

from booking.models import RecoveryCode
from booking.transactions import retried
from clinic_site.staff import second_factor

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
SECRET_LETTERS = 11  # behind the first: 54 bits


def make(user: User) -> list[str]:
    """Make recovery codes, and forget the ones before. They are read here, and never again.

    Takes seconds: call it outside of any transaction. Of two sets that are asked for at once, as by
    a double click, the one asked for last stays: that is the one which a browser shows.
    """
    device = _begun(user)
    places = secrets.SystemRandom().sample(LETTERS, CODES)
    codes = [place + _secret() for place in places]
    _keep(device, {code[0]: make_password(code[1:]) for code in codes})
    return [second_factor.in_groups(code) for code in codes]


def _secret() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(SECRET_LETTERS))


@retried
def _begun(user: User) -> StaticDevice:
    # Locked: of two sets begun at once, the second takes the first away.
    second_factor.lock(user)
    StaticDevice.objects.filter(user=user).delete()
    return StaticDevice.objects.create(user=user, name="paper")


@retried
def _keep(device: StaticDevice, stored: dict[str, str]) -> None:
    # Locked: a set that is begun meanwhile waits, and takes these away.
    if StaticDevice.objects.select_for_update().filter(pk=device.pk).exists():
        RecoveryCode.objects.bulk_create(
            RecoveryCode(device=device, place=place, stored=its) for place, its in stored.items()
        )


def left(user: User) -> int:
    return RecoveryCode.objects.filter(device__user=user).count()


def is_right(user: User, typed: str) -> bool:
    """Whether it is one of the user's, which is good no more then. Raises second_factor.Locked:
    after each wrong one for twice as long, from a second to LONGEST_WAIT.

    Each is counted as wrong before it is looked at: what is tried at once counts each time, and no
    lock is held while it is hashed.
    """
    typed = second_factor.letters_of(typed)
    found = next((code for code in _tried(user, typed) if _fits(code, typed)), None)
    return found is not None and _used_up(found)


@retried
def _tried(user: User, typed: str) -> list[RecoveryCode]:
    """Counts a try; returns which codes it may be: one, or those from before they had a place."""
    # Locked: of what is tried at once, each waits for the count of the one before.
    device = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return []
    second_factor.insist_on_allowed(device)
    device.throttle_increment()
    return list(device.codes.filter(place__in=["", typed[:1]]))


def _fits(code: RecoveryCode, typed: str) -> bool:
    if not code.place:  # hashed once more by migration 0302, as it had been kept before
        typed = "_" + hashlib.sha256(typed.encode()).hexdigest()[:16]
    return check_password(typed[1:], code.stored)


@retried
def _used_up(code: RecoveryCode) -> bool:
    """Take a right one away; returns whether it was there still."""
    gone, _rows = RecoveryCode.objects.filter(pk=code.pk).delete()
    device = StaticDevice.objects.select_for_update().filter(pk=code.device_id).first()
    if not gone or device is None:
        return False
    device.throttle_reset(commit=False)
    device.set_last_used_timestamp(commit=False)
    device.save()
    return True
