"""Whether the clinic is open, and when that changes."""

from datetime import date, datetime, time, timedelta

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


def close_days(first, last):
    """From the start of one day, counted from Monday, to the end of another."""
    start, end = (at("0:00", MONDAY + timedelta(days=day)) for day in (first, last + 1))
    Closure.objects.create(name="Repairs", starts_at=start, ends_at=end)


@pytest.mark.parametrize(
    ("days", "until"), [([(0, 12), (13, 13)], 14), ([(0, 12), (13, 14)], None)]
)
def test_the_next_opening_is_looked_for_two_weeks_ahead(days, until):
    for first, last in days:
        close_days(first, last)

    opens = None if until is None else at("8:00", MONDAY + timedelta(days=until))
    assert hours.opening_at(at("9:00")) == Opening(False, opens)


def test_the_next_working_day_closes_with_its_last_hour():
    assert hours.closes_next_working_day(at("9:00", FRIDAY)) == at("17:00", NEXT_MONDAY)
    assert hours.closes_next_working_day(at("9:00", SUNDAY)) == at("17:00")


SHIFTS = [
    *((time(0), time(2, 30)), (time(1, 45), time(3))),
    *((time(9), time(12)), (time(12), time(17, 15))),
]


def rule(weekday, opens, closes, valid_from=None, valid_until=None):
    return Rule(1, weekday, opens, closes, valid_from, valid_until, 1, 0, "", "")


# Zones that change their clocks at two, at midnight, by half an hour, and not at all. A time that
# the clock skips counts on from the jump (2:30 as 3:30), one that comes twice is the first.
@pytest.mark.parametrize(
    ("zone", "day", "night", "daytime"),
    [
        ("America/New_York", "2026-03-08", "08T05:00 08T07:30", "08T13:00 08T21:15"),
        ("America/New_York", "2026-11-01", "01T04:00 01T08:00", "01T14:00 01T22:15"),
        ("Asia/Beirut", "2026-03-29", "28T22:00 29T00:00", "29T06:00 29T14:15"),
        ("Asia/Beirut", "2026-10-25", "24T22:00 25T01:00", "25T07:00 25T15:15"),
        ("America/Santiago", "2026-04-05", "05T04:00 05T07:00", "05T13:00 05T21:15"),
        ("America/Santiago", "2026-09-06", "06T04:00 06T06:00", "06T12:00 06T20:15"),
        ("Australia/Lord_Howe", "2026-04-05", "04T13:00 04T16:30", "04T22:30 05T06:45"),
        ("Australia/Lord_Howe", "2026-10-04", "03T13:30 03T16:00", "03T22:00 04T06:15"),
        ("Asia/Tokyo", "2026-03-08", "07T15:00 07T18:00", "08T00:00 08T08:15"),
    ],
)
def test_openings_of_a_day_around_a_clock_change(zone, day, night, daytime, settings):
    settings.TIME_ZONE = zone
    day = date.fromisoformat(day)

    openings = openings_on([rule(6, *shift) for shift in SHIFTS], day)

    instants = [[utc(day, moment) for moment in span.split()] for span in (night, daytime)]
    found = [[availability.to_instant(edge) for edge in span] for span in openings.pop((1, 1))]
    assert (found, openings) == (instants, {})


def utc(month, moment):
    """An instant such as "08T13:00" of that month."""
    return datetime.fromisoformat(f"{month:%Y-%m}-{moment}+00:00")


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, None, [6, 13, 20]),
        (date(2026, 5, 13), None, [13, 20]),
        (date(2026, 5, 14), None, [20]),
        (None, date(2026, 5, 13), [6, 13]),
        (None, date(2026, 5, 12), [6]),
        (date(2026, 5, 13), date(2026, 5, 13), [13]),
    ],
)
def test_a_rule_holds_on_its_weekday_from_its_first_day_to_its_last(
    valid_from, valid_until, expected
):
    wednesdays = rule(2, time(9), time(12), valid_from, valid_until)
    may = availability.days(date(2026, 5, 1), date(2026, 5, 24))

    assert [day.day for day in may if openings_on([wednesdays], day)] == expected


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, None, True),
        (date(2026, 5, 10), None, True),
        (date(2026, 5, 11), None, False),
        (None, date(2026, 5, 4), True),
        (None, date(2026, 5, 3), False),
        (date(2026, 5, 10), date(2026, 5, 3), False),
    ],
)
def test_a_rule_may_hold_between_two_days_where_its_own_reach_into_them(
    valid_from, valid_until, expected
):
    wednesdays = rule(2, time(9), time(12), valid_from, valid_until)

    assert wednesdays.holds_between(date(2026, 5, 4), date(2026, 5, 10)) == expected
