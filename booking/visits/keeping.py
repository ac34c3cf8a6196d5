"""A visit that is no longer true stays as it is, because somebody of the desk says so."""

from collections.abc import Collection
from datetime import datetime

from booking.calendars import doubts
from booking.models import Appointment
from booking.transactions import locked, retried
from booking.visits import versions
from booking.visits.refusals import NotAllowed


@retried
def keep(
    *, appointment: Appointment, codes: Collection[str], now: datetime, seen: int | None = None
) -> Appointment:
    """Keep a booked visit against the doubts of these codes, which whoever says so has seen.

    A doubt that came up meanwhile, or comes up later, lists the visit again; so does one that meets
    more of the visit by then, or less. What went and came back just as it was is known: a therapist
    who leaves, returns and leaves again, or hours; but not time off or a closure entered anew.
    Raises Changed (not as `seen`), NotAllowed (not booked, or past).
    """
    row = locked(appointment)  # closes the race with a move: kept is the time that was seen
    versions.check(row, seen)
    if not row.is_upcoming(now):
        raise NotAllowed
    known = {*row.kept_against, *codes}
    [found] = doubts.of_visits([row])
    row.kept_against = [doubt.code for doubt in found if doubt.is_among(known)]
    row.kept_at = now
    row.save(update_fields=["kept_against", "kept_at", "updated_at"])
    return row
