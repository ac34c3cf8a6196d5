"""Links by which somebody invited chooses their first password."""

import hashlib
from datetime import timedelta

from django.contrib.auth.models import User
from django.core import signing

from booking.secrets import keys
from booking.secrets.keys import Use

WORKS_FOR = timedelta(days=7)  # from when the e-mail leaves


class InvitationTokens:
    """As Django's own of a forgotten password, but good for longer, and only until there is one."""

    def make_token(self, user: User) -> str:
        return _signer().sign(_state(user))

    def check_token(self, user: User | None, token: str | None) -> bool:
        if user is None or not token or user.has_usable_password():
            return False
        try:
            return _signer().unsign(token, max_age=WORKS_FOR) == _state(user)
        except signing.BadSignature:
            return False


def _state(user: User) -> str:
    """Of what is stored in place of a password, random in each account."""
    told = f"{user.pk}:{user.password}:{user.email}:{user.is_active}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _signer() -> signing.TimestampSigner:
    return keys.timed_signer(Use.INVITATIONS)
