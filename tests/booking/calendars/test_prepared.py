"""Queries written once: other values, the same rows as a queryset of theirs would give."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.calendars import free_times, hours
from booking.calendars.availability import NO_VISIT, Stay, to_minutes, to_minutes_up
from booking.calendars.busy import NEVER, NOBODY, _busy, busy
from booking.calendars.prepared import Prepared, Unwritable
from booking.models import Appointment, Closure, Therapist, TimeOff, VisitType, WorkingHours
from tests.builders import (
    MONDAY,
    add_hours,
    at,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
)

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


def test_a_number_twice_counts_once(visits):
    whose = visits[0].therapist_id
    values = {"start": at("9:00"), "but": 0}

    found = Prepared(visits_of).rows(therapists=(whose, whose), **values)

    assert found == list(visits_of(therapists=(whose,), **values))


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


ALL = Appointment.objects.all()


@pytest.mark.parametrize(
    "query",
    [
        lambda *, but: ALL.exclude(pk=but + 1),
        lambda *, but: ALL.exclude(pk=but) if but > 0 else ALL,
        # What happens to be a stand-in is no value: it must stay as it is.
        lambda *, but: ALL.filter(pk__gt=-1_000_000_000).exclude(pk=but),
    ],
)
def test_a_query_that_makes_more_of_a_value_than_a_parameter_is_refused(visits, query):
    with pytest.raises(Unwritable, match="another query"):
        Prepared(query).rows(but=visits[0].pk)


@pytest.mark.parametrize(
    "query", [lambda *, pks: ALL.filter(pk__in=pks), lambda *, pks: ALL.none()]
)
def test_a_query_that_can_find_nothing_is_refused(query):
    with pytest.raises(Unwritable, match="finds nothing"):
        Prepared(query).rows(pks=())


def columns(rows):
    return [{name: row.__dict__[name] for name in fields(row)} for row in rows]


def fields(row):
    return [field.attname for field in row._meta.concrete_fields]


def test_instances_are_those_of_the_models():
    make_visit_type(price=Decimal("120.50"), buffer_after=5)
    make_visit_type("follow-up", online=False)
    make_therapist(bio="Ana <b>Ruiz</b>")
    make_therapist("ben-cole", active=False, credentials="")

    for model in (VisitType, Therapist):
        rows = Prepared(lambda model=model: model.objects.order_by("pk")).instances(model)
        plain = list(model.objects.order_by("pk"))
        assert columns(rows) == columns(plain)
        assert rows == plain
        assert [(row._state.adding, row._state.db) for row in rows] == [(False, "default")] * 2


def add_clinic(random: Random) -> list[Therapist]:
    """Visits, time off, closures and hours at random, some of them beside the week of MONDAY."""
    places = [make_location(), make_location("oak-street", travel_minutes=random.randrange(40))]
    kinds = [make_visit_type(), make_visit_type("long", buffer_before=5, buffer_after=10)]
    therapists = [make_therapist(f"therapist-{number}", hours="") for number in range(3)]

    def interval(minutes: int) -> dict[str, datetime]:
        late = timedelta(milliseconds=random.choice([0, 1, 59_999]))
        start = at("0:00") + timedelta(minutes=random.randrange(-2 * 1440, 9 * 1440)) + late
        return {"starts_at": start, "ends_at": start + timedelta(minutes=minutes) + late}

    for therapist in therapists:
        for day in range(-2, 9):
            start = at("9:00", MONDAY + timedelta(days=day))
            place, kind = random.choice(places), random.choice(kinds)
            status = random.choice(["booked", "cancelled", "fulfilled", "noshow"])
            visit(therapist, start, location=place, visit_type=kind, status=status).save()
        for _time in range(3):
            TimeOff.objects.create(therapist=therapist, **interval(random.randrange(1, 3000)))
        for weekday in random.sample(range(7), 4):
            since = random.choice([None, MONDAY])
            add_hours(therapist, weekday, "9:00-12:00 13:00-17:00", places[0], valid_from=since)
    Closure.objects.create(name="Storm", **interval(300))
    return therapists


@pytest.mark.parametrize("seed", range(8))
def test_a_clinic_reads_the_same_without_preparation(seed):
    random = Random(seed)
    therapists = add_clinic(random)
    asked = tuple(row.pk for row in random.sample(therapists, random.randint(1, 3)))
    start = at("0:00") + timedelta(hours=random.randrange(72))
    moving = random.choice([None, *Appointment.objects.values_list("pk", flat=True)])
    end = start + timedelta(days=random.randint(1, 6))

    found = busy(asked, start, end, moving=moving)
    rules = hours.rules_by_weekday(asked)

    values = {"therapists": asked, "start": start, "end": end}
    assert sorted(found) == sorted(_busy(**values, asked_at=NEVER, moving=moving or NOBODY))
    assert sorted(found) == sorted(plain_busy(**values, moving=moving))
    assert sorted(rule for found in rules.values() for rule in found) == sorted(
        WorkingHours.objects.filter(therapist__in=asked).values_list(*hours.Rule._fields)
    )
    assert free_times.bookable_therapists() == list(Therapist.objects.filter(active=True))


def plain_busy(therapists, start, end, moving):
    """What `busy` gives, counted in Python from the models."""
    for row in Appointment.objects.active().filter(therapist__in=therapists).exclude(pk=moving):
        if row.starts_at < end and row.ends_at > start:
            kind, place, begins = row.visit_type, row.location, to_minutes(row.starts_at)
            first = begins - kind.buffer_before
            last = to_minutes_up(row.ends_at) + kind.buffer_after
            lead = kind.buffer_before
            yield row.therapist_id, first, last, place.pk, place.travel_minutes, lead
    for row in [*TimeOff.objects.filter(therapist__in=therapists), *Closure.objects.all()]:
        if row.starts_at < end and row.ends_at > start:
            whose = getattr(row, "therapist_id", 0)
            yield whose, to_minutes(row.starts_at), to_minutes_up(row.ends_at), 0, 0, NO_VISIT


def minutes(instant: datetime) -> float:
    return instant.timestamp() / 60


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=1), timedelta(seconds=59)])
def test_a_started_minute_is_busy(late):
    therapist = make_therapist()
    start, end = at("9:00") + late, at("10:00") + late
    TimeOff.objects.create(therapist=therapist, starts_at=start, ends_at=end)

    found = list(busy([therapist.pk], at("0:00"), at("23:00")))

    until = minutes(at("10:00")) + bool(late)
    assert found == [Stay(therapist.pk, minutes(at("9:00")), until, 0, 0, NO_VISIT)]


def test_busy_is_what_lies_in_the_interval(visits):
    ana = visits[0].therapist
    buffered = make_visit_type("long", buffer_before=5, buffer_after=10)
    visit(ana, at("15:00"), visit_type=buffered).save()
    Closure.objects.create(name="Storm", starts_at=at("16:00"), ends_at=at("18:00"))

    here = make_location().pk, make_location().travel_minutes
    found = busy([ana.pk], at("11:30"), at("17:00"), moving=visits[3].pk)

    assert sorted(found) == [
        Stay(0, minutes(at("16:00")), minutes(at("18:00")), 0, 0, NO_VISIT),
        Stay(ana.pk, minutes(at("11:00")), minutes(at("11:45")), *here, 0),
        Stay(ana.pk, minutes(at("14:55")), minutes(at("15:55")), *here, 5),
    ]
