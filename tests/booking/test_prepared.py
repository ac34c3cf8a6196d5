"""Queries written once: other values, the same rows as a queryset of theirs would give."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.busy import Busy, busy
from booking.models import Appointment, Closure, TimeOff
from booking.prepared import Prepared
from tests.builders import MONDAY, at, make_location, make_therapist, make_visit_type, visit

pytestmark = pytest.mark.django_db


def visits_of(*, therapists: tuple[int, ...], start: datetime, but: int):
    """References by therapist and start, so that every form of value is in it."""
    rows = Appointment.objects.active().filter(therapist__in=therapists, starts_at__gte=start)
    return rows.exclude(pk=but).order_by("starts_at", "pk").values_list("pk", "therapist")


@pytest.fixture
def visits():
    """Four for each of two therapists, an hour each."""
    therapists = [make_therapist(), make_therapist("ben-cole")]
    rows = [
        visit(therapist, at(wall))
        for therapist in therapists
        for wall in ("9:00", "10:00", "11:00", "13:00")
    ]
    return Appointment.objects.bulk_create(rows)


def test_rows_are_those_of_the_queryset_whatever_the_values(visits):
    prepared = Prepared(visits_of)
    ana, ben = visits[0].therapist_id, visits[-1].therapist_id
    asked = [
        {"therapists": (ana, ben), "start": at("9:00"), "but": 0},
        {"therapists": (ben, ana), "start": at("10:00"), "but": visits[2].pk},
        {"therapists": (ben,), "start": at("10:30"), "but": visits[-1].pk},
        {"therapists": (ana,), "start": at("9:00", MONDAY + timedelta(days=1)), "but": 1},
    ]

    for values in [*asked, *asked]:
        assert prepared.rows(**values) == list(visits_of(**values))
    assert len(prepared.written) == 2  # one for a therapist, one for two


def test_a_value_that_the_query_holds_itself_is_left_alone(visits):
    prepared = Prepared(lambda *, but: Appointment.objects.filter(pk__gt=0).exclude(pk=but))

    assert prepared.rows(but=0) == prepared.rows(but=-1)
    assert len(prepared.rows(but=visits[0].pk)) == len(visits) - 1


def test_nothing_is_asked_but_the_query(visits):
    prepared = Prepared(visits_of)
    with CaptureQueriesContext(connection) as captured:
        for _time in range(3):
            prepared.rows(therapists=(1,), start=at("9:00"), but=0)

    assert len(captured) == 3


def minutes(instant: datetime) -> float:
    return instant.timestamp() / 60


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=1), timedelta(seconds=59)])
def test_a_started_minute_is_busy(late):
    therapist = make_therapist()
    start, end = at("9:00") + late, at("10:00") + late
    TimeOff.objects.create(therapist=therapist, starts_at=start, ends_at=end)

    found = list(busy([therapist.pk], at("0:00"), at("23:00")))

    until = minutes(at("10:00")) + bool(late)
    assert found == [Busy(therapist.pk, minutes(at("9:00")), until, 0, 0, 0)]


def test_busy_is_what_lies_in_the_interval(visits):
    ana = visits[0].therapist
    buffered = make_visit_type("long", buffer_before=5, buffer_after=10)
    visit(ana, at("15:00"), visit_type=buffered).save()
    Closure.objects.create(name="Storm", starts_at=at("16:00"), ends_at=at("18:00"))

    here = make_location().pk, make_location().travel_minutes
    found = busy([ana.pk], at("11:30"), at("17:00"), moving=visits[3].pk)

    assert sorted(found) == [
        Busy(0, minutes(at("16:00")), minutes(at("18:00")), 0, 0, 0),
        Busy(ana.pk, minutes(at("11:00")), minutes(at("11:45")), *here, minutes(at("11:00"))),
        Busy(ana.pk, minutes(at("14:55")), minutes(at("15:55")), *here, minutes(at("15:00"))),
    ]
