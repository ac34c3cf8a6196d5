"""Whether the clinic is open, and when that changes."""

from datetime import timedelta

import pytest

from booking import hours
from booking.hours import Opening
from booking.models import Closure
from tests.builders import MONDAY, add_hours, at, make_location, make_therapist

pytestmark = pytest.mark.django_db

SUNDAY, FRIDAY = MONDAY - timedelta(days=1), MONDAY + timedelta(days=4)
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def clinic():
    """Two therapists at two places: open from 8 to 12 and from 13 to 17, closed on a Wednesday."""
    make_therapist()
    early = make_therapist("ben-cole", hours="")
    for weekday in range(5):
        add_hours(early, weekday, "8:00-10:00", make_location("oak-street"))
    wednesday = MONDAY + timedelta(days=2)
    Closure.objects.create(
        name="Snow", starts_at=at("9:00", wednesday), ends_at=at("14:00", wednesday)
    )


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (0, "7:59", (False, 0, "8:00")),
        (0, "8:00", (True, 0, "12:00")),
        (0, "12:00", (False, 0, "13:00")),
        (0, "17:00", (False, 1, "8:00")),
        (2, "8:30", (True, 2, "9:00")),
        (2, "9:00", (False, 2, "14:00")),
        (4, "17:00", (False, 7, "8:00")),
        (-1, "23:59", (False, 0, "8:00")),
    ],
)
def test_the_clinic_is_open_from_the_first_therapist_to_the_last(
    day, wall, expected, django_assert_num_queries
):
    is_open, later, until = expected

    with django_assert_num_queries(2):
        found = hours.opening_at(at(wall, MONDAY + timedelta(days=day)))

    assert found == Opening(is_open, at(until, MONDAY + timedelta(days=later)))


def test_a_clinic_that_stays_closed_names_no_time():
    start = at("0:00")
    Closure.objects.create(name="Repairs", starts_at=start, ends_at=start + timedelta(days=30))

    assert hours.opening_at(at("9:00")) == Opening(False, None)
    assert hours.closes_next_working_day(at("9:00")) is None


def test_the_next_working_day_closes_with_its_last_hour():
    assert hours.closes_next_working_day(at("9:00", FRIDAY)) == at("17:00", NEXT_MONDAY)
    assert hours.closes_next_working_day(at("9:00", SUNDAY)) == at("17:00")
