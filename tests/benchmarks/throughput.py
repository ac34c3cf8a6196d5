"""How many bookings a second the site takes from eight clients at once.

Beside it the rows of the same visits are written raw, by as many clients, each on a connection of
its own and under the same constraint against double booking.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.models import VisitType
from tests.benchmarks import clinic
from tests.benchmarks.table import Row
from tests.builders import visit
from tests.patients import Patient, all_open, at_once, patients
from tests.site import Site
from tests.threads import together

CLIENTS, EACH, ROUNDS = 8, 5, 5

Query = tuple[str, Any]


def row(database: str) -> Row:
    """Bookings to raw inserts, by turns."""
    visits = slots(CLIENTS * EACH)
    site = Site(environment={"OPEN_BOOKINGS_LIMIT": "100000"})
    try:
        people = patients(site.url, CLIENTS)
        all_open(people, [address(slot) for slot in visits[:CLIENTS]])
        sending = [partial(send, *pair) for pair in zip(people, shared(visits), strict=True)]
        writing = [partial(write, queries) for queries in shared(inserts(visits))]
        book, insert = partial(at_once, sending), partial(together, *writing)
        seconds(book)  # what a process reads once, it reads now
        found = [(seconds(insert), seconds(book)) for _ in range(ROUNDS)]
    finally:
        site.stop()
    ratio = median(inserted / booked for inserted, booked in found)
    return Row(f"bookings per second to raw inserts, {database}", ratio)


def seconds(work: Callable[[], list[Any]]) -> float:
    """How long the clients take for all visits, which are deleted again."""
    with clinic.new_visits_deleted():
        start = time.monotonic()
        done = work()
        spent = time.monotonic() - start
    assert done == [None] * CLIENTS, done
    return spent


def slots(count: int) -> list[Slot]:
    """So many free times that can all be booked, the latest first."""
    visit_type, now = VisitType.objects.get(online=True), timezone.now()
    window = free_times.online_window(visit_type, now)
    free = list(free_times.online_calendars(window, now).slots(visit_type))
    return list(islice(apart(reversed(free)), count))


def apart(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Of each therapist's times, the latest first, those that do not overlap."""
    taken_from: dict[int, datetime] = {}
    for slot in slots:
        key = slot.therapist.pk
        if key not in taken_from or slot.ends_at <= taken_from[key]:
            taken_from[key] = slot.starts_at
            yield slot


def shared(things: Sequence[Any]) -> list[Sequence[Any]]:
    """As many to each client."""
    return [things[number::CLIENTS] for number in range(CLIENTS)]


def address(slot: Slot) -> str:
    """Where the form for a time is."""
    return reverse("booking:book_slot", args=[slot.therapist.slug, slot.starts_at])


def send(person: Patient, visits: Sequence[Slot]) -> None:
    """Book one time after the other, each by a form with a key of its own."""
    for slot in visits:
        person.form["key"] = str(uuid.uuid4())
        answer = person.send(address(slot))
        assert answer.status == 303, answer


def write(queries: Sequence[Query]) -> None:
    """Write one row after the other, each in a transaction of its own."""
    for sql, params in queries:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


def inserts(visits: Sequence[Slot]) -> list[Query]:
    """The SQL, with its parameters, that writes the rows of these visits."""
    queries: list[Query] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "booking_appointment"'):
            queries.append((sql, params))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        for slot in visits:
            visit(slot.therapist, slot.starts_at).save()
        transaction.set_rollback(True)
    return queries
