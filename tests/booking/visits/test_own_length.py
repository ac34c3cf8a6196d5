"""A patient's move keeps the visit's own length, where its type's length has changed."""

import pytest

from booking.models import VisitType
from booking.visits import changes, refusals
from tests.builders import NOW, at, book, make_therapist

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [30, 60])
def test_a_patient_s_move_keeps_the_visit_s_own_length(minutes):
    first = book(make_therapist(), at("9:30"))
    VisitType.objects.update(minutes=minutes)
    first.refresh_from_db()

    moved = changes.move_by_patient(
        appointment=first,
        therapist=first.therapist,
        starts_at=at("16:15"),
        now=NOW,
    )

    assert (moved.starts_at, moved.ends_at) == (at("16:15"), at("17:00"))


@pytest.mark.parametrize("minutes", [30, 60])
def test_a_time_too_short_for_the_visit_s_own_length_is_refused(minutes):
    first = book(make_therapist(), at("9:30"))
    VisitType.objects.update(minutes=minutes)
    first.refresh_from_db()
    move = {"appointment": first, "therapist": first.therapist, "now": NOW}

    with pytest.raises(refusals.SlotUnavailable):
        changes.move_by_patient(starts_at=at("16:30"), **move)
