"""What patients' pages count a form by: the /48 around an address too, and everybody together.

Past any of these the page says to call.
"""

from dataclasses import replace

import pytest
from django.test import Client

from booking.earlier import offers
from booking.models import Appointment, TimeOffer
from booking.views.cookie import remember_typed
from tests.booking.views.earlier_form import CHOICES, CONTACT
from tests.booking.views.question_form import sent
from tests.builders import NOW, PATIENT, at, book, make_therapist, wait_without_visit
from tests.patients import opened
from tests.reading import tight

CALL = "(212) 555-0143"
THERAPISTS = [f"therapist-{number}" for number in range(5)]


@pytest.fixture(autouse=True)
def clinic(ana, settings):
    for slug in THERAPISTS:
        make_therapist(slug)
    settings.MINIMUM_FILL_SECONDS, settings.BOOKING_LIMIT, settings.QUESTION_LIMIT = 0, 1, 1


def browser(number, wide):
    """One in a /64 of its own, of that /48."""
    address = f"2001:db8:{wide}:{number}::1"
    return Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=address)


def contact(number):
    phone, email = f"(212) 555-01{number:02}", f"{number}@example.org"
    return {"name": f"Patient {number}", "phone": phone, "email": email}


def ask(number, wide):
    return browser(number, wide).post("/contact/question/", sent(**contact(number)))


def wish(number, wide):
    return browser(number, wide).post("/book/earlier/", CHOICES | CONTACT | contact(number))


def ask_for_link(number, wide):
    email = contact(number)["email"]
    return browser(number, wide).post("/appointment/lost/", {"email": email})


def correct(number, wide):
    """Who booked puts the address right."""
    client, therapist = browser(number, wide), make_therapist(f"of-{wide}-{number}")
    visit = book(therapist, at("9:30"), patient=replace(PATIENT, name=f"Patient {number}"))
    client.cookies = remember_typed(client.get("/"), visit).cookies
    return client.post("/appointment/email/", {"email": f"right-{number}@example.org"})


def claim(number, wide):
    """Somebody takes the time that they were offered."""
    email, phone = f"{number}@example.org", f"+1212555{number:04}"
    known = replace(PATIENT, name=f"Patient {number}", email=email, phone_e164=phone)
    wanted = wait_without_visit(known)
    offers.look(NOW)
    client = browser(number, wide)
    link = opened(client, TimeOffer.objects.get(entry=wanted))
    return client.post(link, {"answer": "yes", "red_flags": "no"})


FORMS = [ask, wish, ask_for_link, correct, claim]


@pytest.mark.parametrize("form", FORMS)
def test_from_one_48_each_form_is_taken_four_times_as_often_as_from_one_64(form):
    statuses = [form(number, wide=1).status_code for number in range(5)]
    elsewhere = form(6, wide=2)

    assert (statuses, elsewhere.status_code) == ([303] * 4 + [429], 303)


@pytest.mark.parametrize("form", [ask, wish, claim])
def test_what_everybody_together_sends_ends_and_the_page_says_to_call(form, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = settings.ONLINE_QUESTIONS_AN_HOUR = 2
    answers = [form(number, wide=number) for number in range(1, 4)]
    page = tight(answers[-1].content.decode())

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert ('role="alert"' in page, CALL in page) == (True, True)
    assert "You have reached" not in page
    assert Appointment.objects.count() == (2 if form is claim else 0)
