"""When pages say that the clinic is closed today: for a closure of all of today's hours, or of what
is left of them.
"""

from datetime import timedelta

import pytest

from booking.calendars import hours
from booking.calendars.closed import ClosedToday, closed_today
from booking.models import Closure, TimeOff
from tests.builders import MONDAY, add_hours, at, make_location, make_therapist

pytestmark = pytest.mark.django_db
TUESDAY, SUNDAY = MONDAY + timedelta(days=1), MONDAY - timedelta(days=1)
TOMORROW = at("9:00", TUESDAY)


@pytest.fixture(autouse=True)
def ana():
    """Nine to five, with an hour for lunch."""
    return make_therapist()


def close(begins, ends, name="Snow"):
    return Closure.objects.create(name=name, starts_at=begins, ends_at=ends)


def asked(now):
    return closed_today(now, hours.weekly_rules())


@pytest.mark.parametrize("wall", ["0:00", "8:59", "9:00", "12:30", "16:59", "17:00", "23:59"])
def test_a_whole_day_is_said_from_midnight_to_midnight(wall):
    close(at("0:00"), at("0:00", TUESDAY))

    assert asked(at(wall)) == ClosedToday("Snow", True, TOMORROW)


def test_neither_the_day_before_nor_the_day_after(ana):
    close(at("0:00"), at("0:00", TUESDAY))
    add_hours(ana, 6, "9:00-12:00")

    assert (asked(at("23:59", SUNDAY)), asked(at("0:00", TUESDAY))) == (None, None)


def test_it_need_not_take_more_than_the_hours():
    close(at("9:00"), at("17:00"))

    assert asked(at("8:00")) == ClosedToday("Snow", True, TOMORROW)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("10:00", None),
        ("11:59", None),
        ("12:00", ClosedToday("Snow", False, TOMORROW)),  # lunch, and no hours after it
        ("13:00", ClosedToday("Snow", False, TOMORROW)),
        ("16:59", ClosedToday("Snow", False, TOMORROW)),
        ("17:00", None),  # closed as on any evening
    ],
)
def test_an_afternoon_is_said_once_nothing_is_left_of_the_day(wall, expected):
    close(at("13:00"), at("0:00", TUESDAY))

    assert asked(at(wall)) == expected


@pytest.mark.parametrize("wall", ["8:00", "11:00", "13:00"])
def test_a_morning_is_not_said_as_the_clinic_opens_yet(wall):
    close(at("0:00"), at("12:30"))

    assert asked(at(wall)) is None


def test_two_closures_that_take_the_day_together_are_both_named():
    close(at("0:00"), at("12:00"), "Snow")
    close(at("12:00"), at("18:00"), "Power cut")
    close(at("20:00"), at("21:00"), "Nobody's business")

    assert asked(at("8:00")) == ClosedToday("Snow and Power cut", True, TOMORROW)


def test_a_long_closure_says_when_it_ends_or_nothing_where_that_is_far_away():
    row = close(at("0:00"), at("0:00", MONDAY + timedelta(days=9)))
    assert asked(at("8:00")) == ClosedToday("Snow", True, at("9:00", MONDAY + timedelta(days=9)))

    Closure.objects.filter(pk=row.pk).update(ends_at=at("0:00", MONDAY + timedelta(days=30)))
    assert asked(at("8:00")) == ClosedToday("Snow", True, None)


def test_on_a_day_without_hours_nothing_is_said():
    close(at("0:00", SUNDAY), at("0:00"))

    assert asked(at("9:00", SUNDAY)) is None


def test_a_closure_closes_every_place_and_one_place_without_therapists_closes_none(ana):
    ben = make_therapist("ben-cole", hours="")
    add_hours(ben, 0, "8:00-18:00", location=make_location("oak-avenue", name="Oak Avenue"))
    away = TimeOff.objects.create(therapist=ana, starts_at=at("0:00"), ends_at=at("0:00", TUESDAY))
    assert asked(at("9:00")) is None

    away.delete()
    row = close(at("9:00"), at("17:00"))
    assert asked(at("8:30")) is None  # Oak Avenue is open until nine, and after five
    Closure.objects.filter(pk=row.pk).update(starts_at=at("8:00"), ends_at=at("18:00"))
    assert asked(at("8:30")) == ClosedToday("Snow", True, TOMORROW)


def test_while_the_clocks_change():
    """On Sunday, November 1, 2026 clocks go back; the Monday after has its own hours."""
    monday = MONDAY - timedelta(days=28)
    close(at("0:00", monday), at("0:00", monday + timedelta(days=1)))

    found = asked(at("9:00", monday))
    assert found == ClosedToday("Snow", True, at("9:00", monday + timedelta(days=1)))


@pytest.mark.parametrize("day", [MONDAY, SUNDAY])
def test_it_is_asked_once_whatever_the_weekday(django_assert_num_queries, day):
    rules = hours.weekly_rules()

    with django_assert_num_queries(1):
        assert closed_today(at("10:00", day), rules) is None
