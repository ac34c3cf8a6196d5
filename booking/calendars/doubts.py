"""What speaks against a time or against a booked visit, in words for staff."""

from datetime import datetime, timedelta

from django.contrib.auth.models import PermissionsMixin
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from booking.calendars import hours
from booking.calendars.availability import DAY, to_minutes, to_minutes_up
from booking.models import Appointment, Closure, Location, Therapist, TimeOffer

MARGIN = DAY  # more than the way between any two locations takes
JUST_BEGUN = timedelta(minutes=15)  # a walk-in may still have the time that has just begun


def against(
    therapist: Therapist,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    location: Location | None = None,
) -> list[str]:
    """All that speaks against a visit then, in sentences for staff, who may take the time anyway.

    `moving` is the visit that would be moved there: its own time does not count. `location` is
    where it would be, if not where the hours have it. That another visit is there at that time is
    no doubt: the database refuses it.
    """
    span = therapist, starts_at, ends_at
    return [
        *([_("That time is past.")] if starts_at < now - JUST_BEGUN else []),
        *_hours(*span, location),
        *absences(*span),
        *too_short(*span, moving=moving, location=location),
        *asked_about(*span, now),
    ]


def _hours(
    therapist: Therapist, starts_at: datetime, ends_at: datetime, location: Location | None
) -> list[str]:
    """That the therapist does not work then, or works elsewhere."""
    place = hours.location_for(therapist, starts_at, ends_at)
    if place is None:
        return [_("Outside %(name)s's working hours.") % {"name": therapist.name}]
    if location is None or location.pk == place:
        return []
    said = {"name": therapist.name, "place": Location.objects.get(pk=place)}
    return [_("%(name)s works at %(place)s then.") % said]


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


def absences(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> list[str]:
    """What else speaks against a visit then: time off and closures, in words for staff."""
    away = therapist.time_off.overlapping(starts_at, ends_at)
    closed = Closure.objects.overlapping(starts_at, ends_at)
    return [
        *(_("%(name)s is away then.") % {"name": therapist.name} for _row in away[:1]),
        *(_("The clinic is closed then: %(name)s.") % {"name": row.name} for row in closed),
    ]


def asked_about(
    therapist: Therapist, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[str]:
    """Whom the earlier-time list is asking about that time, in words."""
    offers = TimeOffer.objects.open(now).filter(therapist=therapist).with_details()
    words = _("Until %(until)s this time is offered to %(name)s, who may still say yes.")
    return [
        words % {"name": row.name, "until": time_format(timezone.localtime(row.expires_at), "P")}
        for row in offers.overlapping(starts_at, ends_at)
    ]


def outside_hours(therapist: Therapist, user: PermissionsMixin, now: datetime) -> list[Appointment]:
    """Coming visits of a therapist that working hours do not cover, in two queries."""
    rules = hours.weekly_rules([therapist])
    visits = Appointment.objects.visible_to(user).upcoming(now).filter(therapist=therapist)

    def covered(visit: Appointment) -> bool:
        day = hours.today(visit.starts_at)
        start, end = to_minutes(visit.starts_at), to_minutes_up(visit.ends_at)
        openings = hours.openings_on(rules, day).values()
        return any(opens <= start and end <= closes for row in openings for opens, closes in row)

    return [visit for visit in visits.with_details() if not covered(visit)]
