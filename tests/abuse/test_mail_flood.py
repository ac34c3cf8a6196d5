"""A stranger makes the clinic write to somebody: how many e-mails a day of it brings.

`pytest -s tests/abuse/test_mail_flood.py` prints the figures. Each form is sent from a network of
its own, under another name and telephone number, to her address with and without a plus part. With
no limit but those for each form, one hour of this brought 128 mails.
"""

import re
import sys
import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, OutgoingEmail, Therapist
from booking.views.cookie import remember_typed
from booking.visits import tokens
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type
from tests.worker import send_due

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY, ROUNDS = timedelta(minutes=30), 52
MADE_UP = 24  # visits that she never asked for
ROSA = replace(PATIENT, email="rosa@gmail.com")
numbers = count(1)


@pytest.fixture
def rosas(db, settings):
    """Rosa's own visit, booked a week before the flood."""
    settings.OPEN_BOOKINGS_LIMIT = 1000
    make_visit_type(reminder_hours="72, 24")
    for name in ("ana-ruiz", "ben-cole", "cem-kaya"):
        make_therapist(name)
    with time_machine.travel(NOW - 7 * DAY, tick=False):
        therapist = make_therapist("dora-lind")
        return book(therapist, at("9:00", MONDAY + 14 * DAY), patient=ROSA)


class Stranger:
    """Sends forms, and keeps the browsers that booked: each may go on with its made-up visit."""

    def __init__(self):
        self.browsers = []
        self.answers = Counter()

    def browser(self):
        number = next(numbers)
        return Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=f"2001:db8:{number:x}::1"), number

    def typed(self, number):
        email = f"rosa+{number}@gmail.com" if number % 2 else "Rosa@Gmail.com"
        name, phone = f"Somebody {number_in_letters(number)}", f"(212) 555-{number % 10000:04}"
        return {"name": name, "phone": phone, "email": email, "red_flags": "no"}

    def send(self, browser, what, path, fields):
        answer = browser.post(path, fields)
        self.answers[what, answer.status_code] += 1
        return answer

    def book(self):
        browser, number = self.browser()
        *_others, path = re.findall(r'href="(/book/[\w-]+/\w+/)[^"]*"', page(browser, "/book/"))
        fields = self.typed(number) | {"key": str(uuid.uuid4()), "payment": "self-pay"}
        if self.send(browser, "booking", path, fields).status_code == 303:
            self.browsers.append(browser)

    def ask_for_link(self):
        browser, number = self.browser()
        self.send(browser, "link", "/appointment/lost/", {"email": self.typed(number)["email"]})

    def wish(self):
        browser, number = self.browser()
        fields = self.typed(number) | {"key": str(uuid.uuid4()), "visit": "initial-consultation"}
        fields |= {"weekdays": list("01234"), "parts": ["morning", "afternoon"]}
        self.send(browser, "wish", "/book/earlier/", fields)

    def move(self, browser):
        later = timezone.localdate() + timedelta(days=10)
        shown = page(browser, f"/appointment/move/?from={later}")
        found = re.findall(r"[?&](?:amp;)?to=([\w-]+/\w+)", shown)
        to = found[-1 - next(numbers) % 3]  # late ones: a visit that is near cannot be changed
        self.send(browser, "move", "/appointment/move/", {"to": to})

    def cancel(self, browser):
        self.send(browser, "cancel", "/appointment/cancel/", {})


def number_in_letters(number):
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def page(browser, path):
    return browser.get(path).content.decode()


def one_round(stranger, now):
    """Two tries at each form, and moves of the newest made-up visits; the oldest is cancelled."""
    for _try in range(2):
        stranger.book()
        stranger.ask_for_link()
        stranger.wish()
    for browser in stranger.browsers[-2:] * 2:
        stranger.move(browser)
    if len(stranger.browsers) > 2:
        stranger.cancel(stranger.browsers.pop(0))
    return [now] * mails_to_her(now)


def mails_to_her(now):
    """How many leave for her by now."""
    mail.outbox.clear()
    send_due(now)
    return sum("gmail.com" in message.to[0].lower() for message in mail.outbox)


def most_within(moments, span):
    """The most mails in any such span of time, wherever it begins."""
    return max(sum(begin <= moment < begin + span for moment in moments) for begin in moments)


def test_a_flood_brings_five_mails_an_hour_and_twenty_a_day(rosas):
    stranger, moments = Stranger(), []
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(ROUNDS):
            clock.move_to(NOW + number * EVERY)
            moments += one_round(stranger, NOW + number * EVERY)
        hers = Client(headers={"host": "127.0.0.1"})
        assert hers.get(f"/m/{tokens.make(rosas)}/").status_code == 303
        done = hers.post("/appointment/cancel/", {})
        now = NOW + ROUNDS * EVERY

    an_hour, a_day = most_within(moments, HOUR), most_within(moments, DAY)
    answers = sorted(stranger.answers.items())
    sys.stdout.write(f"\n{stranger.answers.total()} forms in {ROUNDS * EVERY}: {answers}\n")
    sys.stdout.write(f"{len(moments)} mails; at most {an_hour} an hour, {a_day} a day\n")
    assert (an_hour <= 5, a_day <= 20) == (True, True)
    assert {status for _what, status in stranger.answers} == {303, 429}
    assert (done.status_code, Appointment.objects.get(pk=rosas.pk).status) == (303, "cancelled")
    [owed] = OutgoingEmail.objects.filter(appointment=rosas, kind="cancelled")
    assert owed.state == "owed"
    assert owed.due_at <= now + DAY


def made_up_days_before(count):
    """Browsers that hold a visit each in her mailbox, booked over the days before, a few a day."""
    browsers = []
    for number in range(count):
        browser, email = Client(headers={"host": "127.0.0.1"}), f"rosa+{number}@gmail.com"
        patient = replace(ROSA, name=f"Made Up {number_in_letters(number)}", email=email)
        day = MONDAY + (14 + number + number // 5 * 2) * DAY
        visit = book(Therapist.objects.get(slug="ana-ruiz"), at("9:00", day), patient=patient)
        browser.cookies = remember_typed(HttpResponse(), visit).cookies
        browsers.append(browser)
    send_due(NOW)
    return browsers


def test_changes_of_many_made_up_visits_bring_her_no_more_than_that(rosas):
    """Each is moved as often as a day lets it be, and then cancelled."""
    stranger, moments = Stranger(), []
    browsers = made_up_days_before(MADE_UP)
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(ROUNDS):
            now = NOW + number * EVERY
            clock.move_to(now)
            for browser in browsers[number % 4 :: 4] if number < 16 else []:
                (stranger.move if number < 12 else stranger.cancel)(browser)
            moments += [now] * mails_to_her(now)

    an_hour, a_day = most_within(moments, HOUR), most_within(moments, DAY)
    sys.stdout.write(f"\n{sorted(stranger.answers.items())} of {MADE_UP} made-up visits\n")
    sys.stdout.write(f"{len(moments)} mails; at most {an_hour} an hour, {a_day} a day\n")
    assert (an_hour <= 5, a_day <= 20) == (True, True)
    assert stranger.answers["cancel", 303] == MADE_UP
    assert set(stranger.answers) <= {("cancel", 303), ("move", 303), ("move", 429)}
