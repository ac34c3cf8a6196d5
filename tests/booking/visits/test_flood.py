"""A flood of bots against a running site: they get no more than the cap, a human is undisturbed."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.calendars import free_times
from booking.forms import bots
from booking.models import Appointment
from tests.builders import make_therapist, make_visit_type
from tests.patients import Patient

FLOOD, CAP, OPEN, SECONDS = 500, 20, 3, 600
GUARDED = {
    "TRUSTED_PROXIES": "127.0.0.1",
    "BOOKING_LIMIT": str(CAP),
    "OPEN_BOOKINGS_LIMIT": str(OPEN),
    "ONLINE_BOOKINGS_AN_HOUR": "1000",  # its own test: tests/abuse/test_booking_flood.py
    "MINIMUM_FILL_SECONDS": str(SECONDS),
}


@pytest.fixture
def paths(transactional_db):
    """Addresses of free times that do not overlap, more than bots may have."""
    visit_type, now = make_visit_type(), timezone.now()
    therapists = [make_therapist(name) for name in ("ana-ruiz", "ben-cole", "cem-kaya")]
    found = []
    for therapist in therapists:
        window = free_times.online_window(visit_type, now + timedelta(days=7))
        end = now
        calendars = free_times.online_calendars(window, now, therapist=therapist)
        for slot in calendars.slots(visit_type):
            if slot.starts_at >= end:
                found.append((therapist.slug, slot.starts_at.astimezone(UTC)))
                end = slot.ends_at
            if len(found) % 50 == 0 and found:
                break
    return [reverse("booking:book_slot", args=target) for target in found]


def wait(patient):
    """As though the form had been opened so long ago: the site's own stamp says since when."""
    patient.form["shown"] = bots.stamp(timezone.now() - timedelta(seconds=SECONDS))


def typed(number, **changes):
    return {
        "name": f"Bot {number}",
        "phone": f"(212) 555-{number:04}",
        "email": f"bot-{number}@example.org",
        "red_flags": "no",
    } | changes


def send(bot, number, path, **changes):
    """One post of a form that was opened once, as another patient."""
    form = bot.form | typed(number, **changes) | {"key": str(uuid.uuid4())}
    return bot.ask("POST", path, urlencode(form)).status


def test_a_flood_takes_the_cap_and_a_human_books_undisturbed(serve, paths):
    site = serve(environment=GUARDED)
    human_path, *others = paths
    bots = [Patient(site.url, {}, address="198.51.100.7") for _number in range(8)]
    human = Patient(site.url, typed(9999, name="Rosa Marquez"), address="203.0.113.9")
    for bot in bots:
        bot.open(others[0])
    assert {send(bot, number, others[number]) for number, bot in enumerate(bots)} == {200}
    assert Appointment.objects.count() == 0  # too fast: asked again
    human.open(human_path)
    for patient in [*bots, human]:
        wait(patient)

    with ThreadPoolExecutor(len(bots)) as pool:
        flood = pool.map(send, cycle(bots), range(FLOOD), islice(cycle(others), FLOOD))
        answers = Counter(islice(flood, FLOOD // 10))
        assert human.send(human_path).status == 303
        answers.update(flood)

    assert (answers[303], set(answers) - {303, 409, 429}) == (CAP, set())
    names = Appointment.objects.values_list("name", flat=True)
    assert sorted(name.split()[0] for name in names) == ["Bot"] * CAP + ["Rosa"]

    # From an address of its own each, but all the same person: the open visits are limited.
    free = others[-12:]
    rotating = [
        Patient(site.url, {}, dict(bots[0].cookies), bots[0].form, address=f"192.0.2.{number}")
        for number in range(len(free))
    ]
    same = {"name": "Same Bot", "phone": "(917) 555-0100", "email": "same@example.org"}
    with ThreadPoolExecutor(6) as pool:
        statuses = pool.map(lambda bot, path: send(bot, 0, path, **same), rotating, free)
    assert Counter(statuses) == {303: OPEN, 429: len(free) - OPEN}
