"""What the log says of sign-ins: who got in and who did not, by number, and who was refused
what they have no right to. What nobody is called is a
keyed hash: people type passwords, and other secrets, where a name belongs.
"""

import logging

from django.contrib.auth.models import User
from django.http import HttpRequest

from booking.visits import limits

logger = logging.getLogger(__name__)
LETTERS = 12  # of a hash: enough to tell that the same was tried again


def let_in(user: User, by: str) -> None:
    """`by`: "password" or "second factor"."""
    logger.info("Sign-in: %s right, %s", by, _number(user))


def refused(user: User, by: str, why: str) -> None:
    logger.warning("Sign-in refused: %s %s, %s", by, why, _number(user))


def refused_name(name: str, why: str) -> None:
    """By what was typed as a user name, which may be nobody's."""
    user = User.objects.filter(username=name).first()
    who = _number(user) if user else f"no user {limits.hashed('sign-in', 'log', name)[:LETTERS]}"
    logger.warning("Sign-in refused: password %s, %s", why, who)


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
