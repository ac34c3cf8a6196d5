"""Wishes of callers: the desk puts them on the earlier-time list, and changes what suits.

Staff have spoken to whoever asks, and read the address back to them: so the wish is confirmed at
once, and counts against no limit.
"""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from booking.earlier import waitlist
from booking.earlier.waitlist import Wish
from booking.models import Appointment, Source, VisitType, WaitlistEntry
from booking.transactions import retried
from booking.visits import refusals
from booking.visits.requests import Patient, Request, fingerprint


class WishChanged(refusals.Refused):
    """The wish is no longer as whoever changes it saw it, or has ended."""

    status = HTTPStatus.CONFLICT
    code = "wish-changed"
    problem = _("Somebody changed this wish meanwhile, or it has ended. See how it is now.")


@retried
def add(*, visit_type: VisitType, patient: Patient, wish: Wish, request: Request) -> WaitlistEntry:
    """Put a caller without a visit on the list, and owe the e-mail that says so, with the link that
    leaves it. The same request again gives the same row; another wish of the same person ends, and
    gives its place in line.
    """
    row = waitlist.join_without_visit(
        visit_type=visit_type, patient=patient, wish=wish, request=request
    )
    return _of_the_desk(waitlist.confirm(wish=row, now=request.now))


@retried
def add_for_visit(*, appointment: Appointment, wish: Wish, now: datetime) -> WaitlistEntry:
    """Put a booked visit on the list; one that is there keeps its place with what suits now.

    Raises NotOnTheList.
    """
    before = waitlist.wish_of(appointment, now)
    row = waitlist.join(appointment=appointment, wish=wish, now=now)
    return row if before else _of_the_desk(row)


def _of_the_desk(row: WaitlistEntry) -> WaitlistEntry:
    row.source = Source.DESK
    row.save(update_fields=["source"])
    return row


def shown(row: WaitlistEntry) -> str:
    """Fingerprint of all that the form which changes a wish shows of it."""
    suits = {name: getattr(row, name) for name in Wish.__dataclass_fields__}
    return fingerprint(row.state, suits)


@retried
def change(*, entry: WaitlistEntry, wish: Wish, now: datetime, seen: str) -> WaitlistEntry:
    """Other days, times, therapist or place for a wish that waits; it keeps its place in line.

    The same again changes nothing. Raises WishChanged (not as `seen`, or over).
    """
    # The lock closes the race with who leaves the list, says yes, or changes it as well.
    [row] = WaitlistEntry.objects.filter(pk=entry.pk).held()
    is_there = all(getattr(row, name) == value for name, value in asdict(wish).items())
    waits = WaitlistEntry.objects.waiting(now).filter(pk=row.pk).exists()
    if not waits or (seen != shown(row) and not is_there):
        raise WishChanged
    for name, value in asdict(wish).items():
        setattr(row, name, value)
    row.save(update_fields=list(asdict(wish)))
    return row
