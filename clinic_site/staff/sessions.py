"""How long a session of staff lasts: so long without use, and so long in all. Django's engine with
rows of ours (SESSION_ENGINE).
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from booking.models import StaffSession

BEGAN, SEEN, AGENT = "began", "seen", "agent"  # in a session: seconds since 1970, and a browser
STEPS = 15  # use is noted once in so many parts of the time without it: a page seldom writes
BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
MACHINES = ["iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"]


class SessionStore(DatabaseStore):
    """Ends after STAFF_IDLE_MINUTES without use, and STAFF_SESSION_HOURS after it began. `is_over`
    says that the browser holds one that has ended.
    """

    is_over = False

    @classmethod
    def get_model_class(cls) -> type[StaffSession]:
        return StaffSession

    def load(self) -> dict[str, Any]:
        held = self.session_key
        data: dict[str, Any] = super().load()
        self.is_over = held is not None and self.session_key is None
        return data

    def is_empty(self) -> bool:
        """Django takes the cookie of an empty session away. That of one that is over stays: what
        somebody is just typing is kept for whose it was, whatever a script asks for before.
        """
        return not self.is_over and super().is_empty()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        now = timezone.now()
        data.setdefault(BEGAN, now.timestamp())
        data[SEEN] = now.timestamp()
        row: Any = super().create_model_instance(data)
        in_all = _moment(data[BEGAN]) + timedelta(hours=settings.STAFF_SESSION_HOURS)
        row.expire_date = min(row.expire_date, in_all, now + _idle())
        row.user_id = data.get(SESSION_KEY)
        return row


class Own(NamedTuple):
    """A session as its user is shown it. `key` finds it again and opens nothing."""

    key: str
    began: datetime
    seen: datetime
    browser: str
    is_this: bool


def note_use(request: HttpRequest) -> None:
    """Count a request as use, but not what the board asks for by itself every few seconds."""
    since = timezone.now().timestamp() - request.session.get(SEEN, 0)
    if since > _idle().total_seconds() / STEPS and request.path != reverse("desk:board"):
        request.session.modified = True  # so it is saved, with the time


def note_browser(request: HttpRequest) -> None:
    """Note in which browser somebody signs in: that is how they tell their sessions apart."""
    request.session[AGENT] = browser(request)


def own(request: Any) -> list[Own]:
    """All sessions of whoever asks, the newest first; not those that a new password has ended."""
    rows = StaffSession.objects.filter(user=request.user, expire_date__gt=timezone.now())
    auth = request.user.get_session_auth_hash()
    held = [(row, request.session.decode(row.session_data)) for row in rows]
    found = [_own(row, data, request) for row, data in held if data.get(HASH_SESSION_KEY) == auth]
    return sorted(found, key=lambda each: each.began, reverse=True)


def end(request: Any, key: str) -> None:
    """End one of the sessions of whoever asks."""
    for row in StaffSession.objects.filter(user=request.user):
        if _shown(row.session_key) == key:
            row.delete()


def end_others(request: Any, user: User) -> None:
    """End all of somebody's sessions but the one that asks."""
    of_user = StaffSession.objects.filter(user=user)
    of_user.exclude(session_key=request.session.session_key).delete()


def _own(row: StaffSession, data: dict[str, Any], request: Any) -> Own:
    began, seen = (_moment(data[name]) for name in (BEGAN, SEEN))
    is_this = row.session_key == request.session.session_key
    return Own(_shown(row.session_key), began, seen, data.get(AGENT, ""), is_this)


def _shown(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:20]


def browser(request: HttpRequest) -> str:
    """What somebody uses, such as "Firefox, Windows"; "" where nothing is known."""
    agent = request.headers.get("User-Agent", "")
    name = next((shown for word, shown in BROWSERS.items() if f"{word}/" in agent), "")
    machine = next((word for word in MACHINES if word in agent), "")
    return ", ".join(filter(None, [name, machine]))


def _idle() -> timedelta:
    return timedelta(minutes=settings.STAFF_IDLE_MINUTES)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
