"""A visit that moves to the time its patient was offered."""

import pytest

from booking.calendars import free_times
from booking.models import Appointment
from booking.visits import changes
from booking.visits.refusals import NotAllowed
from tests.builders import NOW, at, book, make_therapist

pytestmark = pytest.mark.django_db


def test_a_visit_moves_to_the_offered_time_once():
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    slot = free_times.slot_at(visit.visit_type, ana, at("14:00"), NOW, moving=visit)

    for _answer in range(2):
        visit = changes.move_to_offered(appointment=visit, slot=slot, now=NOW)

    found = Appointment.objects.values_list("starts_at", "ends_at", "sequence")
    assert list(found) == [(at("14:00"), at("14:45"), 1)]


def test_a_visit_that_is_not_booked_any_more_stays_where_it_was():
    ana = make_therapist()
    visit = changes.cancel_by_desk(appointment=book(ana, at("9:30")), now=NOW)
    slot = free_times.slot_at(visit.visit_type, ana, at("14:00"), NOW)

    with pytest.raises(NotAllowed):
        changes.move_to_offered(appointment=visit, slot=slot, now=NOW)
    assert Appointment.objects.get().starts_at == at("9:30")
