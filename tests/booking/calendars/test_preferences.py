"""Parts of the day, and what suits a patient."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.calendars.preferences import ANYTHING, Preferences
from booking.models.day_parts import AFTERNOON, DAY_PARTS, EVENING, MORNING, day_part
from tests.builders import MONDAY

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


@given(walls, st.integers(0, 6), st.integers(1, 3))
def test_anything_suits_whom_nothing_was_asked(wall, day, place):
    assert ANYTHING.suits_day(MONDAY + timedelta(days=day))
    assert ANYTHING.suits(wall, place)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Preferences(weekday=0), (True, True)),
        (Preferences(weekday=1), (False, True)),
        (Preferences(part=MORNING), (True, True)),
        (Preferences(part=EVENING), (True, False)),
        (Preferences(location_id=1), (True, True)),
        (Preferences(location_id=2), (True, False)),
        (Preferences(location_id=1, weekday=0, part=AFTERNOON), (True, False)),
    ],
)
def test_monday_at_nine_at_the_first_place_suits(asked, expected):
    assert (asked.suits_day(MONDAY), asked.suits(time(9), 1)) == expected
