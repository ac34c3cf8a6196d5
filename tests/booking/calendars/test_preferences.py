"""Parts of the day, and what suits a patient."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.calendars.preferences import Preferences
from booking.calendars.slots import Slot
from booking.models import Therapist
from booking.models.day_parts import AFTERNOON, DAY_PARTS, EVENING, MORNING, day_part
from tests.builders import MONDAY, NEW_YORK

walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))


@given(walls)
def test_every_time_of_the_clock_is_in_one_part_of_the_day(wall):
    assert [part for part in DAY_PARTS if part.holds(wall)] == [day_part(wall)]


@pytest.mark.parametrize(
    ("wall", "part"),
    [
        (time(0), MORNING),
        (time(11, 59), MORNING),
        (time(12), AFTERNOON),
        (time(16, 59), AFTERNOON),
        (time(17), EVENING),
        (time(23, 59), EVENING),
    ],
)
def test_noon_and_five_part_the_day(wall, part):
    assert day_part(wall) == part


@given(walls, walls)
def test_hours_reach_the_parts_of_their_minutes(one, other):
    opens, closes = sorted([one, other])
    parts = {day_part(time(hour, minute)) for hour in range(24) for minute in range(60)}
    inside = {
        day_part(time(minute // 60, minute % 60))
        for minute in range(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
    }

    reached = {part for part in parts if part.is_reached(opens, closes)}
    assert reached == inside or opens == closes


def slot(wall, day=MONDAY, therapist=1, place=1):
    """Such a slot, by the clinic's clock."""
    start = datetime.combine(day, wall, NEW_YORK).astimezone(UTC)
    return Slot(start, start + timedelta(minutes=45), Therapist(pk=therapist), place, visits=0)


@given(walls, st.integers(0, 6), st.integers(1, 3), st.integers(1, 3))
def test_anything_suits_whom_nothing_was_asked(wall, day, therapist, place):
    assert Preferences().suits(slot(wall, MONDAY + timedelta(days=day), therapist, place))


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        (Preferences(weekday=0), True),
        (Preferences(weekday=1), False),
        (Preferences(part=MORNING), True),
        (Preferences(part=EVENING), False),
        (Preferences(therapist_id=1), True),
        (Preferences(therapist_id=2), False),
        (Preferences(location_id=1), True),
        (Preferences(location_id=2), False),
        (Preferences(location_id=1, weekday=0, part=AFTERNOON), False),
    ],
)
def test_monday_at_nine_at_the_first_place_with_the_first_therapist_suits(preferences, expected):
    assert preferences.suits(slot(time(9))) == expected
