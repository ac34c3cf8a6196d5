"""An authenticator app of somebody of the staff: django-otp's, with its key sealed."""

from django_otp.plugins.otp_totp.models import TOTPDevice

from booking.models import sealed


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
