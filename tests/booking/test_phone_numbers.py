"""Telephone numbers: what may ring is taken, what cannot is asked for again."""

import re

import pytest

from booking.contacts import phone_link, to_e164
from booking.forms.contact import ContactFields


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("(212) 555-0199", "+12125550199"),
        ("212.555.0143 ext. 5", "+12125550143"),
        ("(212) 555-0143", "+12125550143"),
        ("\u202a+1 212 555 0199\u202c", "+12125550199"),  # as address books copy it
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_that_may_ring_is_taken(typed, found):
    assert to_e164(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        *["0000000000", "111-111-1111", "(999) 999-9999", "+49 11111111", "12", "911", "none"],
        *["555-0199", "5550188", "+1 555-0199", "555-010-1234"],  # without or with no area code
        *["020 7946 0958", "+44 20 7946"],  # another country's, without its code; half of one
    ],
)
def test_a_number_that_cannot_ring_is_refused(typed):
    with pytest.raises(ValueError, match=re.escape(typed)):
        to_e164(typed)


def test_a_number_without_its_area_code_is_asked_for_in_words():
    form = ContactFields({"name": "Rosa", "email": "rosa@example.org", "phone": "555-0199"})
    words = "Enter a telephone number with its area code, like (212) 555-0143"
    assert form.errors == {"phone": [words]}


def test_a_number_is_read_as_in_the_clinics_country(settings):
    settings.CLINIC_COUNTRY = "GB"
    assert to_e164("020 7946 0958") == "+442079460958"
    with pytest.raises(ValueError, match="212"):
        to_e164("(212) 555-0199")


def test_the_clinics_own_number_may_be_any():
    assert phone_link("(555) 010-1234") == "tel:5550101234"
    assert phone_link("(212) 555-0143") == "tel:+12125550143"
