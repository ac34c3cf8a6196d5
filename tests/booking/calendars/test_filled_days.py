"""Days at random, from real rows: what a time that patients are shown costs the day."""

from datetime import timedelta
from random import Random

import pytest

from booking.calendars.free_times import Calendars, Window, bookable_therapists
from booking.models import Closure, TimeOff
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

DAYS = [MONDAY + timedelta(days=number) for number in range(5)]


def interval(random, day, minutes):
    start = at("8:30", day) + timedelta(minutes=random.randrange(0, 360, 5))
    return {"starts_at": start, "ends_at": start + timedelta(minutes=minutes)}


def add_day(random, therapist, day, places, kind):
    """Hours at two places; of a day some is booked, somebody is away or the clinic is closed."""
    for opens, place in zip((9, 13), random.sample(places, 2), strict=True):
        closes = f"{opens + random.choice([1, 2])}:{random.choice(['00', '20', '30'])}"
        add_hours(therapist, day.weekday(), f"{opens}:00-{closes}", place)
    if random.random() < 0.7:
        visit(therapist, **interval(random, day, 30), visit_type=kind, location=places[0]).save()
    if random.random() < 0.3:
        TimeOff.objects.create(therapist=therapist, **interval(random, day, 20))
    if random.random() < 0.3:
        Closure.objects.create(name="Drill", **interval(random, day, 10))


def add_week(seed):
    """A therapist's week, and the visit type that is looked for."""
    random = Random(seed)
    places = [make_location(), make_location("oak-street", travel_minutes=random.choice([0, 45]))]
    buffers = {"buffer_before": random.choice([0, 5]), "buffer_after": random.choice([0, 10])}
    kind = make_visit_type("follow-up", minutes=30, buffer_after=random.choice([0, 10]))
    wanted = make_visit_type(minutes=random.choice([30, 45, 60]), **buffers)
    therapist = make_therapist(hours="")
    for day in DAYS:
        add_day(random, therapist, day, places, kind)
    return wanted


def calendars(day):
    """As they are read on that morning: what begins before 9:20 comes too late."""
    window = Window(day, day, at("9:20", day))
    return Calendars.read(bookable_therapists(), window)


def left_after(slot, day, visit_type):
    """The starts that are still free once that time is booked."""
    row = visit(slot.therapist, slot.starts_at, ends_at=slot.ends_at, visit_type=visit_type)
    row.location_id = slot.location_id
    row.save()
    left = {other.starts_at for other in calendars(day).slots(visit_type)}
    row.delete()
    return left


def most(starts, left):
    """How many can be booked one after the other: every way of booking them is tried."""
    following = ({other for other in starts & left[start] if other > start} for start in starts)
    return max((1 + most(more, left) for more in following), default=0)


def costs(day, visit_type):
    """Of each free start by how many a visit there lowers what still fits."""
    slots = list(calendars(day).slots(visit_type))
    left = {slot.starts_at: left_after(slot, day, visit_type) for slot in slots}
    fits = most(set(left), left)
    return {start: fits - most(left[start], left) for start in left}


@pytest.mark.parametrize("seed", range(6))
def test_a_time_that_is_shown_costs_one_and_every_opening_with_room_shows_one(seed):
    visit_type = add_week(seed)

    for day in DAYS:
        cost = costs(day, visit_type)
        shown = {slot.starts_at for slot in calendars(day).shown(visit_type)}
        assert {cost[start] for start in shown} <= {1}
        for opens, closes, *_where in calendars(day).hours_of(*bookable_therapists(), day):
            inside = {start for start in cost if opens <= start < closes}
            assert bool(inside) == bool(inside & shown)


def test_the_count_tells_times_that_cost_two():
    """Some free times of such weeks do: they are not shown."""
    visit_type = add_week(0)

    assert {cost for day in DAYS for cost in costs(day, visit_type).values()} == {1, 2}
