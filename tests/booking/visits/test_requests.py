"""A form that is sent again is known, across upgrades of the site too."""

import uuid
from dataclasses import asdict, dataclass, replace

import pytest

from booking.models import Appointment
from booking.visits.refusals import KeyReused
from booking.visits.requests import Patient, Request, digest
from tests.builders import NOW, PATIENT, at, book, make_therapist, make_visit_type

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LaterPatient(Patient):
    """As a later release may have it: with one field more."""

    pronouns: str = ""


def test_a_new_field_changes_no_fingerprint_of_a_form_without_it():
    time = make_visit_type(), make_therapist(), at("9:30")
    later = LaterPatient(**asdict(PATIENT))

    assert digest(*time, later) == digest(*time, PATIENT)
    assert digest(*time, replace(later, pronouns="she")) != digest(*time, PATIENT)
    assert len(digest(*time, PATIENT)) == Appointment._meta.get_field("request_digest").max_length


def test_everything_that_was_chosen_and_typed_is_in_the_fingerprint():
    ana, ben = make_therapist(), make_therapist("ben-cole")
    asked = {
        "visit_type": make_visit_type(),
        "therapist": ana,
        "starts_at": at("9:30"),
        "patient": PATIENT,
        "location": None,
        "note": "",
    }
    others = {
        "visit_type": make_visit_type("other"),
        "therapist": ben,
        "starts_at": at("10:30"),
        "location": ana.working_hours.first().location,
        "note": PATIENT.name,
    }
    people = [replace(PATIENT, **{name: "x"}) for name in asdict(PATIENT)]
    found = [digest(**asked | {name: value}) for name, value in others.items()]
    found += [digest(**asked | {"patient": patient}) for patient in people]

    assert len({digest(**asked), *found}) == 1 + len(found)


@pytest.mark.parametrize(("kept", "is_known"), [("0" * 64, True), (f"2:{'0' * 62}", False)])
def test_a_form_that_another_version_took_is_known_by_its_key(kept, is_known):
    therapist, request = make_therapist(), Request(key=uuid.uuid4(), now=NOW)
    first = book(therapist, at("9:30"), request=request)
    Appointment.objects.update(request_digest=kept)

    if is_known:
        assert book(therapist, at("9:30"), request=request) == first
    else:
        with pytest.raises(KeyReused):
            book(therapist, at("9:30"), request=request)
