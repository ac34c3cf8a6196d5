"""Beside two hundred thousand past visits, none of Find's questions reads the table through."""

import re

import pytest
from django.db import connection
from django.db.models import Q

from booking.desk import finding
from booking.models import Appointment, Location, Therapist, VisitType
from booking.models.findable import NAMES
from tests import many_visits
from tests.builders import NOW

pytestmark = pytest.mark.django_db

# PostgreSQL reads a table by "Seq Scan"; SQLite by "SCAN", by the order of an index too.
READ_THROUGH = re.compile(r"(?i)\b(?:seq scan on|scan) booking_appointment\b.*")
# Frequent and rare, alone and together, and what is in no name.
SAID = ["rosia", "m", "ma", "mar garcia", "garcia ro l", "zz m", "zzz", "0199", "+1 212 000"]
SAID += ["212000", "p77", "p77@example.org", "K7M-2QF"]


@pytest.fixture(scope="module")
def history(django_db_setup, django_db_blocker):
    """The rows, for this module alone."""
    with django_db_blocker.unblock():
        many_visits.fill()
        yield
        many_visits.forget()
        for model in (Therapist, VisitType, Location):
            model.objects.all().delete()


def read_through(plan: str) -> list[str]:
    return READ_THROUGH.findall(plan)


def questions(rows):
    """What the page asks of such rows."""
    return [rows.to_come(NOW).values("pk")[:20], rows.gone(NOW).values("pk")[:20]]


@pytest.mark.parametrize("typed", SAID)
def test_what_is_said_is_found_by_index(history, typed):
    rows = Appointment.objects.filter(finding.said(typed))
    assert [read_through(each.explain()) for each in questions(rows)] == [[], []]


def test_a_persons_visits_are_found_by_index(history):
    someone = Appointment.objects.first()
    rows = Appointment.objects.of_person(someone)
    assert [read_through(each.explain()) for each in questions(rows)] == [[], []]
    assert rows.count() >= many_visits.COPIES


def test_the_names_are_read_one_step_for_each(history):
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + NAMES, [10])
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert read_through(plan) == []
    every = set(Appointment.objects.values_list("folded_name", flat=True))
    assert sorted(Appointment.objects.names(100_000)) == sorted(every)
    assert len(Appointment.objects.names(5)) == 5


@pytest.mark.parametrize(
    "fault", [Q(folded_name__contains="rosia"), finding.said("rosia") | Q(note__contains="rosia")]
)
def test_a_part_of_a_word_would_read_it_through(history, fault):
    rows = Appointment.objects.filter(fault)
    assert read_through(rows.values("pk").explain())


@pytest.mark.only("sqlite")
def test_sorted_by_day_as_it_is_sqlite_would_read_it_through(history):
    rows = Appointment.objects.filter(finding.said("zzz")).order_by("-starts_at", "-pk")
    assert read_through(rows.values("pk")[:20].explain())
