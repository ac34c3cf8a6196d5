"""Staff sign-ins of the demo clinic, one for each role."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User

from booking.models import Therapist

ADMIN = "admin"
ROLES = {
    "front-desk": "Front desk",
    "therapist": "Therapist",
    "editor": "Editor",
    "reviewer": "Editor",
    "manager": "Manager",
}
NAMES = [ADMIN, *ROLES]


def file() -> Path:
    return settings.VAR_DIR / "demo-logins.txt"


def ensure() -> str:
    """The demo's sign-ins as text, a line each: name, password.

    Made when the file or one of the users is missing; otherwise nothing is touched, so that a
    password somebody has changed stays changed.
    """
    known = read()
    users = {user.username: user for user in User.objects.filter(username__in=NAMES)}
    for name in NAMES:
        if name not in known or name not in users:
            known.setdefault(name, secrets.token_urlsafe(9))
            make(name, known[name])
    if read() != known:
        write(known)
    return file().read_text()


def read() -> dict[str, str]:
    if not file().exists():
        return {}
    words = file().read_text().split()
    return dict(zip(words[::2], words[1::2], strict=True))


def write(logins: dict[str, str]) -> None:
    descriptor = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as text:
        text.writelines(f"{name:<12}{password}\n" for name, password in logins.items())


def make(name: str, password: str) -> None:
    """Make or reset one sign-in, with the group of its role."""
    user, _ = User.objects.get_or_create(username=name)
    user.is_staff = True
    user.is_superuser = name == ADMIN
    user.set_password(password)
    user.save()
    if name in ROLES:
        user.groups.set(Group.objects.filter(name=ROLES[name]))
    if name == "therapist":
        give_calendar(user)


def give_calendar(user: User) -> None:
    """Let the demo's therapist login see a therapist's appointments."""
    if not Therapist.objects.filter(user=user).exists():
        first = Therapist.objects.filter(user=None).order_by("slug").first()
        if first:
            first.user = user
            first.save(update_fields=["user"])
