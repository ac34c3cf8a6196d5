"""A form that is sent again is known, across upgrades of the site too."""

import uuid
from dataclasses import asdict, dataclass, replace

import pytest

from booking.models import Appointment
from booking.visits.refusals import KeyReused
from booking.visits.requests import Patient, Request, digest, fingerprint, was_sent
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


def test_the_order_of_what_was_filled_in_changes_no_fingerprint():
    """A later release may put its fields in another order."""
    one, other = {"name": "Rosa", "phone": "1"}, {"phone": "1", "name": "Rosa"}
    assert fingerprint(one) == fingerprint(other)


def test_who_says_no_more_needs_nothing_and_holds_nothing():
    said_nothing = {
        "phone_e164": "",
        "email": "",
        "reason": "",
        "payment": "",
        "condition_id": None,
        "booked_by": "",
        "interpreter": "",
        "step_free": False,
        "wants_gender": "",
        "no_phone_reason": "",
    }
    assert asdict(Patient("Rosa", "1")) == {"name": "Rosa", "phone": "1", **said_nothing}
    assert Request(now=NOW) == Request(None, client="", wide="", held=None, by_mail=False, now=NOW)


def test_a_form_was_sent_if_a_row_has_its_key():
    key, other = uuid.uuid4(), uuid.uuid4()
    book(make_therapist(), at("9:30"), request=Request(key=key, now=NOW))
    book(make_therapist("ben-cole"), at("9:30"))  # without a key
    found = [was_sent(Appointment.objects.all(), form) for form in (key, other, None)]

    assert found == [True, False, False]
