"""The week of each clock change, in zones that change by an hour and by half of one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from booking.calendars.free_times import Window, online_calendars, online_window
from booking.messages import ics
from booking.models import WorkingHours
from booking.visits.requests import Request
from tests.builders import add_hours, book, make_location, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db

# Zone, the Sunday of the change, and 9:00 of the clinic in UTC the day before and on that day.
CHANGES = [
    ("America/New_York", date(2026, 3, 8), "14:00", "13:00"),
    ("America/New_York", date(2026, 11, 1), "13:00", "14:00"),
    ("Europe/Berlin", date(2026, 3, 29), "08:00", "07:00"),
    ("Europe/Berlin", date(2026, 10, 25), "07:00", "08:00"),
    ("Australia/Lord_Howe", date(2026, 4, 5), "22:00", "22:30"),
    ("Australia/Lord_Howe", date(2026, 10, 4), "22:30", "22:00"),
]


@pytest.fixture(params=CHANGES, ids=lambda change: f"{change[0]} {change[1]}")
def change(request, settings):
    settings.TIME_ZONE = request.param[0]
    return request.param


@pytest.fixture(params=[True, False], ids=["fills the day", "every start"])
def fills_day(request):
    """Which times patients are shown of the visit type."""
    return request.param


def week_around(sunday):
    return [sunday + timedelta(days=offset) for offset in range(-3, 4)]


def open_every_day(hours="9:00-12:00 13:00-17:00"):
    therapist = make_therapist(hours="")
    for weekday in range(7):
        for span in hours.split():
            opens, closes = (time(*map(int, wall.split(":"))) for wall in span.split("-"))
            WorkingHours.objects.create(
                therapist=therapist,
                location=make_location(),
                weekday=weekday,
                opens=opens,
                closes=closes,
            )
    return therapist


def wall(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


def offered(visit_type, sunday):
    days = week_around(sunday)
    return free(visit_type, Window(days[0], days[-1]), datetime.combine(days[0], time(), UTC))


def free(visit_type, window, now):
    return list(online_calendars(window, now).shown(visit_type))


@pytest.mark.parametrize("step", [15, 45])
def test_every_day_offers_the_same_times_of_the_clinics_clock(change, fills_day, step):
    zone, sunday, *_utc = change
    open_every_day()
    visit_type = make_visit_type(fills_day=fills_day, step_minutes=step)

    found = [wall(slot.starts_at, zone) for slot in offered(visit_type, sunday)]

    first_day = [
        moment[6:] for moment in found if moment.startswith(f"{week_around(sunday)[0]:%m-%d}")
    ]
    assert first_day[0] == "09:00"
    assert "13:00" in first_day
    assert found == [f"{day:%m-%d} {moment}" for day in week_around(sunday) for moment in first_day]


def test_nine_oclock_is_the_right_instant_before_and_after(change, fills_day):
    _zone, sunday, before, after = change
    open_every_day("9:00-9:45")

    found = [slot.starts_at for slot in offered(make_visit_type(fills_day=fills_day), sunday)]

    assert [f"{start:%H:%M}" for start in found] == [before] * 3 + [after] * 4
    assert {(slot.tzinfo, slot.second) for slot in found} == {(UTC, 0)}


def calendar_file_times(appointment):
    (event,) = Calendar.from_ical(ics.calendar_file(appointment, "Willow Street")).events
    return event.decoded("dtstart"), event.decoded("dtend")


@pytest.mark.parametrize("step", [15, 45])
def test_every_offered_morning_can_be_booked(change, fills_day, step):
    zone, sunday, *_utc = change
    therapist = open_every_day()
    visit_type = make_visit_type(fills_day=fills_day, step_minutes=step)
    now = datetime.combine(sunday, time(12), ZoneInfo(zone)) - timedelta(days=10)

    booked = [
        book(therapist, slot.starts_at, visit_type=visit_type, request=Request(now=now))
        for slot in offered(visit_type, sunday)
        if wall(slot.starts_at, zone).endswith("09:00")
    ]

    assert [wall(row.starts_at, zone) for row in booked] == [
        f"{day:%m-%d} 09:00" for day in week_around(sunday)
    ]
    assert {row.ends_at - row.starts_at for row in booked} == {timedelta(minutes=45)}
    assert [calendar_file_times(row) for row in booked] == [
        (row.starts_at, row.ends_at) for row in booked
    ]


def fills(before, after):
    """Whether a visit between so many free minutes costs one, and leaves no gap too short."""
    costs_one = before // 45 + 1 + after // 45 == (before + 45 + after) // 45
    return costs_one and all(gap == 0 or gap >= 45 for gap in (before, after))


def test_hours_that_hold_the_change_itself_offer_whole_visits_only(change, fills_day):
    zone, sunday, *_utc = change
    open_every_day("0:00-6:00")
    visit_type = make_visit_type(fills_day=fills_day)
    midnight, six = (datetime.combine(sunday, time(hour), ZoneInfo(zone)) for hour in (0, 6))
    minutes = (six.astimezone(UTC) - midnight.astimezone(UTC)) // timedelta(minutes=1)

    found = free(visit_type, Window(sunday, sunday), midnight)

    assert minutes != 360
    assert [slot.starts_at for slot in found] == [
        midnight.astimezone(UTC) + timedelta(minutes=start)
        for start in range(0, minutes - 45 + 1, 15)
        if not fills_day or fills(start, minutes - 45 - start)
    ]
    assert all(slot.ends_at <= six for slot in found)


def test_the_minimum_notice_counts_real_hours_over_the_change(change, fills_day):
    """A day's notice from noon the day before ends an hour (or half of one) off noon."""
    zone, sunday, *_utc = change
    open_every_day("9:00-17:00")
    visit_type = make_visit_type(fills_day=fills_day, notice_minutes=24 * 60)
    now = datetime.combine(sunday - timedelta(days=1), time(12), ZoneInfo(zone)).astimezone(UTC)

    found = free(visit_type, online_window(visit_type, now), now)

    first = found[0].starts_at
    assert first == now + timedelta(hours=24)
    assert timezone.localdate(first) == sunday
    assert wall(first, zone) != f"{sunday:%m-%d} 12:00"


