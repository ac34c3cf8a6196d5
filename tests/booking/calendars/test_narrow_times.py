"""Free times and opening hours at their edges, where one minute or one day decides."""

from collections import defaultdict
from datetime import timedelta

import pytest

from booking.calendars import doubts, free_times, hours
from booking.calendars.availability import Stay, free_starts, refused_starts
from booking.calendars.hours import Opening
from booking.earlier import offers
from booking.earlier.waitlist import Wish
from booking.models import Appointment, Closure, TimeOff, TimeOffer
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    make_therapist,
    make_visit_type,
    visit,
    wait_without_visit,
)

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY - timedelta(days=3)  # the day of NOW
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
AFTERNOON_OF_MONDAY = Wish("0", morning=False, afternoon=True, evening=False)


@pytest.mark.parametrize(("here", "elsewhere"), [(1, 2), (2, 1)])
@pytest.mark.parametrize(("travel", "way"), [(30, 10), (10, 30)])
def test_before_and_after_a_stay_elsewhere_the_longer_of_both_ways_is_free(
    travel, way, here, elsewhere
):
    stay = Stay(1, 600, 660, elsewhere, way, 600)
    refused = refused_starts(here, travel, [stay], minutes=75)

    found = free_starts([(480, 800)], refused, minutes=75, step=5)

    assert found == [480, 485, 490, 495, *range(690, 726, 5)]


@pytest.fixture
def asked():
    """Somebody is asked about Monday at noon; that visit would want 15 minutes around it."""
    make_visit_type(buffer_before=15, buffer_after=15)
    ana = make_therapist(hours="9:00-17:00")
    wait_without_visit(wish=AFTERNOON_OF_MONDAY)
    assert offers.look(NOW) == 1
    assert list(TimeOffer.objects.values_list("starts_at", flat=True)) == [at("12:00")]
    return ana


@pytest.mark.parametrize(
    ("wall", "free"), [("11:00", True), ("11:15", False), ("12:45", False), ("13:00", True)]
)
def test_the_buffers_around_an_offered_time_hold_for_the_public(asked, wall, free):
    follow_up = make_visit_type("follow-up", minutes=45)

    assert (free_times.slot_at(follow_up, asked, at(wall), NOW) is not None) == free


def test_the_visits_of_a_day_are_that_days_without_time_off_and_offers(asked):
    follow_up = make_visit_type("follow-up", minutes=45)
    for wall, day in [("16:00", MONDAY), ("9:00", TUESDAY), ("10:00", TUESDAY)]:
        book(asked, at(wall, day), visit_type=follow_up)
    for day in (MONDAY, WEDNESDAY):
        span = {"starts_at": at("9:00", day), "ends_at": at("10:00", day)}
        TimeOff.objects.create(therapist=asked, **span)

    counts = defaultdict(set)
    for slot in free_times.next_slots(follow_up, NOW, count=60):
        counts[hours.today(slot.starts_at)].add(slot.visits)

    days = [MONDAY, TUESDAY, WEDNESDAY]
    assert [counts[day] for day in days] == [{1}, {2}, {0}]


@pytest.mark.parametrize(
    ("wall", "place", "said"),
    [
        ("9:00", True, []),
        ("11:15", True, []),
        ("11:45", False, ["Outside Ana Ruiz's working hours."]),
    ],
)
def test_a_visit_that_runs_past_closing_is_outside_the_hours(wall, place, said):
    ana = make_therapist(hours="9:00-12:00")
    start, end = at(wall), at(wall) + timedelta(minutes=45)
    visit(ana, start).save()

    assert (hours.location_for(ana, start, end) is not None) == place
    assert doubts.against(ana, start, end, NOW) == said
    found = doubts.untrue(Appointment.objects.all(), NOW).values()
    assert [doubt.words for [doubt] in found] == said


def close(*walls):
    for opens, closes in walls:
        Closure.objects.create(name="Repairs", starts_at=at(opens), ends_at=at(closes))


def test_after_a_closure_until_closing_the_clinic_opens_tomorrow_at_nine():
    make_therapist(hours="9:00-17:00")
    close(("14:00", "17:00"))

    assert hours.opening_at(at("15:00")) == Opening(False, at("9:00", TUESDAY))


def test_two_closures_that_adjoin_close_without_a_gap():
    ana = make_therapist(hours="9:00-17:00")
    close(("9:00", "11:00"), ("11:00", "13:00"))

    for wall in ("8:30", "9:00", "9:30"):
        assert hours.opening_at(at(wall)) == Opening(False, at("13:00"))
    walls = ["9:00", "10:30", "11:00", "12:45", "13:00"]
    found = [free_times.slot_at(make_visit_type(), ana, at(wall), NOW) for wall in walls]
    assert [slot is not None for slot in found] == [False, False, False, False, True]


@pytest.fixture
def night():
    """A therapist who works around the midnight between Monday and Tuesday."""
    ana = make_therapist(hours="")
    add_hours(ana, 0, "21:00-23:59")
    add_hours(ana, 1, "0:00-3:00")
    return ana


@pytest.mark.parametrize(("wall", "free"), [("0:00", False), ("0:15", True)])
def test_the_buffer_after_a_visit_reaches_over_midnight(night, wall, free):
    long = make_visit_type("with-buffer", buffer_after=30)
    visit(night, at("23:00"), visit_type=long).save()

    found = free_times.slot_at(make_visit_type(), night, at(wall, TUESDAY), NOW)

    assert (found is not None) == free


def test_a_visit_at_midnight_is_one_of_the_day_that_begins(night):
    follow_up = make_visit_type("follow-up", minutes=30)
    for wall, day in [("21:00", MONDAY), ("0:00", TUESDAY)]:
        visit(night, at(wall, day), 30, visit_type=follow_up).save()

    found = [
        free_times.slot_at(follow_up, night, start, NOW)
        for start in (at("22:00"), at("1:00", TUESDAY))
    ]

    assert [slot.visits for slot in found] == [1, 1]


@pytest.mark.parametrize(("wall", "free"), [("22:45", True), ("23:00", False)])
def test_the_buffer_before_a_visit_reaches_back_over_midnight(night, wall, free):
    long = make_visit_type("with-buffer", buffer_before=30)
    visit(night, at("0:00", TUESDAY), visit_type=long).save()

    found = free_times.slot_at(make_visit_type(), night, at(wall), NOW)

    assert (found is not None) == free


def test_the_next_times_of_two_therapists_name_each_start_once():
    for name in ("ana-ruiz", "ben-cole"):
        make_therapist(name)

    found = free_times.next_slots(make_visit_type(), NOW, count=3)

    walls = ["14:00", "14:45", "15:30"]  # two hours after NOW, the notice
    assert [slot.starts_at for slot in found] == [at(wall, FRIDAY) for wall in walls]
    assert {slot.therapist.slug for slot in found} == {"ana-ruiz"}
