"""What the database's own refusals become, as a visit is written."""

import pytest
from django.db import IntegrityError, transaction

from booking.transactions import Stale
from booking.visits.bookings import save_appointment
from booking.visits.refusals import SlotUnavailable
from tests.builders import at, make_therapist, visit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wall", "minutes", "reference", "refusal"),
    [
        ("9:30", 45, "BBB-BBB", SlotUnavailable),
        ("10:30", 45, "AAA-AAA", Stale),  # begun again, another is drawn
        ("10:30", -45, "BBB-BBB", IntegrityError),  # a fault of ours
    ],
)
def test_a_refusal_of_the_database_is_told_by_its_constraint(wall, minutes, reference, refusal):
    ana = make_therapist()
    visit(ana, at("9:30"), reference="AAA-AAA").save()
    row = visit(ana, at(wall), minutes, reference=reference)

    with pytest.raises((SlotUnavailable, Stale, IntegrityError)) as caught, transaction.atomic():
        save_appointment(row)

    assert caught.type == refusal