def test_hours_may_change_on_the_day_of_the_change(change, fills_day):
    zone, sunday, *_utc = change
    therapist = open_every_day("9:00-9:45")
    therapist.working_hours.update(valid_until=sunday - timedelta(days=1))
    add_hours(therapist, sunday.weekday(), "10:00-10:45", valid_from=sunday)

    found = [
        wall(slot.starts_at, zone) for slot in offered(make_visit_type(fills_day=fills_day), sunday)
    ]

    before = week_around(sunday)[:3]
    assert found == [*(f"{day:%m-%d} 09:00" for day in before), f"{sunday:%m-%d} 10:00"]


def test_the_last_time_of_the_day_ends_as_the_clinic_closes(change, fills_day):
    zone, sunday, *_utc = change
    open_every_day("9:00-16:50")

    slots = offered(make_visit_type(fills_day=fills_day), sunday)

    last = {slot.ends_at.astimezone(ZoneInfo(zone)).date(): slot for slot in slots}
    assert [wall(slot.starts_at, zone)[6:] for slot in last.values()] == ["16:00"] * 7


def test_the_horizon_counts_the_clinics_days(change, fills_day):
    zone, sunday, *_utc = change
    open_every_day("9:00-9:45")
    visit_type = make_visit_type(fills_day=fills_day, horizon_days=1)
    now = datetime.combine(sunday - timedelta(days=1), time(23, 30), ZoneInfo(zone))

    found = free(visit_type, online_window(visit_type, now), now)

    assert [timezone.localdate(slot.starts_at) for slot in found] == [sunday]
