"""When therapists take no other visit: appointments, offered times, time off, closures."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import IntegerField, QuerySet, Value

from booking.calendars.availability import NOWHERE, Stay, to_minutes, to_minutes_up
from booking.models import Appointment, Closure, TimeOff, TimeOffer

EVERYONE = 0  # stands for the therapist of a closure
PLACE = ["location", "location__travel_minutes"]
BUFFERS = ["visit_type__buffer_before", "visit_type__buffer_after"]
ZERO, NO_VISIT = Value(0), Value(None, output_field=IntegerField())


def read_stays(
    therapists: Iterable[int],
    start: datetime,
    end: datetime,
    *,
    offers_at: datetime | None = None,
) -> list[Stay]:
    """What lies in [start, end), in one query: of these therapists, and of everyone.

    With `offers_at`, the times that somebody is being offered at that instant too.
    """
    theirs = {"therapist__in": list(therapists)}
    visits = Appointment.objects.active().filter(**theirs)
    offers = TimeOffer.objects.filter(**theirs)
    offers = offers.open(offers_at) if offers_at else offers.none()
    away, closed = TimeOff.objects.filter(**theirs), Closure.objects.all()

    def rows(intervals: QuerySet, *columns: str | Value) -> QuerySet:
        # Bounded on both sides: the index by therapist and end skips the whole past.
        lying_there = intervals.overlapping(start, end).order_by()  # type: ignore[attr-defined]
        return lying_there.values_list("starts_at", "ends_at", *columns)

    no_place, no_buffers = [Value(NOWHERE), ZERO], [ZERO, ZERO]
    everything = rows(visits, "therapist", *PLACE, *BUFFERS, "pk").union(
        rows(offers, "therapist", *PLACE, *BUFFERS, NO_VISIT),
        rows(away, "therapist", *no_place, *no_buffers, NO_VISIT),
        rows(closed, Value(EVERYONE), *no_place, *no_buffers, NO_VISIT),
        all=True,
    )
    return [_stay(*row) for row in everything]


def _stay(
    starts_at: datetime,
    ends_at: datetime,
    therapist_id: int,
    place: int,
    travel: int,
    before: int,
    after: int,
    visit_id: int | None,
) -> Stay:
    begins, ends = to_minutes(starts_at), to_minutes_up(ends_at)
    return Stay(therapist_id, begins - before, ends + after, place, travel, begins, visit_id)
