"""Whether the clinic is open, and when that changes."""

from datetime import date, time, timedelta

import pytest

from booking.calendars import availability, hours
from booking.calendars.hours import Opening, Openings, Rule, openings_on
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


# New York, and zones that change their clocks at midnight, by half an hour, and not at all.
ZONES = ["America/New_York", "Asia/Beirut", "America/Santiago", "Australia/Lord_Howe", "Asia/Tokyo"]
FROM_MAY, LAST_DAY = date(2026, 5, 4), date(2027, 12, 31)


@pytest.mark.parametrize("zone", ZONES)
def test_openings_of_many_days_are_those_of_each_day(zone, settings):
    """The hours of a weekday are made once: around clock changes and bounds each day counts."""
    settings.TIME_ZONE = zone

    def rules(weekday, valid_from):
        night, early = (time(0), time(2, 30)), (time(1, 45), time(3))
        shifts = [night, early, (time(9), time(12)), (time(12), time(17, 15))]
        return [Rule(1, weekday, *span, valid_from, None, 1, 0, "", "") for span in shifts]

    by_weekday = {day: rules(day, FROM_MAY if day == 2 else None) for day in (0, 2, 5, 6)}
    openings = Openings(by_weekday)
    days = list(availability.days(date(2026, 1, 1), LAST_DAY))

    found = [openings.on(day) for day in days]

    assert found == [openings_on(by_weekday.get(day.weekday(), []), day) for day in days]
