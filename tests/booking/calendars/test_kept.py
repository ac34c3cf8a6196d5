"""What the desk knew as it booked or kept a visit is settled as it was then, and no further."""

from datetime import time, timedelta

import pytest

from booking.calendars.doubts import untrue
from booking.models import Appointment, Closure, Therapist, TimeOff, WorkingHours
from booking.visits import keeping
from tests.builders import (
    MONDAY,
    NEW_YORK,
    NOW,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
)

pytestmark = pytest.mark.django_db

WEEK_LATER = at("17:00", MONDAY + timedelta(days=7))
AWAY, CLOSED = "Ana Ruiz is away then.", "The clinic is closed then: Snow."
OUTSIDE, LEFT = "Outside Ana Ruiz's working hours.", "Ana Ruiz no longer works here."
AT_OAK = "Ana Ruiz works at Oak Avenue then."


@pytest.fixture
def ana():
    return make_therapist()


def said():
    """Of the visits, in words."""
    found = untrue(Appointment.objects.all(), NOW).values()
    return [doubt.words for doubts in found for doubt in doubts]


def keep(visit):
    found = untrue(Appointment.objects.all(), NOW)
    codes = [doubt.code for doubt in found[visit]]
    keeping.keep(appointment=visit, codes=codes, now=NOW)
    assert said() == []


def move_to_oak():
    WorkingHours.objects.update(location=make_location("oak-avenue", name="Oak Avenue"))


def test_time_off_that_grows_over_the_visit_is_new(ana):
    off = ana.time_off.create(starts_at=at("9:00"), ends_at=at("9:35"))
    book_by_desk(ana, at("9:30"))
    assert said() == []

    TimeOff.objects.filter(pk=off.pk).update(ends_at=WEEK_LATER)
    assert said() == [AWAY]


def test_time_off_that_grows_beside_the_visit_is_known(ana):
    off = ana.time_off.create(starts_at=at("9:00"), ends_at=at("11:00"))
    book_by_desk(ana, at("9:30"))

    TimeOff.objects.filter(pk=off.pk).update(ends_at=WEEK_LATER)
    assert said() == []


def test_a_closure_that_grows_over_the_visit_is_new(ana):
    closure = Closure.objects.create(name="Snow", starts_at=at("9:00"), ends_at=at("9:35"))
    book_by_desk(ana, at("9:30"))
    assert said() == []

    Closure.objects.filter(pk=closure.pk).update(ends_at=WEEK_LATER)
    assert said() == [CLOSED]


def test_a_time_that_a_form_gave_in_clinic_time_is_known_by_its_instant(ana):
    Closure.objects.create(name="Snow", starts_at=at("9:00"), ends_at=at("11:00"))
    ana.time_off.create(starts_at=at("9:00"), ends_at=at("11:00"))
    book_by_desk(ana, at("9:30").astimezone(NEW_YORK))

    assert said() == []


@pytest.mark.parametrize("start", ["16:30", "17:00", "17:30", "12:00"])
def test_a_visit_past_closing_is_listed_once_all_hours_are_gone(ana, start):
    book_by_desk(ana, at(start))
    assert said() == []

    WorkingHours.objects.filter(weekday=1).delete()
    assert said() == []
    WorkingHours.objects.all().delete()
    assert said() == [OUTSIDE]


def test_a_visit_past_closing_is_listed_once_the_day_ends_earlier(ana):
    book_by_desk(ana, at("16:30"))
    WorkingHours.objects.filter(weekday=0, opens=time(9)).update(closes=time(11))
    assert said() == []

    WorkingHours.objects.filter(weekday=0, opens=time(13)).update(closes=time(16))
    assert said() == [OUTSIDE]


def test_a_visit_past_closing_is_listed_once_the_hours_move_elsewhere(ana):
    book_by_desk(ana, at("16:30"))
    move_to_oak()

    assert said() == [OUTSIDE]


def test_who_left_may_also_work_elsewhere_or_not_at_all(ana):
    visit = book(ana, at("9:30"))
    Therapist.objects.update(active=False)
    assert said() == [LEFT]
    keep(visit)

    move_to_oak()
    assert said() == [AT_OAK]
    keep(visit)
    WorkingHours.objects.all().delete()
    assert said() == [OUTSIDE]


def test_what_came_back_just_as_it_was_is_known(ana):
    visit = book(ana, at("9:30"))
    Therapist.objects.update(active=False)
    keep(visit)

    Therapist.objects.update(active=True)
    Therapist.objects.update(active=False)
    assert said() == []


def test_time_off_entered_anew_is_not_what_was_known(ana):
    spans = {"starts_at": at("9:00"), "ends_at": at("12:00")}
    visit = book(ana, at("9:30"))
    off = ana.time_off.create(**spans)
    keep(visit)

    TimeOff.objects.all().delete()
    ana.time_off.create(pk=off.pk + 1, **spans)
    assert said() == [AWAY]


@pytest.mark.parametrize("kept", ["away", "closed", "hours"])
def test_what_was_kept_before_codes_told_how_much_stays_kept(ana, kept):
    off = ana.time_off.create(starts_at=at("17:00"), ends_at=at("17:10"))
    row = Closure.objects.create(name="Snow", starts_at=at("17:05"), ends_at=at("18:00"))
    codes = {"away": f"away:{off.pk}", "closed": f"closed:{row.pk}", "hours": "hours"}
    words = {"away": AWAY, "closed": CLOSED, "hours": OUTSIDE}
    visit = book_by_desk(ana, at("16:30"))
    Appointment.objects.update(kept_against=[codes[kept]])

    assert sorted(said()) == sorted(words[name] for name in words if name != kept)
    keep(visit)
    visit.refresh_from_db()
    assert [code.count(":") for code in visit.kept_against] == [1, 2, 2]
