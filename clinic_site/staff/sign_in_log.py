"""What is kept and logged of sign-ins: who got in and who did not, by number, and who was refused
what they have no right to. What nobody is called is a
keyed hash: people type passwords, and other secrets, where a name belongs.
"""

import logging

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from booking.models import SignIn
from booking.models.sign_in import HASH_LETTERS
from booking.records import sign_ins
from booking.secrets import keys
from booking.secrets.keys import Use

logger = logging.getLogger(__name__)
Step, Outcome = SignIn.Step, SignIn.Outcome


def let_in(request: HttpRequest | None, user: User, by: str) -> None:
    logger.info("Sign-in: %s right, %s", by, _number(user))
    _keep(request, by, Outcome.RIGHT, user.pk)


def refused(request: HttpRequest | None, user: User, by: str, why: str) -> None:
    logger.warning("Sign-in refused: %s %s, %s", by, why, _number(user))
    _keep(request, by, why, user.pk)


def refused_name(request: HttpRequest | None, name: str, why: str) -> None:
    """By what was typed as a user name, which may be nobody's."""
    user = User.objects.filter(username=name).first()
    if user:
        return refused(request, user, Step.PASSWORD, why)
    hashed = keys.digest(Use.UNKNOWN_NAMES, name).hex()[:HASH_LETTERS]
    logger.warning("Sign-in refused: password %s, no user %s", why, hashed)
    _keep(request, Step.PASSWORD, why, None, hashed)


def _keep(
    request: HttpRequest | None, step: str, outcome: str, user: int | None, name: str = ""
) -> None:
    address = request.META["REMOTE_ADDR"] if request else ""
    now = timezone.now()
    sign_ins.note(step=step, outcome=outcome, user=user, name=name, address=address, now=now)


def unreadable(user: User) -> None:
    """An app's key was sealed with a SECRET_KEY that the settings do not name any more."""
    logger.error("No SECRET_KEY opens the key of an app: %s", _number(user))


def not_allowed(request: HttpRequest) -> None:
    """Who asked for what they have no right to; a stranger is asked to sign in instead."""
    if request.user.is_authenticated:
        logger.warning(
            "Not allowed: %s, %s %s", _number(request.user), request.method, request.path
        )


def _number(user: User) -> str:
    return f"user {user.pk}"
