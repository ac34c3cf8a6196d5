"""What takes a therapist's time, as it is read: against rows counted one by one."""

from datetime import datetime, timedelta
from random import Random

import pytest

from booking.calendars.availability import NO_VISIT, Stay, to_minutes, to_minutes_up
from booking.calendars.busy import busy
from booking.models import Appointment, Closure, Therapist, TimeOff
from tests.builders import (
    MONDAY,
    at,
    make_location,
    make_therapist,
    make_visit_type,
    visit,
)

pytestmark = pytest.mark.django_db


def add_clinic(random: Random) -> list[Therapist]:
    """Visits, time off and closures at random, some of them beside the week of MONDAY."""
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
    Closure.objects.create(name="Storm", **interval(300))
    return therapists


@pytest.mark.parametrize("seed", range(8))
def test_a_clinic_at_random_is_read_as_its_rows_count(seed):
    random = Random(seed)
    therapists = add_clinic(random)
    whose = [row.pk for row in random.sample(therapists, random.randint(1, 3))]
    start = at("0:00") + timedelta(hours=random.randrange(72))
    moving = random.choice([None, *Appointment.objects.values_list("pk", flat=True)])
    end = start + timedelta(days=random.randint(1, 6))

    assert sorted(busy(whose, start, end, moving=moving)) == sorted(
        plain_busy(whose, start, end, moving=moving)
    )


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
