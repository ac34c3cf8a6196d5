"""The clinic that is measured: five therapists, two thirds booked up, and a long past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from booking.calendars import availability, hours
from booking.models import Appointment, Closure, HourlyCount, Location, Therapist, TimeOff
from conditions.shipped import fixtures, loader
from tests.builders import at, make_therapist, make_visit_type, visit

THERAPISTS, DAYS = 5, 60
HISTORY = 200_000
PEOPLE = 4_000
BOOKED_BEFORE = timedelta(days=10)  # visits are booked so long before them
WHO = f"(hour * 10 + therapist_id) %% {PEOPLE}"
WALLS = ["9:00", "9:45", "10:30", "11:15", "13:00", "14:00", "14:45", "15:30", "16:15"]
numbers = count(1)


def fill() -> None:
    """All content, and therapists who work on weekdays, with visits and days off ahead."""
    loader.load(fixtures.read(*fixtures.folders()))
    make_visit_type()
    for number in range(THERAPISTS):
        make_therapist(f"therapist-{number}")
    first = hours.today(timezone.now())
    add_visits(first)
    add_absences(first)
    Appointment.objects.update(**told_long_ago())


def add_visits(first: date) -> None:
    """Six visits of 45 minutes a working day for each therapist, each day at others of nine."""
    days = availability.days(first, first + timedelta(days=DAYS))
    therapists = list(Therapist.objects.all())
    Appointment.objects.bulk_create(
        visit(therapist, at(wall, day), **someone(next(numbers)))
        for day in days
        if day.weekday() < 5
        for number, therapist in enumerate(therapists)
        for place, wall in enumerate(WALLS)
        if (place + number + day.day) % 3
    )


def told_long_ago() -> dict[str, object]:
    """What a visit has that was booked days before it, and whose patient was told of it as it is: a
    desk that finds all of them new, or untrue, on one day is not the usual one.
    """
    now = timezone.now()
    told = {f"told_{name}": F(name) for name in ("starts_at", "ends_at", "therapist", "location")}
    booked = Least(F("starts_at"), Value(now)) - BOOKED_BEFORE
    return told | {"created_at": booked, "told_place": Location.objects.get().in_full}


def someone(number: int) -> dict[str, str]:
    """One of the clinic's patients: of four thousand, none of whom shares a name with another."""
    who = number % PEOPLE
    return {
        "reference": f"{number:07}",
        "name": f"Patient {who}",
        "email": f"patient{who}@example.org",
        "phone_e164": f"+1212{who:07}",
    }


def add_absences(first: date) -> None:
    """A week off for one, an afternoon for each, and a day on which the clinic is closed."""
    for number, therapist in enumerate(Therapist.objects.all()):
        day = first + timedelta(days=3 + number)
        TimeOff.objects.create(
            therapist=therapist, starts_at=at("13:00", day), ends_at=at("17:00", day)
        )
    week = first + timedelta(days=14)
    TimeOff.objects.create(
        therapist=therapist, starts_at=at("0:00", week), ends_at=at("0:00", week + hours.DAY * 7)
    )
    day = first + timedelta(days=20)
    Closure.objects.create(
        name="Holiday", starts_at=at("0:00", day), ends_at=at("0:00", day + hours.DAY)
    )


@contextmanager
def new_visits_deleted() -> Iterator[None]:
    """Delete the visits that are booked meanwhile, and forget who booked them."""
    latest = Appointment.objects.latest("pk").pk
    yield
    Appointment.objects.filter(pk__gt=latest).delete()
    HourlyCount.objects.all().delete()


def add_history() -> None:
    """A visit an hour of each therapist over the last years, copied by SQLite from the first."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    rounds = HISTORY // THERAPISTS
    for therapist in Therapist.objects.all():
        start = now - timedelta(hours=rounds + 24)
        visit(therapist, start, reference=f"{next(numbers):07}", status="fulfilled").save()
    past = Appointment.objects.filter(status="fulfilled")
    past.update(**told_long_ago())
    moved = "strftime('%%Y-%%m-%%d %%H:%%M:%%S', {}, hour || ' hours')"
    made = {
        "uuid": "lower(hex(randomblob(16)))",
        "reference": "printf('%%07x', 100000 + hour * 10 + therapist_id)",
        "name": f"'Past ' || {WHO}",
        "folded_name": f"'past ' || {WHO}",
        "mailbox": f"'past' || {WHO} || '@example.org'",
        "email": f"'past' || {WHO} || '@example.org'",
        "phone_e164": f"printf('+1646%%07d', {WHO})",
        "created_at": moved.format("created_at"),
        "starts_at": moved.format("starts_at"),
        "ends_at": moved.format("ends_at"),
        "told_starts_at": moved.format("told_starts_at"),
        "told_ends_at": moved.format("told_ends_at"),
    }
    columns = [field.column for field in Appointment._meta.concrete_fields if field.column != "id"]
    copied = ", ".join(made.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            # The names are of our own columns: nothing here was typed by anybody.
            "WITH RECURSIVE hours(hour) AS (SELECT 1 UNION ALL SELECT hour + 1 FROM hours"  # noqa: S608
            f" WHERE hour < %s) INSERT INTO booking_appointment ({', '.join(columns)})"
            f" SELECT {copied} FROM booking_appointment, hours WHERE status = 'fulfilled'",
            [rounds - 1],
        )
