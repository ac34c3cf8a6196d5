"""Whether a therapist can be at two locations in time: what the desk is warned of."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from booking import hours
from booking.models import Appointment, Location, Therapist

MARGIN = timedelta(days=1)  # more than the way between any two locations takes


def too_short(
    therapist: Therapist,
    starts_at: datetime,
    ends_at: datetime,
    *,
    moving: Appointment | None = None,
    location: Location | None = None,
) -> list[str]:
    """Visits elsewhere from or to which the way takes too long, in words for staff.

    `moving` is the visit that would be moved there: its own time does not count. `location` is
    where it would be, if not where the hours have it.
    """
    place = location.pk if location else hours.location_for(therapist, starts_at, ends_at)
    if place is None:
        return []
    here = Location.objects.get(pk=place)
    around = therapist.appointments.active().overlapping(starts_at - MARGIN, ends_at + MARGIN)
    elsewhere = around.exclude(location=here).exclude(pk=moving.pk if moving else None)
    return [
        _words(visit)
        for visit in elsewhere.select_related("location").order_by("starts_at")
        if max(starts_at - visit.ends_at, visit.starts_at - ends_at) < way(here, visit.location)
    ]


def way(one: Location, other: Location) -> timedelta:
    """How long a therapist takes from one location to another: the longer of their minutes."""
    return timedelta(minutes=max(one.travel_minutes, other.travel_minutes))


def _words(visit: Appointment) -> str:
    words = _("Too little time for the way: from %(start)s to %(end)s is a visit at %(place)s.")
    start, end = (
        time_format(timezone.localtime(moment), "P") for moment in (visit.starts_at, visit.ends_at)
    )
    return words % {"place": visit.location.name, "start": start, "end": end}
