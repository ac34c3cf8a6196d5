"""Made-up wishes for a sooner time: what they take from the public, and from who waits.

`pytest -s tests/abuse/test_waitlist_flood.py` prints the figures.
"""

import sys
from datetime import timedelta

import pytest
from django.test import Client

from booking.earlier import offers
from booking.models import OutgoingEmail, TimeOffer, WaitlistEntry
from tests.builders import MONDAY, NOW, make_therapist, make_visit_type, wait_without_visit
from tests.patients import opened

LIST = "/book/earlier/"
WISHES = 14
TYPED = {"weekdays": list("01234"), "parts": ["morning", "afternoon"], "red_flags": "no"}


@pytest.fixture(autouse=True)
def clinic(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    make_visit_type()
    for slug in ("ana-ruiz", "ben-cole"):
        make_therapist(slug, hours="9:00-17:00")


def ask(number, sender, email=""):
    """A stranger's wish, from one network; gives the status of the answer."""
    browser = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=sender)
    contact = {
        "name": f"Made Up {number}",
        "phone": f"(212) 555-01{number:02}",
        "email": email or f"made-up-{number}@example.net",
    }
    return browser.post(LIST, TYPED | contact).status_code


def on_monday(rows):
    start = timedelta(days=1)
    return rows.filter(starts_at__date__gte=MONDAY, starts_at__date__lt=MONDAY + start).count()


def test_made_up_addresses_hold_no_time():
    statuses = [ask(number, f"198.51.100.{number % 4}") for number in range(WISHES)]
    offers.look(NOW)

    held = TimeOffer.objects.count()
    sys.stderr.write(f"\n{len(statuses)} made-up wishes hold {held} times\n")
    assert held == 0


def test_addresses_of_their_own_hold_a_tenth_of_a_day_and_rosa_comes_next():
    for number in range(WISHES):
        ask(number, f"198.51.100.{number % 4}")
    for wish in WaitlistEntry.objects.all():  # who made them reads their mail
        browser = Client(headers={"host": "127.0.0.1"})
        browser.post(opened(browser, wish), {"answer": "confirm"})
    rosa = wait_without_visit()
    offers.look(NOW)

    held = TimeOffer.objects.open(NOW)
    sys.stderr.write(f"\n{WISHES} wishes hold {on_monday(held)} of Monday's 60 times\n")
    assert on_monday(held) <= 2
    assert rosa.pk in held.values_list("entry", flat=True)


def test_rosas_wish_and_offer_outlast_whatever_is_typed_in_her_name():
    rosa = wait_without_visit()
    offers.look(NOW)
    statuses = [ask(number, f"198.51.100.{number}", "rosa@example.org") for number in range(20)]
    offers.look(NOW)

    rosa.refresh_from_db()
    mails = OutgoingEmail.objects.filter(wish__email="rosa@example.org").exclude(wish=rosa).count()
    sys.stderr.write(f"\n20 wishes in her name: {mails} e-mails, hers {rosa.state}\n")
    assert (rosa.state, TimeOffer.objects.get(entry=rosa).state) == ("open", "open")
    assert mails <= 5
    assert 429 in statuses
