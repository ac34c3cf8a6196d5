"""How many are asked in all, and how long the link of a wish lives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.earlier import offers
from booking.models import TimeOffer
from booking.visits import tokens
from tests.builders import NOW, PATIENT, make_therapist, wait_without_visit

pytestmark = pytest.mark.django_db


def test_at_two_looks_ten_are_asked_in_all():
    make_therapist(hours="9:00-17:00")
    for number in range(14):
        contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
        wait_without_visit(replace(PATIENT, name=f"Patient {number}", **contact))

    assert [offers.look(NOW), offers.look(NOW + timedelta(minutes=1))] == [10, 0]
    assert TimeOffer.objects.open(NOW).count() == 10


def test_the_link_of_a_wish_lives_its_day_of_grace_to_the_minute():
    wish = wait_without_visit()
    token, over = tokens.current(wish), wish.ends_at + timedelta(days=1)

    found = [tokens.find_wish(token, over - timedelta(minutes=count)) for count in (1, 0)]

    assert found == [wish, None]
