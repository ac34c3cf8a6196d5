"""Two hundred thousand past visits of four thousand people, as a clinic has them after ten years.

A visit of each is written, and copied by the database. None of them holds its time, so that the
guard against double booking has nothing to look through.
"""

from datetime import timedelta
from itertools import count

from django.db import connection

from booking.models import Appointment, Therapist
from tests import counts
from tests.builders import NOW, make_location, make_therapist, make_visit_type, visit

PEOPLE, COPIES = 4_000, 49
FIRST = [
    f"{start}{end}"
    for start in ("Mar", "Ros", "Jo", "Li", "Ka", "Sun", "Pet", "Dan", "Tia", "Vic")
    for end in ("a", "ia", "o", "en", "us")
]
LAST = [
    f"{start}{middle}{end}"
    for start in ("Gar", "Mar", "Lop", "Smi", "Nov", "Tay", "Wil", "Har")
    for middle in ("ci", "ki", "e", "an")
    for end in ("a", "ez", "n")
]
numbers = count(1)
COPY = {
    "sqlite": {
        "uuid": "lower(hex(randomblob(16)))",
        "reference": "printf('%%07x', 1000000 + id * 50 + number)",
        "starts_at": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', starts_at, (-number * 70) || ' days')",
        "ends_at": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', ends_at, (-number * 70) || ' days')",
    },
    "postgresql": {
        "uuid": "gen_random_uuid()",
        "reference": "lpad(to_hex(1000000 + id * 50 + number), 7, '0')",
        "starts_at": "starts_at - number * interval '70 days'",
        "ends_at": "ends_at - number * interval '70 days'",
    },
}


def someone(number: int, therapist: Therapist, **fields) -> Appointment:
    """A missed visit of one of the four thousand, within the last seventy days."""
    first, last = FIRST[number % len(FIRST)], LAST[number * 7 % len(LAST)]
    second = f" {LAST[number * 11 % len(LAST)]}" if number % 3 else ""
    digits = f"{2_120_000_000 + number * 7_919:010}"
    fields = {
        "name": f"{first} {last}{second}",
        "phone": digits,
        "phone_e164": f"+1{digits}",
        "email": f"p{number}@example.org" if number % 4 else "",
        "reference": f"{next(numbers):07}",
        "status": "noshow",
    } | fields
    return visit(therapist, NOW - timedelta(minutes=number * 25 + 60), **fields)


def fill() -> None:
    """Write them, and let the database count what is where."""
    therapist = make_therapist("long-here")
    same = {"visit_type": make_visit_type(), "location": make_location()}
    Appointment.objects.bulk_create(someone(number, therapist, **same) for number in range(PEOPLE))
    made = COPY[connection.vendor]
    columns = [field.column for field in Appointment._meta.concrete_fields if field.column != "id"]
    copied = ", ".join(made.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            # The names are of our own columns: nothing here was typed by anybody.
            "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers"  # noqa: S608
            f" WHERE number < %s) INSERT INTO booking_appointment ({', '.join(columns)})"
            f" SELECT {copied} FROM booking_appointment, numbers WHERE status = 'noshow'",
            [COPIES],
        )
    counts.count()


def forget() -> None:
    """Delete every visit and what was counted of them, without an entry in the log for each."""
    statement = "TRUNCATE booking_appointment CASCADE"
    if connection.vendor == "sqlite":
        statement = "DELETE FROM booking_appointment"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    counts.forget()
