"""A list of visits to telephone through, no longer than a page can be: the rest is counted."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from booking.calendars.doubts import Doubt
from booking.models import Appointment

MOST = 100  # more than a morning's telephoning; a row takes 1,500 bytes of the page


def first_of(found: Mapping[Appointment, Sequence[Doubt]]) -> dict[str, Any]:
    """For the page: the soonest of these visits, how many there are, how many it does not show."""
    shown = dict(islice(found.items(), MOST))
    return {"visits": shown, "count": len(found), "not_shown": len(found) - len(shown)}
