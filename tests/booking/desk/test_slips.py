"""A likely slip in an address is asked about on the desk's forms too, once, without a script."""

import re

import pytest
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail
from tests.booking.desk.pages import ADD, typed
from tests.builders import at, book, make_therapist, make_visit_type
from tests.patients import Form

SLIP, MEANT = "x@gmial.com", "x@gmail.com"
ASKED = f"Did you mean {MEANT}?"
ANSWERS = {"use_address": MEANT, "keep_address": SLIP}
PRESSED = {"Save and send again": {"send": "yes"}, "Save only": {}}


@pytest.fixture
def ana():
    make_visit_type()
    return make_therapist()


def sent(page) -> dict[str, str]:
    """What the page remembers, and sends with either answer."""
    return Form(page.content.decode()).values


def emails() -> list[str]:
    return list(Appointment.objects.values_list("email", flat=True))


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_caller_is_booked_once_the_address_is_clear(desk, ana, answer):
    form = typed(email=SLIP)
    page = desk.post(ADD, form)
    assert (page.status_code, ASKED in page.content.decode(), emails()) == (200, True, [])
    assert sent(page)["email"] == SLIP

    given = form | sent(page) | {answer: ANSWERS[answer]}
    assert [desk.post(ADD, given).status_code for _again in range(2)] == [302, 302]
    assert emails() == [ANSWERS[answer]]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_error_beside_it_never_asks_again(desk, ana, answer):
    form = typed(email=SLIP, phone="12")
    wrong = desk.post(ADD, form | {answer: ANSWERS[answer]})
    assert (ASKED in wrong.content.decode(), emails()) == (False, [])
    assert desk.post(ADD, form | sent(wrong) | {"phone": "212 555 0123"}).status_code == 302
    assert emails() == [ANSWERS[answer]]


def test_the_question_and_a_doubt_are_answered_together(desk, ana):
    book(ana, at("16:00"))
    form = typed(email=SLIP, time="18:00")
    page = desk.post(ADD, form)
    assert (ASKED in page.content.decode(), len(page.context["doubts"])) == (True, 1)
    tick = re.search(r'name="confirm"\s+value="([^"]+)"', page.content.decode())[1]
    confirmed = form | {"confirm": tick}
    assert ASKED in desk.post(ADD, confirmed).content.decode()
    assert desk.post(ADD, confirmed | {"use_address": MEANT}).status_code == 302
    assert MEANT in emails()


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("pressed", PRESSED.values(), ids=PRESSED)
def test_contact_details_are_asked_about_and_do_what_was_pressed(desk, ana, answer, pressed):
    visit = book(ana, at("9:30"))
    path = reverse("admin:booking_appointment_contact", args=[visit.pk])
    form = {"name": visit.name, "phone": visit.phone, "email": SLIP}
    page = desk.post(path, form | pressed)
    assert (ASKED in page.content.decode(), emails()) == (True, ["rosa@example.org"])

    given = form | sent(page) | {answer: ANSWERS[answer]}
    assert desk.post(path, given).status_code == 302
    assert emails() == [ANSWERS[answer]]
    again = OutgoingEmail.objects.filter(occasion="again-1").count()
    assert again == (1 if pressed else 0)


def test_an_address_that_was_there_is_not_asked_about(desk, ana):
    visit = book(ana, at("9:30"))
    Appointment.objects.update(email=SLIP, mailbox=SLIP)
    path = reverse("admin:booking_appointment_contact", args=[visit.pk])
    given = sent(desk.get(path)) | {"name": "Rosa M", "payment": ""}
    assert given["email"] == SLIP
    assert desk.post(path, given).status_code == 302
    assert list(Appointment.objects.values_list("name", "email")) == [("Rosa M", SLIP)]
