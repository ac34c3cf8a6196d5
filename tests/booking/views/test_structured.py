"""The clinic in structured data, on the pages that show it."""

import json
import re
from html import unescape

import pytest
import time_machine

from booking.models import Location
from booking.models.clinic import of_settings
from booking.views import structured
from tests.builders import NOW, add_hours, make_location, make_therapist

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
BASE = "http://127.0.0.1:8000"
CLINIC = {
    "@context": "https://schema.org",
    "@type": "MedicalClinic",
    "@id": f"{BASE}/#clinic",
    "url": f"{BASE}/",
    "name": "Willow Street Physical Therapy",
    "medicalSpecialty": "Physiotherapy",
    "telephone": "(212) 555-0143",
}
ADDRESS = {
    "@type": "PostalAddress",
    "name": "Willow Street",
    "streetAddress": "12 Willow Street",
    "addressLocality": "Springfield",
    "addressRegion": "NY",
    "postalCode": "10001",
}


def told(client, path):
    """The structured data of a page, and its visible text."""
    html = client.get(path).content.decode()
    [block] = BLOCK.findall(html)
    words = unescape(re.sub(r"<[^>]+>", " ", html[html.index("<body") :]))
    return json.loads(block), " ".join(words.split())


def opening(day, opens, closes):
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": day,
        "opens": opens,
        "closes": closes,
    }


def test_contact_tells_telephone_address_and_hours(client):
    therapist = make_therapist(hours="9:00-12:00 13:00-17:00")
    add_hours(therapist, 5, "10:30-14:00")

    with time_machine.travel(NOW, tick=False):
        data, visible = told(client, "/contact/")

    weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert data == CLINIC | {
        "address": [ADDRESS],
        "openingHoursSpecification": [
            *[
                opening(day, *hours)
                for day in weekdays
                for hours in [("09:00", "12:00"), ("13:00", "17:00")]
            ],
            opening("Saturday", "10:30", "14:00"),
        ],
    }
    assert "Monday to Friday 9 a.m. – noon, 1 p.m. – 5 p.m." in visible
    assert "Saturday 10:30 a.m. – 2 p.m." in visible
    assert [text for text in [*ADDRESS.values()][1:] if text not in visible] == []


def test_home_tells_telephone_and_address_but_no_hours_that_it_does_not_show(client):
    make_therapist()

    data, visible = told(client, "/")

    assert data == CLINIC | {"address": [ADDRESS]}
    shown = [CLINIC["name"], CLINIC["telephone"], *[*ADDRESS.values()][1:]]
    assert [text for text in shown if text not in visible] == []


def test_clinic_without_a_location_or_a_telephone_tells_neither(client, settings):
    settings.CLINIC_PHONE = ""

    data, _ = told(client, "/")

    assert data == {name: value for name, value in CLINIC.items() if name != "telephone"}


def test_two_locations_have_two_addresses():
    make_location()
    make_location("annex", name="Annex", street="1 Hill", region="", postal_code="")

    assert structured.clinic(of_settings(), Location.objects.all())["address"] == [
        {
            "@type": "PostalAddress",
            "name": "Annex",
            "streetAddress": "1 Hill",
            "addressLocality": "Springfield",
        },
        ADDRESS,
    ]
