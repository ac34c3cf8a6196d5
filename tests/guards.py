"""What must never be, looked for without the help of the database's guard; and that guard off."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations

from django.db import connection

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.models import Appointment
from booking.models.appointment import ACTIVE
from booking.visits import bookings, overriding

TABLE = "booking_appointment"
NAME = "booking_appointment_no_overlap"


def overlapping_pairs(overrides: bool = False) -> list[tuple[int, int]]:
    """Primary keys of active visits of one therapist that share a moment, two by two; those that
    were booked over another on purpose are left out, unless asked for.
    """
    calendars: dict[int, list[tuple]] = {}
    rows = Appointment.objects.filter(status__in=ACTIVE).order_by("starts_at", "pk")
    rows = rows if overrides else rows.filter(overrides=False)
    for pk, therapist, start, end in rows.values_list("pk", "therapist", "starts_at", "ends_at"):
        calendars.setdefault(therapist, []).append((pk, start, end))
    return [
        (first[0], second[0])
        for visits in calendars.values()
        for first, second in combinations(visits, 2)
        if second[1] < first[2]
    ]


def without_lock(patch: Callable[..., None] = setattr) -> None:
    """Take the lock of the therapist's row out of bookings."""
    patch(bookings, "lock_therapists", lambda _therapists: None)


def without_second_look(patch: Callable[..., None] = setattr) -> None:
    """Let bookings believe that what was offered is still free."""
    patch(bookings, "ask_again", free_at_any_time)


def without_second_look_at_moves(patch: Callable[..., None] = setattr) -> None:
    """Let moves, and whatever else asks, believe that every time is free."""
    patch(free_times, "slot_at", free_at_any_time)


def without_look_at_others(patch: Callable[..., None] = setattr) -> None:
    """Let services believe that no visit is in the way of another, so that only the database's own
    guard speaks; it says nothing of those that were booked over another.
    """
    patch(overriding, "beside", lambda _row: Appointment.objects.none())


def free_at_any_time(visit_type, therapist, starts_at, *_rest, **_options) -> Slot:
    ends_at = starts_at + visit_type.length
    location = bookings.desk_location(therapist, starts_at, ends_at)
    return Slot(starts_at, ends_at, therapist, location, visits=0)


@contextmanager
def constraint_dropped() -> Iterator[None]:
    """NoOverlap taken out of the test database; all appointments go when it comes back."""
    definitions = _postgres() if connection.vendor == "postgresql" else _sqlite()
    _run(drop for drop, _make in definitions)
    try:
        yield
    finally:
        Appointment.objects.all().delete()
        _run(make for _drop, make in definitions)


def _sqlite() -> list[tuple[str, str]]:
    """Statements that drop each trigger and make it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = [row for row in cursor.fetchall() if row[0].startswith(NAME)]
    assert len(found) == 2
    return [(f"DROP TRIGGER {name}", sql) for name, sql in found]


def _postgres() -> list[tuple[str, str]]:
    """The same for the exclusion constraint."""
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [NAME])
        [(definition,)] = cursor.fetchall()
    alter = f"ALTER TABLE {TABLE}"
    return [(f"{alter} DROP CONSTRAINT {NAME}", f"{alter} ADD CONSTRAINT {NAME} {definition}")]


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Deferred foreign keys of this transaction are checked before the table is altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)
