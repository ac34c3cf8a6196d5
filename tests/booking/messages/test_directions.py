"""E-mails of a visit lead there, whether or not the place has a map of its own."""

import pytest

from booking.messages import emails, kinds
from booking.models import OutgoingEmail
from booking.visits import changes
from tests.builders import NOW, at, book, make_location, make_therapist
from tests.reading import Words

pytestmark = pytest.mark.django_db
FOUND = "https://www.google.com/maps/dir/?api=1&destination=12+Willow+Street%2C+Springfield%2C"


def parts(kind):
    """The e-mail of a kind as text, and the addresses that its HTML can reach."""
    email = emails.message(kinds.of(OutgoingEmail.objects.get(kind=kind)), NOW)
    return email.body, Words(email.alternatives[0][0]).addresses


@pytest.mark.parametrize(
    ("map_url", "leads_to"),
    [("https://maps.example/willow", "https://maps.example/willow"), ("", f"{FOUND}+NY+10001")],
)
@pytest.mark.parametrize("kind", ["confirmation", "moved"])
def test_the_way_there_is_a_link(kind, map_url, leads_to):
    make_location(map_url=map_url)
    visit = book(make_therapist(), at("9:30"))
    if kind == "moved":
        to = {"therapist": visit.therapist, "starts_at": at("14:00")}
        changes.move_by_patient(appointment=visit, now=NOW, **to)
    text, addresses = parts(kind)

    assert f"\nDirections: {leads_to}\n" in text
    assert leads_to in addresses


def test_nobody_is_led_to_a_cancelled_visit():
    visit = book(make_therapist(), at("9:30"))
    changes.cancel_by_patient(appointment=visit, now=NOW)
    text, addresses = parts("cancelled")

    assert ("Directions" in text, [found for found in addresses if "maps" in found]) == (False, [])
