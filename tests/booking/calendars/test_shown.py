"""Which of the free times patients are shown."""

import pytest

from booking.calendars import free_times
from booking.calendars.free_times import Window, online_calendars
from booking.calendars.soonest import soonest_of_all
from tests.builders import MONDAY, NEW_YORK, NOW, at, book, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db

EVERY = [
    *("09:00", "09:15", "09:30", "09:45", "10:00", "10:15"),
    *("10:30", "10:45", "11:00", "11:15"),
]


def walls(slots):
    """Starts as the clinic's clock shows them."""
    return [slot.starts_at.astimezone(NEW_YORK).strftime("%H:%M") for slot in slots]


def calendars():
    return online_calendars(Window(MONDAY, MONDAY), NOW)


def shown(moving=None):
    visit_type = make_visit_type()
    return walls(calendars().without(moving).shown(visit_type))


def test_only_starts_that_fill_the_day_are_shown_and_every_free_one_can_be_booked():
    ana = make_therapist(hours="9:00-12:00")

    assert shown() == ["09:00", "09:45", "10:30", "11:15"]
    assert walls(calendars().slots(make_visit_type())) == EVERY
    assert walls([book(ana, at("9:30"))]) == ["09:30"]
    assert shown() == ["10:15", "11:15"]


def test_a_visit_type_may_have_every_start_shown():
    make_therapist(hours="9:00-12:00")
    make_visit_type(fills_day=False)

    assert shown() == EVERY


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ({}, ["09:00", "09:30", "09:45", "10:15"]),
        ({"buffer_before": 5}, ["09:00", "10:15"]),
        ({"buffer_after": 5}, ["09:00", "10:15"]),
        ({"active": False}, ["09:00", "10:15"]),
        ({"online": False}, ["09:00", "09:30", "09:45", "10:15"]),
    ],
)
def test_a_gap_holds_the_shortest_visit_that_can_be_booked(short, expected):
    """Of 45 minutes, or of 30 with what must be free around it."""
    make_therapist(hours="9:00-11:00")
    make_visit_type("follow-up", minutes=30, **short)

    assert shown() == expected


def test_for_whoever_moves_a_visit_its_own_time_counts_as_free():
    visit = book(make_therapist(hours="9:00-12:00"), at("9:30"))

    assert shown(moving=visit) == ["09:00", "09:45", "10:30", "11:15"]


def test_next_and_nearest_times_are_times_that_are_shown():
    ana, visit_type = make_therapist(hours="9:00-12:00"), make_visit_type()

    nearest = free_times.nearest_slots(visit_type, ana, at("10:00"), NOW)
    assert walls(nearest) == ["09:00", "09:45", "10:30"]
    assert walls(free_times.next_slots(visit_type, NOW)) == ["09:00", "09:45", "10:30"]
    assert walls(soonest_of_all(visit_type, NOW, 2).slots) == ["09:00", "09:45"]
