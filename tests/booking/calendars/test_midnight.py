"""Hours that end at midnight: 00:00 as the closing time is the end of the day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from booking.calendars import hours
from booking.calendars.doubts import of_visits
from booking.calendars.hours import Opening, WeekdayHours
from booking.models import WorkingHours
from booking.models.day_parts import AFTERNOON, EVENING, MORNING
from booking.templatetags.booking_times import open_now
from booking.views import structured
from tests.builders import MONDAY, add_hours, at, make_location, make_therapist, visit

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def late():
    """Works on Mondays from three until midnight."""
    therapist = make_therapist(hours="")
    add_hours(therapist, 0, "15:00-0:00")
    return therapist


def rule(opens, closes, therapist=None):
    return WorkingHours(
        therapist=therapist,
        location=make_location(),
        weekday=0,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
    )


@pytest.mark.parametrize(("opens", "closes"), [("15:00", "00:00"), ("00:00", "00:00")])
def test_midnight_is_after_every_opening(opens, closes):
    row = rule(opens, closes, make_therapist(hours=""))
    row.full_clean()
    row.save()

    assert WorkingHours.objects.count() == 1


@pytest.mark.parametrize(("opens", "closes"), [("15:00", "15:00"), ("15:00", "00:01")])
def test_closing_is_still_after_opening(opens, closes):
    row = rule(opens, closes, make_therapist(hours=""))
    with pytest.raises(ValidationError, match=r"Closing must be after opening\."):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (("15:00", "00:00"), ("20:00", "21:00"), True),
        (("15:00", "00:00"), ("20:00", "00:00"), True),
        (("15:00", "00:00"), ("09:00", "15:00"), False),
        (("00:00", "00:00"), ("00:00", "01:00"), True),
    ],
)
def test_hours_until_midnight_overlap_what_lies_in_them(one, other, overlap):
    rules = rule(*one), rule(*other)

    assert [rules[0].overlaps(rules[1]), rules[1].overlaps(rules[0])] == [overlap, overlap]


def test_they_reach_into_the_parts_of_the_day_before_midnight():
    parts = [MORNING, AFTERNOON, EVENING]
    reached = [part for part in parts if part.is_reached(time(15), time.min)]

    assert reached == [AFTERNOON, EVENING]


def test_a_visit_may_end_at_midnight_and_not_after(late):
    place = late.working_hours.get().location_id
    midnight = at("0:00", TUESDAY)
    starts = midnight - timedelta(minutes=45)

    assert hours.location_for(late, starts, midnight) == place
    assert hours.location_for(late, starts, midnight + timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("opens", "place", "covered"),
    [("0:00-2:00", "main", True), ("0:01-2:00", "main", False), ("0:00-2:00", "oak", False)],
)
def test_a_visit_across_midnight_is_within_hours_that_go_on(late, opens, place, covered):
    here = late.working_hours.get().location
    add_hours(late, 1, opens, location=make_location("oak") if place == "oak" else here)
    booked = visit(late, at("23:30"), ends_at=at("0:15", TUESDAY))
    booked.save()

    place = hours.location_for(late, booked.starts_at, booked.ends_at)
    assert place == (here.pk if covered else None)
    doubts = [doubt.code for doubt in of_visits([booked])[0]]
    assert [code.partition(":")[0] for code in doubts] == ([] if covered else ["hours"])


@pytest.mark.parametrize(
    ("wall", "day", "expected"),
    [
        ("14:59", MONDAY, Opening(False, at("15:00"))),
        ("23:59", MONDAY, Opening(True, at("0:00", TUESDAY))),
        ("0:00", TUESDAY, Opening(False, at("15:00", MONDAY + timedelta(days=7)))),
    ],
)
def test_the_clinic_is_open_until_midnight(late, wall, day, expected):
    assert hours.opening_at(at(wall, day)) == expected


def test_hours_that_go_on_after_midnight_are_one_opening(late):
    add_hours(late, 1, "0:00-2:00")

    assert hours.opening_at(at("23:00")) == Opening(True, at("2:00", TUESDAY))


def test_it_is_said_as_midnight(late, time_machine):
    time_machine.move_to(at("16:00"))

    assert open_now() == "open until midnight"
    assert hours.opening_hours(MONDAY)[0] == WeekdayHours("Monday", [(time(15), time.min)])


@pytest.mark.parametrize(("opens", "closes"), [("15:00", "00:00"), ("00:00", "23:59")])
def test_machines_never_read_a_whole_day_as_closed(opens, closes):
    week = [WeekdayHours("Monday", [(time.fromisoformat(opens), time.min)])]
    [said] = structured.opening_specifications(week)

    assert (said["opens"], said["closes"]) == (opens, closes)


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("America/New_York", date(2026, 11, 30), 540),
        ("Asia/Beirut", date(2027, 3, 27), 540),  # the midnight after it is skipped
        ("America/Havana", date(2026, 10, 31), 540),  # the midnight after it comes twice
        ("Africa/Cairo", date(2026, 10, 29), 600),  # its last hour comes twice
    ],
)
def test_a_day_ends_as_the_next_begins_at_any_clock_change(settings, zone, day, minutes):
    settings.TIME_ZONE = zone
    row = rule("15:00", "00:00", make_therapist(hours=""))
    row.weekday = day.weekday()
    row.save()
    [[(opens, closes)]] = hours.openings_on(hours.weekly_rules(), day).values()

    opened = datetime.combine(day, time(15), ZoneInfo(zone)).timestamp() // 60
    assert (opens, closes - opens) == (opened, minutes)
    assert closes == hours.day_span(day)[1]
    assert hours.opening_hours(day)[day.weekday()].spans == [(time(15), time.min)]
