"""Telephone numbers: what may ring is taken, what cannot is asked for again."""

import re

import pytest

from booking.contacts import to_e164


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("(212) 555-0199", "+12125550199"),
        ("212.555.0143 ext. 5", "+12125550143"),
        ("555-010-1234", "+15550101234"),  # in no number plan: the clinic may know better
        ("\u202a+1 212 555 0199\u202c", "+12125550199"),  # as address books copy it
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_that_may_ring_is_taken(typed, found):
    assert to_e164(typed) == found


@pytest.mark.parametrize(
    "typed", ["0000000000", "111-111-1111", "(999) 999-9999", "+49 11111111", "12", "911", "none"]
)
def test_a_number_that_cannot_ring_is_refused(typed):
    with pytest.raises(ValueError, match=re.escape(typed)):
        to_e164(typed)
