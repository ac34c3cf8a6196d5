"""A hundred thousand past visits: they load in a line, and nothing reads them all.

What something costs is counted by the database: a clock would tell how busy the machine is.
"""

from datetime import timedelta
from itertools import count

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from booking.calendars import free_times
from booking.models import Appointment, Therapist
from tests import counts, many_visits
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
)
from tests.guards import NAME

pytestmark = pytest.mark.django_db

HISTORY, CHUNK, THERAPISTS = 100_000, 20_000, 20
TIMES = 1.5  # how much more the last rows may cost than the first: a page more to look through
STEPS = 100
numbers = count(1)


def past_visits(therapists, rounds, first_round=0):
    """One visit of each therapist in each round, a round an hour, from ten years ago on."""
    start = at("0:00") - timedelta(days=3650)
    visit_type, location = make_visit_type(), make_location()
    return [
        visit(
            therapist,
            start + timedelta(hours=number),
            visit_type=visit_type,
            location=location,
            reference=f"{next(numbers):07}",
            status="fulfilled",
        )
        for number in range(first_round, first_round + rounds)
        for therapist in therapists
    ]


def cost(work):
    """What the work makes the database do: steps of SQLite's machine, rows read by PostgreSQL."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            before = rows_read()
            work()
            return rows_read() - before
        ticks = count()
        connection.connection.set_progress_handler(lambda: next(ticks) and None, STEPS)
        try:
            work()
        finally:
            connection.connection.set_progress_handler(None, STEPS)
        return next(ticks) * STEPS


def rows_read():
    """How many rows of visits this transaction has read, the whole table's or an index's."""
    query = (
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        " WHERE relname = 'booking_appointment'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def history(django_db_setup, django_db_blocker):
    """The rows, for this module alone; yields what each chunk cost to load."""
    with django_db_blocker.unblock():
        therapists = [make_therapist(f"busy-{number:02}") for number in range(THERAPISTS)]
        rounds = CHUNK // THERAPISTS
        took = []
        for chunk in range(HISTORY // CHUNK):
            rows = past_visits(therapists, rounds, chunk * rounds)
            took.append(cost(lambda rows=rows: Appointment.objects.bulk_create(rows)))
        if connection.vendor == "postgresql":
            counts.count()
        yield took
        many_visits.forget()
        for model in (Therapist, type(make_visit_type()), type(make_location())):
            model.objects.all().delete()


def test_the_last_rows_load_as_easily_as_the_first(history):
    assert Appointment.objects.count() == HISTORY
    assert CHUNK <= history[-1] <= TIMES * history[0], history


def test_a_booking_beside_a_long_history_costs_what_it_does_beside_none(history):
    busy, idle = Therapist.objects.get(slug="busy-00"), make_therapist("idle")
    book(idle, at("9:30"))  # what a process reads once, it has read now
    next_week = at("9:30", MONDAY + timedelta(days=7))
    took = {
        therapist.slug: cost(lambda therapist=therapist: book(therapist, next_week))
        for therapist in (idle, busy)
    }

    assert 0 < took["busy-00"] <= TIMES * took["idle"], took


def test_fixtures_load_beside_a_long_history_as_easily_as_beside_none(history, tmp_path):
    took = {}
    for therapist in (make_therapist("idle"), Therapist.objects.get(slug="busy-00")):
        rows = past_visits([therapist], 70, HISTORY // THERAPISTS)
        for row in rows:
            row.created_at = row.updated_at = NOW
        path = tmp_path / f"{therapist.slug}.json"
        path.write_text(serializers.serialize("json", rows))
        took[therapist.slug] = cost(lambda path=path: call_command("loaddata", path, verbosity=0))

    assert Appointment.objects.count() == HISTORY + 140
    assert 70 <= took["busy-00"] <= TIMES * took["idle"], took


@pytest.mark.parametrize("batch_size", [1, 7, 1000, None])
def test_one_clash_refuses_a_load_of_any_batch_size(batch_size):
    therapist = make_therapist()
    rows = [*past_visits([therapist], 50), *past_visits([therapist], 1, first_round=25)]

    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        Appointment.objects.bulk_create(rows, batch_size=batch_size)

    assert not therapist.appointments.exists()


def queries_of(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def free_times_of(visit_type, therapist=None):
    """All that patients may book, of everyone or of one therapist."""
    window = free_times.online_window(visit_type, NOW)
    calendars = free_times.online_calendars(window, NOW, therapist=therapist)
    return list(calendars.slots(visit_type))


def queries_of_reading(client):
    """How many queries the free times take of everyone and of one, and the page of times."""
    visit_type, one = make_visit_type(), Therapist.objects.get(slug="busy-00")
    return [
        queries_of(lambda: free_times_of(visit_type)),
        queries_of(lambda: free_times_of(visit_type, one)),
        queries_of(lambda: client.get("/book/")),
    ]


def test_free_times_take_as_many_queries_whatever_there_is(history, client):
    assert Appointment.objects.aggregate(Max("ends_at"))["ends_at__max"] < at("0:00")
    page = client.get("/book/")  # what a process reads once, it has read now
    found = [queries_of_reading(client)]
    many_visits.forget()
    found.append(queries_of_reading(client))
    Therapist.objects.exclude(slug="busy-00").delete()
    found.append(queries_of_reading(client))
    Appointment.objects.bulk_create(past_visits(Therapist.objects.all(), 50))
    found.append(queries_of_reading(client))

    assert b"Busy" in page.content
    assert found == [found[0]] * 4
    assert found[0][:2] == [3, 3]
    assert found[0][2] <= 8


@pytest.mark.only("sqlite")
def test_the_busy_query_reads_the_future_alone(history):
    visit_type = make_visit_type()
    with CaptureQueriesContext(connection) as captured:
        free_times_of(visit_type)
    [query] = [row["sql"] for row in captured if "booking_appointment" in row["sql"]]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        plan = [row[3] for row in cursor.fetchall()]

    assert "SEARCH booking_appointment USING INDEX booking_appointment_calendar" in " ".join(plan)
