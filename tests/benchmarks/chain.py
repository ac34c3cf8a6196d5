"""The day of one place in a chain: forty places, three hundred therapists. `make bench-chain`.

Held: the page stays small, and takes as many queries as with the four therapists of one place.
"""

import sys
from datetime import date, timedelta

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from booking.calendars import hours  # noqa: E402
from booking.models import Appointment, Location, StaffPlace, Therapist, WorkingHours  # noqa: E402
from tests.benchmarks import table  # noqa: E402
from tests.benchmarks.rows import database  # noqa: E402
from tests.benchmarks.table import Row  # noqa: E402
from tests.builders import at, make_location, make_visit_type, visit  # noqa: E402
from tests.second_factor import sign_in_whole  # noqa: E402

PLACES, THERAPISTS, VISITS = 40, 300, 8
OF_ONE_PLACE = 4
MOST_KILOBYTES = 200


def open_place(number: int, therapists: int, day: date) -> Location:
    """A place whose therapists work on every day, each with eight visits on that one."""
    place = make_location(f"place-{number}", name=f"Place {number}")
    first = Therapist.objects.count()
    rows = Therapist.objects.bulk_create(
        Therapist(slug=f"therapist-{first + each}", name=f"Therapist {first + each}")
        for each in range(therapists)
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(therapist=row, location=place, weekday=weekday, opens="9:00", closes="17:00")
        for row in rows
        for weekday in range(7)
    )
    visit_type, count = make_visit_type(), Appointment.objects.count()
    Appointment.objects.bulk_create(
        visit(
            row,
            at(f"{9 + hour}:00", day),
            reference=f"{count + number_of_row * VISITS + hour:07}",
            location=place,
            visit_type=visit_type,
        )
        for number_of_row, row in enumerate(rows)
        for hour in range(VISITS)
    )
    return place


def desk_of(place: Location) -> Client:
    """Somebody of the front desk who works there."""
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.set([Group.objects.get(name="Front desk")])
    StaffPlace.objects.create(user=user, location=place)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    sign_in_whole(client, user)
    return client


def measure(client: Client, day: date) -> tuple[int, float]:
    """Queries of the day's page, and its kilobytes."""
    client.get(f"/admin/desk/?date={day}")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/admin/desk/?date={day}").content
    return len(queries), len(page) / 1000


def rows() -> list[Row]:
    day = hours.today(timezone.now()) + timedelta(days=7)
    client = desk_of(open_place(0, OF_ONE_PLACE, day))
    queries, _kilobytes = measure(client, day)
    others, left = PLACES - 1, THERAPISTS - OF_ONE_PLACE
    for number in range(others):
        share = left // others + (number < left % others)
        open_place(number + 1, share, day)
    more, kilobytes = measure(client, day)
    day_of = f"day of one place of {PLACES}, {Therapist.objects.count()} therapists"
    return [
        Row(f"{day_of}: kB", kilobytes, at_most=MOST_KILOBYTES),
        Row(f"queries, to {queries} with {OF_ONE_PLACE} therapists", more / queries, at_most=1),
    ]


def main() -> int:
    """Print the rows; 1 where a bound is missed."""
    sys.stdout.write(table.HEAD if "alone" in sys.argv else "")
    with database():
        found = rows()
    for row in found:
        sys.stdout.write(f"{row}\n")
    return 1 if any(row.is_missed for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
