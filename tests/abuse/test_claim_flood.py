"""Somebody reads all the mail of a domain, waits under made-up names and takes whatever is offered:
how many visits come of it in half an hour.

`pytest -s tests/abuse/test_claim_flood.py` prints the figures. With no limit but that of each
mailbox it brought as many visits as times were offered.
"""

import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest
import time_machine
from django.test import Client

from booking.earlier import networks, offers, waitlist
from booking.models import Appointment, HourlyCount, OutgoingEmail, TimeOffer
from booking.visits import limits
from booking.visits.requests import Request
from tests.abuse.networks import SENDERS
from tests.builders import ANY_DAY, NOW, PATIENT, make_therapist, make_visit_type
from tests.patients import opened

FROM_ALL, WISHES, ROUNDS = 40, 120, 30
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def waiting(db, settings):
    """Wishes of made-up names, asked for and confirmed day after day, from many networks."""
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    visit_type = make_visit_type()
    for number in range(8):
        make_therapist(f"therapist-{number}", hours="9:00-17:00")
    for number, sender in zip(range(WISHES), cycle(SENDERS), strict=False):
        contact = {"email": f"{number}@catch-all.example", "phone_e164": f"+1212555{number:04}"}
        wish = waitlist.join_without_visit(
            visit_type=visit_type,
            patient=replace(PATIENT, name=f"Made Up {number}", **contact),
            wish=ANY_DAY,
            request=Request(now=NOW),
            networks=networks.of(sender),
        )
        waitlist.confirm(wish=wish, now=NOW)


def flood(senders=SENDERS):
    """Each minute all that is offered is taken, from the networks in turn; statuses by network."""
    answers, networks_in_turn = Counter(), cycle(senders)
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(ROUNDS):
            now = NOW + number * MINUTE
            clock.move_to(now)
            offers.look(now)
            for offer in TimeOffer.objects.open(now):
                sender = next(networks_in_turn)
                browser = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=sender)
                yes = {"answer": "yes", "red_flags": "no"}
                answers[sender, browser.post(opened(browser, offer), yes).status_code] += 1
    return answers


def told(what, answers):
    statuses = Counter()
    for (_sender, status), count in answers.items():
        statuses[status] += count
    booked = {sender: count for (sender, status), count in answers.items() if status == 303}
    most = max(booked.values(), default=0)
    sys.stdout.write(
        f"\n{what}: {dict(statuses)}; {len(booked)} networks booked, at most {most} each\n"
    )
    return statuses


def test_offers_to_made_up_names_book_what_an_hour_takes():
    statuses = told(f"{WISHES} made-up names", flood())

    assert (statuses[303], set(statuses)) == (FROM_ALL, {303, 429})
    assert Appointment.objects.count() == FROM_ALL
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == FROM_ALL
    assert OutgoingEmail.objects.filter(kind="desk-full").count() == 1


def test_one_48_takes_its_share_and_leaves_the_rest():
    senders = [f"2001:db8:1:{number}::1" for number in range(60)]
    statuses = told("claims from one /48", flood(senders))

    assert (statuses[303], set(statuses)) == (FROM_ALL * 3 // 4, {303, 429})
    assert OutgoingEmail.objects.filter(kind="desk-full").count() == 0


def test_without_the_limit_over_all_every_offer_is_taken(settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 100_000
    statuses = told("without the limit over all", flood())

    assert statuses == {303: WISHES}
