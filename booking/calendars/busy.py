"""When therapists take no other visit: appointments, offered times, time off, closures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Value

from booking.calendars.availability import NO_VISIT, NOWHERE, Stay
from booking.models import Appointment, Closure, TimeOff, TimeOffer

EVERYONE = 0  # stands for the therapist of a closure
THERAPIST, CLOSURE = F("therapist"), Value(EVERYONE)


class Minutes(Func):
    """Whole minutes since the epoch of a column of datetimes; seconds are dropped.

    Counted by the database: turning its rows into datetimes first takes longer than all the rest.
    SQLite counts days with fractions (`strftime` takes twice as long), to the millisecond: the
    nudge is less than one, and more than the fractions err by.
    """

    arity = 1
    output_field = IntegerField()
    sqlite_template = "CAST((julianday(%(expressions)s) - 2440587.5) * 1440 + 4e-6 AS integer)"
    postgresql_template = "floor(extract(epoch FROM %(expressions)s) / 60)::bigint"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.sqlite_template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.postgresql_template, **context)


class MinutesUp(Minutes):
    """The same, but a started minute counts as a whole one."""

    sqlite_template = "CAST((julianday(%(expressions)s) - 2440587.5) * 1440 + 0.999996 AS integer)"
    postgresql_template = "ceil(extract(epoch FROM %(expressions)s) / 60)::bigint"


def busy(
    therapists: Iterable[int],
    start: datetime,
    end: datetime,
    *,
    asked_at: datetime | None = None,
    moving: int | None = None,
) -> list[Stay]:
    """What lies in [start, end), in one query: of these therapists, and of everyone.

    `asked_at` adds the times offered to somebody then; `moving` leaves out an appointment.
    """
    theirs = {"therapist__in": list(therapists)}
    visits = Appointment.objects.active().exclude(pk=moving).filter(**theirs)
    offers = TimeOffer.objects.filter(**theirs)
    offers = offers.open(asked_at) if asked_at else offers.none()
    away, closed = TimeOff.objects.filter(**theirs), Closure.objects.all()
    before, after = F("visit_type__buffer_before"), F("visit_type__buffer_after")
    there = F("location"), F("location__travel_minutes")
    none, no_visit = Value(0), Value(NO_VISIT)
    rows = [
        _intervals(visits, start, end, before, after, *there, before),
        _intervals(offers, start, end, before, after, *there, no_visit),
        _intervals(away, start, end, none, none, Value(NOWHERE), none, no_visit),
        _intervals(closed, start, end, none, none, Value(NOWHERE), none, no_visit, whose=CLOSURE),
    ]
    return [Stay._make(row) for row in rows[0].union(*rows[1:], all=True)]


def _intervals(rows, start, end, before, after, *columns, whose=THERAPIST) -> QuerySet:
    during = Minutes("starts_at") - before, MinutesUp("ends_at") + after
    return rows.overlapping(start, end).order_by().values_list(whose, *during, *columns)
