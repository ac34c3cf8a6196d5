"""A patient is told anew what their visit is, where nothing but the message is out of date."""

from collections.abc import Collection
from datetime import datetime

from booking.calendars import doubts
from booking.models import Appointment, OutgoingEmail, Source
from booking.transactions import locked, retried
from booking.visits import versions
from booking.visits.bookings import save_appointment
from booking.visits.owing import owe
from booking.visits.refusals import Changed, NotAllowed


@retried
def tell(
    *,
    appointment: Appointment,
    codes: Collection[str],
    by_email: bool,
    now: datetime,
    seen: int | None = None,
) -> Appointment:
    """Note a booked visit as told as it is now: by an e-mail that is owed, with the event at the
    next sequence, or by telephone where there is no address.

    `codes` are the doubts that whoever says so has seen. Where nothing is left to tell, nothing is
    written: the request came twice. Raises Changed (not as `seen`, other doubts, another way to
    reach the patient), NotAllowed (not booked, past, or one that needs another time).
    """
    row = locked(appointment)  # closes the race of two who press at once: the second finds it told
    if not row.is_upcoming(now):
        raise NotAllowed
    found = doubts.unsettled([row]).get(row, [])
    if not found:
        return row
    versions.check(row, seen)
    if {doubt.code for doubt in found} != set(codes) or by_email != bool(row.email):
        raise Changed
    if not doubts.of_message_alone(found):
        raise NotAllowed
    if row.told_starts_at != row.starts_at:
        row.confirmed_at = None  # said of another time
    row.sequence += 1
    row.told_again_at = now
    save_appointment(row)
    owe(row, OutgoingEmail.Kind.DETAILS, "", now, Source.DESK, leaves_at=now)
    return row
