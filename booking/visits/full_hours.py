"""When so many visits were booked online within an hour that no more were taken: derived from the
visits themselves, so nobody has to keep it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from booking.models import Appointment, AppointmentStatus, Source
from booking.visits.limits import HOUR


@dataclass(frozen=True)
class FullHours:
    """When the first and the last visit of such hours were booked, and how many there are."""

    first: datetime
    last: datetime
    visits: int


def since_yesterday(now: datetime) -> FullHours | None:
    """Those since yesterday began, in one query; None where there are none, or where an hour has
    passed and none of the visits is booked any more: then the desk has dealt with them.
    """
    online = Appointment.objects.new_since_yesterday(now).filter(source=Source.ONLINE)
    rows = list(online.order_by("created_at").values_list("created_at", "status"))
    found = _full([booked_at for booked_at, _status in rows])
    if found is None:
        return None
    left = any(
        status == AppointmentStatus.BOOKED and found.first <= booked_at <= found.last
        for booked_at, status in rows
    )
    return found if left or now < found.last + HOUR else None


def _full(times: Sequence[datetime]) -> FullHours | None:
    """From the first hour with as many bookings as are taken to the last, of times in order."""
    limit = settings.ONLINE_BOOKINGS_AN_HOUR
    begins = [n for n in range(len(times) - limit + 1) if times[n + limit - 1] < times[n] + HOUR]
    if not begins:
        return None
    first, last = begins[0], begins[-1] + limit - 1
    return FullHours(times[first], times[last], last - first + 1)
