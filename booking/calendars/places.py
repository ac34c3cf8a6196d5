"""Where patients are treated, for what has to say it: in a clinic with one place, nothing has."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from booking.calendars import hours
from booking.models import Location, WorkingHours


def several(now: datetime, among: Q = hours.NO_LIMIT) -> list[Location]:
    """The locations at which patients can book somebody online, today or later, by name; `among`
    some alone.

    None where there is but one. One query.
    """
    bookable = {"therapist__active": True, "therapist__online_booking": True}
    held = WorkingHours.objects.filter(location=OuterRef("pk"), **bookable)
    worked = Exists(held.exclude(valid_until__lt=hours.today(now)))
    locations = list(Location.objects.filter(worked, among).order_by("name", "pk"))
    return locations if len(locations) > 1 else []


def names(now: datetime) -> dict[int, str]:
    """The names of `several`, by primary key."""
    return {row.pk: row.name for row in several(now)}
