"""Where a visit takes place that the desk books without saying where."""

import pytest

from booking.models import Location
from booking.visits.bookings import desk_location
from booking.visits.refusals import SlotUnavailable
from tests.builders import add_hours, at, make_location, make_therapist

pytestmark = pytest.mark.django_db


def place(therapist, start, end):
    return Location.objects.get(pk=desk_location(therapist, at(start), at(end))).slug


@pytest.fixture
def ana():
    """In the morning at Willow Street, in the afternoon at Oak Street, which is the first place."""
    make_location("oak-street")
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-17:00", make_location("oak-street"))
    return ana


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("9:00", "9:45", "willow-street"),
        ("13:00", "13:45", "oak-street"),
        ("18:00", "18:45", "willow-street"),  # outside: where the first of the hours are
    ],
)
def test_the_hours_say_where_else_where_the_therapist_works(ana, start, end, expected):
    assert place(ana, start, end) == expected


def test_of_a_therapist_without_hours_it_is_the_first_place():
    make_location("oak-street")
    make_location()

    assert place(make_therapist("ben-cole", hours=""), "9:00", "9:45") == "oak-street"


def test_a_clinic_without_a_place_has_no_such_visit():
    with pytest.raises(SlotUnavailable):
        desk_location(make_therapist(hours=""), at("9:00"), at("9:45"))
