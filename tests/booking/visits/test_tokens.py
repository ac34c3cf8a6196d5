"""The secret in a manage link: 256 bits that are kept nowhere."""

import base64
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.apps import apps

from booking.earlier import offers
from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.visits import changes, sending_again, tokens
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.worker import send_due

pytestmark = pytest.mark.django_db


def test_a_token_is_256_bits_and_no_two_are_alike(settings):
    ana = make_therapist()
    first, second = book(ana, at("9:30")), book(ana, at("11:00"))
    found = [tokens.make(first), tokens.make(second), tokens.make(first, b"another key")]
    first.token_version += 1
    found.append(tokens.make(first))

    assert [len(base64.urlsafe_b64decode(f"{token}=")) * 8 for token in found] == [256] * 4
    assert len(set(found)) == 4


UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("row", "token"),
    [
        (Appointment(uuid=UUID, token_version=1), "R0Wgf5qQpyfB5gLqmj_gS0jAWp_L6Zn1tw9OX2es4d8"),
        (TimeOffer(uuid=UUID), "O_wLIeAexJAd8buLQAZqHVO_mZ_3Ipu97txyxyJFaYk"),
        (WaitlistEntry(uuid=UUID), "nvYFFpLlYIH6J8drSVJ4ooXSwy-S5mG4ltsWC8cWSiI"),
    ],
)
def test_a_link_that_was_mailed_by_an_earlier_release_still_opens(row, token):
    assert tokens.make(row, b"a key") == token


@pytest.mark.parametrize("is_fallback", [False, True])
def test_a_link_made_before_links_had_a_key_of_their_own_is_sent_again(settings, is_fallback):
    """By the very key that its hash was made with, and not anew: it is in somebody's mail."""
    row = book(make_therapist(), at("9:30"))
    before = tokens.make(row, settings.SECRET_KEY.encode())
    row.token_hash = tokens.hashed(before)
    if is_fallback:
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert (tokens.current(row), tokens.make(row) == before) == (before, False)


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


def in_its_last_minute_and_after(find, row):
    """What the row's link opens a minute before a day after it, and then."""
    over = row.ends_at + timedelta(days=1)
    return [find(tokens.make(row), over - timedelta(minutes=count)) for count in (1, 0)]


def test_the_link_of_a_visit_lives_until_a_day_after_it_to_the_minute():
    visit = book(make_therapist(), at("9:30"))

    assert in_its_last_minute_and_after(tokens.find, visit) == [visit, None]


def test_the_link_of_an_offer_lives_until_a_day_after_it_to_the_minute():
    make_therapist()
    wait_without_visit()
    offers.look(NOW)
    offer = TimeOffer.objects.get()

    assert in_its_last_minute_and_after(tokens.find_offer, offer) == [offer, None]
    assert tokens.find_offer("unknown", NOW) is None


def test_the_link_of_an_offer_ends_with_those_of_its_visit():
    visit = book(make_therapist(), at("9:30", MONDAY + timedelta(days=3)))
    wait(visit)
    offers.look(NOW)
    offer = TimeOffer.objects.get()
    token = tokens.make(offer)

    assert tokens.find_offer(token, NOW) == offer
    Appointment.objects.update(token_version=visit.token_version + 1)
    assert tokens.find_offer(token, NOW) is None
