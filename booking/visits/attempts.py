"""Somebody of the staff has telephoned: about a visit, a question or a wish."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser

from booking.calendars import doubts
from booking.models import Appointment, ContactAttempt, Enquiry, WaitlistEntry
from booking.transactions import locked, retried
from booking.visits import versions

About = Appointment | Enquiry | WaitlistEntry
TWICE = timedelta(minutes=1)  # the same click of one person again: a double click, or a page resent


@retried
def note(
    *,
    about: About,
    outcome: str,
    user: AbstractUser,
    now: datetime,
    codes: Collection[str] = (),
    seen: int | None = None,
) -> ContactAttempt:
    """Note a call, and by whom; the same by the same person within a minute is one.

    Of a visit `codes` are the doubts that whoever called had before them: those that are so still
    are noted with it. Raises Changed (a visit that is not as `seen`).
    """
    row = _held(about)  # closes the race of a double click: the second finds the first
    said: dict[str, Any] = {"outcome": outcome, "made_by": user}
    if isinstance(row, Appointment):
        versions.check(row, seen)
        said |= {"sequence": row.sequence, "known": _known(row, codes)}
    before = row.attempts.filter(made_at__gt=now - TWICE, outcome=outcome, made_by=user)
    again = next((each for each in before if _is_same(each, said)), None)
    return again or row.attempts.create(made_at=now, **said)


def _is_same(before: ContactAttempt, said: dict[str, Any]) -> bool:
    return all(getattr(before, name) == value for name, value in said.items())


def _known(visit: Appointment, codes: Collection[str]) -> list[str]:
    """Those of the doubts that are still so; asks for them only where there were any."""
    if not codes:
        return []
    [found] = doubts.of_visits([visit])
    return [doubt.code for doubt in found if doubt.code in codes]


def _held(about: About) -> Any:
    """The row as it is now, locked until the transaction ends."""
    if isinstance(about, Appointment):
        return locked(about)
    return type(about).objects.select_for_update(no_key=True).get(pk=about.pk)


@retried
def take_back(*, visit: Appointment, attempt: int, seen: int | None = None) -> None:
    """Take one call (primary key) about a visit back: a slip of the hand. Twice is once.

    Raises Changed (not as `seen`).
    """
    row = locked(visit)  # closes the race with a move: of another time nothing is taken back
    versions.check(row, seen)
    row.attempts.filter(pk=attempt).delete()
