"""A flood of made-up bookings from many networks: how many get through, and how the rest end.

`pytest -s tests/abuse/test_booking_flood.py` prints the figures.
"""

import sys
import time
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
from booking.models import Appointment, HourlyCount, OutgoingEmail
from booking.visits import limits
from tests.abuse.networks import SENDERS
from tests.builders import make_therapist, make_visit_type
from tests.patients import Patient

TRIES, AT_ONCE, FROM_ONE, FROM_ALL = 515, 8, 20, 40


@pytest.fixture
def paths(transactional_db):
    """Addresses of free times that do not overlap, of eight therapists."""
    visit_type, now = make_visit_type(), timezone.now()
    found = []
    for number in range(8):
        therapist, end = make_therapist(f"therapist-{number}"), now
        window = free_times.online_window(visit_type, now + timedelta(days=14))
        calendars = free_times.online_calendars(window, now, therapist=therapist)
        for slot in calendars.slots(visit_type):
            if slot.starts_at >= end:
                found.append((therapist.slug, slot.starts_at.astimezone(UTC)))
                end = slot.ends_at
    return [reverse("booking:book_slot", args=target) for target in found]


def flood(serve, paths, tries, of_all, senders=SENDERS):
    """So many tries over the networks in turn, each as another patient; statuses by network."""
    guarded = {"BOOKING_LIMIT": str(FROM_ONE), "ONLINE_BOOKINGS_AN_HOUR": str(of_all)}
    guarded |= {"TRUSTED_PROXIES": "127.0.0.1", "MINIMUM_FILL_SECONDS": "0"}
    site = serve(workers=2, environment=guarded | {"FRONT_DESK_EMAIL": "desk@clinic.example"})
    opened = Patient(site.url, {}, address="203.0.113.1")
    assert opened.open(paths[0]).status == 200

    def attempt(number, path):
        typed = {"name": f"Bot {number}", "email": f"bot-{number}@example.org", "red_flags": "no"}
        typed |= {"phone": f"(212) 555-{number:04}", "key": str(uuid.uuid4())}
        sender = senders[number % len(senders)]
        bot = Patient(site.url, {}, dict(opened.cookies), address=sender)
        return sender, bot.ask("POST", path, urlencode(opened.form | typed)).status

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(attempt, range(tries), islice(cycle(paths), tries)))
    return answers, time.monotonic() - began


def booked_by(answers):
    """How many each network booked."""
    return {sender: count for (sender, status), count in answers.items() if status == 303}


def told(what, answers, seconds):
    statuses = Counter()
    for (_sender, status), count in answers.items():
        statuses[status] += count
    by_network = booked_by(answers)
    sys.stdout.write(
        f"\n{what}: {dict(statuses)} in {seconds:.0f} s;"
        f" {len(by_network)} networks booked, at most {max(by_network.values(), default=0)} each\n"
    )
    return statuses


def test_515_tries_from_47_networks_book_what_an_hour_takes(serve, paths):
    answers, seconds = flood(serve, paths, TRIES, FROM_ALL)
    statuses = told(f"{TRIES} tries from {len(SENDERS)} networks", answers, seconds)

    assert len(SENDERS) == 47
    # 409: a time that an earlier try has taken, asked for again.
    assert (statuses[303], set(statuses) - {409}) == (FROM_ALL, {303, 429})
    assert Appointment.objects.count() == FROM_ALL
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == FROM_ALL
    assert OutgoingEmail.objects.filter(kind="desk-full").count() == 1


def test_one_48_books_its_share_and_leaves_the_rest(serve, paths):
    senders = [f"2001:db8:1:{number}::1" for number in range(60)]
    answers, seconds = flood(serve, paths, 120, FROM_ALL, senders)
    statuses = told("120 tries from one /48", answers, seconds)

    assert (statuses[303], set(statuses) - {409}) == (FROM_ALL * 3 // 4, {303, 429})
    assert OutgoingEmail.objects.filter(kind="desk-full").count() == 0


def test_without_the_limit_over_all_the_same_flood_goes_on(serve, paths):
    answers, seconds = flood(serve, paths, 100, 100_000)
    statuses = told("100 tries without the limit over all", answers, seconds)

    assert statuses == {303: 100}
