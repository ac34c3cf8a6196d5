"""The next times of all and of each who treats, from one reading of the calendars."""

from datetime import timedelta

import pytest

from booking.calendars import free_times
from booking.calendars.soonest import soonest_of_all
from booking.models import Closure, Therapist
from tests.builders import MONDAY, NOW, add_hours, at, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit_type():
    """Ana from 9 to 9:45 on weekdays, Ben from 10 to 10:45 on each day, Carl never."""
    make_therapist(hours="9:00-9:45")
    ben = make_therapist("ben", hours="")
    for day in range(7):
        add_hours(ben, day, "10:00-10:45")
    return make_visit_type()


@pytest.mark.parametrize("closed_days", range(5, 12))
def test_they_are_those_of_all_and_of_each_apart(
    visit_type, closed_days, django_assert_num_queries
):
    """The first eleven days are read first: to the seventh after MONDAY."""
    opens = at("0:00", MONDAY + timedelta(days=closed_days))
    Closure.objects.create(name="Repairs", starts_at=NOW, ends_at=opens)

    with django_assert_num_queries(3 if closed_days < 6 else 4):
        found = soonest_of_all(visit_type, NOW, 3)

    assert found.slots == free_times.next_slots(visit_type, NOW)
    assert found.by_therapist == {
        row.pk: free_times.next_slots(visit_type, NOW, therapist=row, count=1)[0]
        for row in Therapist.objects.all()
    }


def test_who_has_no_time_is_left_out_and_none_are_asked_for(visit_type):
    make_therapist("carl", hours="")
    found = soonest_of_all(visit_type, NOW)

    assert found.slots == []
    assert {Therapist.objects.get(pk=key).slug for key in found.by_therapist} == {"ana-ruiz", "ben"}
