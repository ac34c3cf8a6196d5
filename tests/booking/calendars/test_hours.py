"""Whether the clinic is open, and when that changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.calendars import availability, hours
from booking.calendars.hours import Opening, Rule, openings_on
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
def test_openings_of_each_day_hold_the_minutes_of_its_rules(zone, settings):
    """Also around clock changes: a time that is skipped counts on from the jump."""
    settings.TIME_ZONE = zone

    def rules(weekday, valid_from=None):
        night, early = (time(0), time(2, 30)), (time(1, 45), time(3))
        shifts = [night, early, (time(9), time(12)), (time(12), time(17, 15))]
        return [Rule(1, weekday, *span, valid_from, None, 1, 0, "", "") for span in shifts]

    everything = [*rules(0), *rules(2, FROM_MAY), *rules(5), *rules(6)]
    for day in availability.days(date(2026, 1, 1), LAST_DAY):
        openings = openings_on(everything, day)

        spans = [span for theirs in openings.values() for span in theirs]
        minutes = {minute for span in spans for minute in range(*span)}
        assert minutes == minutes_of(everything, day, ZoneInfo(zone)), day
        assert len(spans) == (2 if minutes else 0)


def minutes_of(rules, day, zone):
    """Since the epoch, of all the rules that hold that day, counted by the clock in UTC."""
    return {
        minute
        for rule in rules
        if rule.weekday == day.weekday() and day >= (rule.valid_from or day)
        for minute in range(*(utc_minutes(day, wall, zone) for wall in (rule.opens, rule.closes)))
    }


def utc_minutes(day, wall, zone):
    return int(datetime.combine(day, wall, zone).timestamp()) // 60
