"""What takes a therapist's time, as it is read: against rows counted one by one."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from booking.calendars.availability import NOWHERE, Stay, to_minutes, to_minutes_up
from booking.calendars.busy import EVERYONE, read_stays
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
    end = start + timedelta(days=random.randint(1, 6))

    stays = read_stays(whose, start, end)

    assert Counter(stays) == Counter(counted_in_python(whose, start, end))


def counted_in_python(therapists, start, end):
    """What `read_stays` gives, row by row of the models."""
    for row in Appointment.objects.active().filter(therapist__in=therapists):
        if row.starts_at < end and row.ends_at > start:
            kind, place, begins = row.visit_type, row.location, to_minutes(row.starts_at)
            first, last = begins - kind.buffer_before, to_minutes_up(row.ends_at)
            until = last + kind.buffer_after
            yield Stay(
                row.therapist_id, first, until, place.pk, place.travel_minutes, begins, row.pk
            )
    for row in [*TimeOff.objects.filter(therapist__in=therapists), *Closure.objects.all()]:
        if row.starts_at < end and row.ends_at > start:
            whose = getattr(row, "therapist_id", EVERYONE)
            begins, until = to_minutes(row.starts_at), to_minutes_up(row.ends_at)
            yield Stay(whose, begins, until, NOWHERE, 0, begins)


def minutes(instant):
    return instant.timestamp() / 60


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=1), timedelta(seconds=59)])
def test_a_started_minute_is_busy(late):
    therapist = make_therapist()
    start, end = at("9:00") + late, at("10:00") + late
    TimeOff.objects.create(therapist=therapist, starts_at=start, ends_at=end)

    nine, until = minutes(at("9:00")), minutes(at("10:00")) + bool(late)
    assert read_stays([therapist.pk], at("0:00"), at("23:00")) == [
        Stay(therapist.pk, nine, until, NOWHERE, 0, nine)
    ]


def test_what_lies_in_the_interval_is_read_with_its_buffers_and_its_place():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    buffered = make_visit_type("long", buffer_before=5, buffer_after=10)
    early, late = visit(ana, at("11:00")), visit(ana, at("15:00"), visit_type=buffered)
    for row in [visit(ana, at("9:00")), early, late, visit(ben, at("13:00"))]:
        row.save()
    Closure.objects.create(name="Storm", starts_at=at("16:00"), ends_at=at("18:00"))

    here = make_location().pk, make_location().travel_minutes
    eleven, three, four = (minutes(at(wall)) for wall in ("11:00", "15:00", "16:00"))
    assert sorted(read_stays([ana.pk], at("11:30"), at("17:00"))) == [
        Stay(EVERYONE, four, minutes(at("18:00")), NOWHERE, 0, four),
        Stay(ana.pk, eleven, eleven + 45, *here, eleven, early.pk),
        Stay(ana.pk, three - 5, three + 55, *here, three, late.pk),
    ]
