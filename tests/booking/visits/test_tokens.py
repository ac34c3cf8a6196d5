"""The secret in a manage link: 256 bits that are kept nowhere."""

import base64

import pytest
from auditlog.models import LogEntry
from django.apps import apps

from booking.models import Appointment
from booking.visits import changes, sending_again, tokens
from tests.builders import NOW, PATIENT, at, book, make_therapist
from tests.worker import send_due

pytestmark = pytest.mark.django_db


def test_a_token_is_256_bits_and_no_two_are_alike(settings):
    ana = make_therapist()
    first, second = book(ana, at("9:30")), book(ana, at("11:00"))
    found = [tokens.make(first), tokens.make(second), tokens.make(first, "another key")]
    first.token_version += 1
    found.append(tokens.make(first))

    assert [len(base64.urlsafe_b64decode(f"{token}=")) * 8 for token in found] == [256] * 4
    assert len(set(found)) == 4


def test_only_the_hash_of_a_token_is_stored():
    appointment = book(make_therapist(), at("9:30"))
    token = tokens.make(appointment)
    sending_again.send(email=PATIENT.email, client="0" * 64, now=NOW)
    send_due(NOW)
    changes.cancel_by_patient(appointment=appointment, now=NOW)

    models = [*apps.get_app_config("booking").get_models(), LogEntry]
    rows = [str(row) for model in models for row in model.objects.values()]
    assert [row for row in rows if token in row] == []
    assert len([row for row in rows if tokens.hashed(token) in row]) == 1
    assert Appointment.objects.get().token_hash == tokens.hashed(token)
