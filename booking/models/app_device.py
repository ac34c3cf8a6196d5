"""An authenticator app of somebody of the staff: django-otp's, with its key sealed."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_otp.models import ThrottlingMixin
from django_otp.plugins.otp_totp.models import TOTPDevice

from booking.models import sealed

# How long nothing is looked at after a wrong one, at most: who has the password alone must not keep
# its owner out for days.
LONGEST_WAIT = timedelta(minutes=15)
# Wrong digits in a row, after which no more are looked at: of a million, three are right at a time.
MOST_WRONG = 50


def waits_until(device: ThrottlingMixin) -> datetime | None:
    """Until when nothing is looked at, as django-otp says, but for LONGEST_WAIT at most; None where
    the next is looked at now.
    """
    is_allowed, why = ThrottlingMixin.verify_is_allowed(device)
    if is_allowed:
        return None
    until: datetime = min(why["locked_until"], device.throttling_failure_timestamp + LONGEST_WAIT)
    return until if timezone.now() < until else None


class AppDevice(TOTPDevice):
    """Rows of TOTPDevice, and the only way to them: `key` holds no hexadecimal number but what
    `sealed_key` made of it, for this user alone.
    """

    class Meta:
        proxy = True
        default_permissions = ()

    @property
    def bin_key(self) -> bytes:
        """What the app knows. Raises sealed.Unreadable."""
        return sealed.unseal(self.key, whose(self.user_id))

    @property
    def is_spent(self) -> bool:
        """Whether so many digits were wrong in a row that the app counts no more."""
        return bool(self.throttling_failure_count >= MOST_WRONG)

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        """As django-otp does, whose wait is doubled without end."""
        until = waits_until(self)
        why = {"locked_until": None if self.is_spent else until}
        return (False, why) if until or self.is_spent else (True, None)

    def verify_token(self, token: str) -> bool:
        """As django-otp does. A key that was sealed with a SECRET_KEY of before is sealed anew."""
        is_right: bool = super().verify_token(token)
        if is_right and not sealed.is_current(self.key, whose(self.user_id)):
            anew = sealed_key(self.user_id, self.bin_key.hex())
            AppDevice.objects.filter(pk=self.pk).update(key=anew)
        return is_right


def sealed_key(user_pk: int, key: str) -> str:
    """What is stored of an app's key, which is hexadecimal; shorter than its column."""
    return sealed.seal(bytes.fromhex(key), whose(user_pk))


def whose(user_pk: int) -> str:
    return f"app of user {user_pk}"
