"""Links into calendars on the web: when and where, and nothing that tells who comes, or why."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from booking.messages import web_calendars
from booking.models import Clinic
from booking.visits import tokens
from tests.builders import PATIENT, at, book, make_location, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    """One whose every name tells something."""
    Clinic.objects.update(name="Pelvic Pain Clinic")
    make_location(name="Pelvic Pain Clinic, Springfield")
    return book(
        make_therapist(name="Ana Ruiz"),
        at("9:30"),
        visit_type=make_visit_type(name="Pelvic floor consultation"),
        patient=replace(PATIENT, reason="pelvis"),
    )


def test_google_is_told_when_and_where(visit):
    address = urlsplit(web_calendars.google(visit))

    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "calendar.google.com",
        "/calendar/render",
    )
    assert dict(parse_qsl(address.query, strict_parsing=True)) == {
        "action": "TEMPLATE",
        "text": "Appointment",
        "dates": "20261130T143000Z/20261130T151500Z",
        "location": "12 Willow Street, Springfield, NY 10001",
    }


def test_outlook_is_told_when_and_where(visit):
    address = urlsplit(web_calendars.outlook(visit))

    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "outlook.live.com",
        "/calendar/0/deeplink/compose",
    )
    assert dict(parse_qsl(address.query, strict_parsing=True)) == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Appointment",
        "startdt": "2026-11-30T14:30:00Z",
        "enddt": "2026-11-30T15:15:00Z",
        "location": "12 Willow Street, Springfield, NY 10001",
    }
    assert "+" not in address.query  # Outlook would show it as a plus sign


@pytest.mark.parametrize("of", [web_calendars.google, web_calendars.outlook])
def test_no_name_no_reason_and_no_key_is_told(visit, of):
    never = ["Rosa", "Marquez", "rosa", "0199", "Ana", "Ruiz", "elvi", "Pain", "onsultation"]
    never += [visit.reference, tokens.make(visit), visit.uuid.hex, str(visit.uuid), "127.0.0.1"]

    assert [word for word in never if word in of(visit)] == []


@pytest.mark.parametrize("of", [web_calendars.google, web_calendars.outlook])
def test_what_an_address_holds_adds_no_other_word_to_the_link(of):
    make_location(street="12 A & B Street #3?x=1")
    query = urlsplit(of(book(make_therapist(), at("9:30")))).query

    assert dict(parse_qsl(query, strict_parsing=True))["location"] == (
        "12 A & B Street #3?x=1, Springfield, NY 10001"
    )
