"""Good-faith estimates: until when a patient who pays themselves must have one in writing.

The rule is 45 CFR 149.610(b)(1)(vi) (86 FR 56136): booked at least ten business days before the
visit, within three business days after booking; at least three business days before, within one.
For a visit that is nearer, the law sets no day: we owe it within one too, and at the latest on
the day of the visit. A business day is one from Monday to Friday that no closure takes whole.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from django.contrib.auth.models import PermissionsMixin
from django.utils import timezone

from booking.calendars.availability import DAY
from booking.calendars.hours import day_start, today
from booking.models import Appointment, Closure, Estimate, Payment
from booking.transactions import locked, retried

FAR_AHEAD, DAYS_IF_FAR, DAYS_IF_NEAR = 10, 3, 1  # business days
OFFICE_HOURS = time(9), time(17)  # a closure over all of these takes the day
LOOK_AHEAD = 60 * DAY  # in which ten business days are found, or the clinic has closed for good
SATURDAY = 5


def due_day(booked_on: date, visit_on: date) -> date:
    """The clinic day on which the estimate of a visit is due; one query."""
    end = booked_on + LOOK_AHEAD
    closures = list(Closure.objects.overlapping(day_start(booked_on), day_start(end)))
    days = _business_days(booked_on, end, closures)
    first = [next(days) for _number in range(FAR_AHEAD)]
    allowed = DAYS_IF_FAR if first[-1] <= visit_on else DAYS_IF_NEAR
    return max(booked_on, min(first[allowed - 1], visit_on))


def _business_days(after: date, end: date, closures: Iterable[Closure]) -> Iterator[date]:
    """The business days after a day; from `end` on, closures are not looked at."""
    day = after
    while True:
        day += DAY
        if day.weekday() < SATURDAY and (day >= end or not _is_closed(day, closures)):
            yield day


def _is_closed(day: date, closures: Iterable[Closure]) -> bool:
    opens, closes = (timezone.make_aware(datetime.combine(day, wall)) for wall in OFFICE_HOURS)
    return any(row.starts_at <= opens and closes <= row.ends_at for row in closures)


def owe(appointment: Appointment, now: datetime) -> None:
    """In the transaction that books, moves or books anew. A move never lengthens the time."""
    if appointment.payment != Payment.SELF_PAY:
        return
    due_on = due_day(today(now), today(appointment.starts_at))
    estimate, made = Estimate.objects.get_or_create(
        appointment=appointment, defaults={"due_on": due_on}
    )
    if not made and estimate.given_at is None and due_on < estimate.due_on:
        estimate.due_on = due_on
        estimate.save()


def settle(appointment: Appointment, now: datetime) -> None:
    """In the transaction that writes another payment: owed from now on, or no longer."""
    Estimate.objects.filter(appointment=appointment, given_at__isnull=True).delete()
    owe(appointment, now)


@retried
def say_given(
    *, appointment: Appointment, given: bool, by: PermissionsMixin, now: datetime
) -> Estimate:
    """Tick an estimate off, with who and when, or take that back; once ticked it stays as it is.

    Raises Estimate.DoesNotExist for a visit that owes none.
    """
    # The appointment's lock: of two clicks at once, the second finds what the first wrote.
    estimate = Estimate.objects.get(appointment=locked(appointment))
    if (estimate.given_at is not None) != given:
        estimate.given_at = now if given else None
        estimate.given_by_id = by.pk if given else None
        estimate.save()
    return estimate
