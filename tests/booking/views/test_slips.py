"""A likely slip in an address is asked about once; both answers are one tap away."""

import re
import uuid
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from booking.forms import slips
from booking.models import Appointment, Enquiry, WaitlistEntry
from tests.booking.views import details_form as details
from tests.booking.views import question_form as question
from tests.booking.views.earlier_form import CHOICES, CONTACT
from tests.builders import NOW, make_visit_type
from tests.worker import send_due

SLIP, MEANT = "rosa@gmial.com", "rosa@gmail.com"
ASKED = f"Did you mean {MEANT}?"


@pytest.fixture(autouse=True)
def nobody_waits(settings):
    settings.MINIMUM_FILL_SECONDS = 0


@pytest.mark.parametrize(
    ("domain", "likely"),
    [
        *[(slip, "gmail.com") for slip in ("gmial.com", "gmail.con", "gmai.com", "gmail.co")],
        *[(slip, "hotmail.com") for slip in ("hotmial.com", "hotmail.cmo", "hotmai.com")],
        *[("yaho.com", "yahoo.com"), ("outlok.com", "outlook.com"), ("gmial.con", "gmail.com")],
        *[("clinic.con", "clinic.com"), ("example.ogr", "example.org")],
        *[("example.co", ""), ("yahoo.ca", ""), ("hotmail.de", ""), ("localhost", "")],
        *[(real, "") for real in sorted(slips.OTHERS) + slips.PROVIDERS],
        *[("aol.com", ""), ("aon.com", ""), ("xn--mller-kva.example", "")],
    ],
)
def test_what_was_probably_meant(domain, likely):
    assert slips.meant(f"rosa@{domain}") == (f"rosa@{likely}" if likely else "")


WISH = CHOICES | CONTACT | {"visit": "initial-consultation", "key": str(uuid.uuid4())}
PAGES = {
    "details": (details.address(), details.sent, Appointment),
    "question": (question.PATH, question.sent, Enquiry),
    "wish": (reverse("booking:earlier_without_visit"), lambda **given: WISH | given, WaitlistEntry),
}


def kept(page) -> dict[str, str]:
    """The answers of the page, and what it will remember of them."""
    names = "use_address|keep_address|right_address|key|email"
    found = re.findall(rf'name="({names})"(?: form="\w+")? value="([^"]*)"', page.content.decode())
    return {name: unescape(value) for name, value in found}


@pytest.fixture(params=PAGES)
def asked(request, client, ana):
    """A form that was sent with a slip, what it sent, and which rows it makes."""
    make_visit_type()
    path, form, model = PAGES[request.param]
    sent = form(email=SLIP)
    page = client.post(path, sent)
    assert (page.status_code, model.objects.count()) == (200, 0)
    return path, sent, model, page


def test_the_page_asks_and_keeps_the_typing(asked):
    _path, sent, _model, page = asked
    assert ASKED in page.content.decode()
    expected = {"use_address": MEANT, "keep_address": SLIP, "email": SLIP}
    assert kept(page).items() >= expected.items()
    assert kept(page).get("key") == sent.get("key", kept(page).get("key"))
    assert f'value="{sent["name"]}"' in page.content.decode()


@pytest.mark.parametrize("answer", ["use_address", "keep_address"])
def test_either_answer_is_one_tap_and_twice_is_once(client, asked, answer):
    path, sent, model, page = asked
    sent |= {answer: kept(page)[answer]}
    assert [client.post(path, sent).status_code for _again in range(2)] == [303, 303]
    expected = MEANT if answer == "use_address" else SLIP
    rows = model.objects.filter(state="open") if model is WaitlistEntry else model.objects
    assert list(rows.values_list("email", flat=True)) == [expected]


@pytest.mark.parametrize("answer", ["use_address", "keep_address"])
def test_an_error_beside_it_never_asks_again(client, asked, answer):
    path, sent, model, page = asked
    wrong = client.post(path, sent | {answer: kept(page)[answer], "name": "."})
    again = {name: value for name, value in kept(wrong).items() if value}
    assert ASKED not in wrong.content.decode()

    done = client.post(path, sent | {"email": again["email"]} | again)
    assert done.status_code == 303
    expected = MEANT if answer == "use_address" else SLIP
    assert model.objects.get().email == expected


def test_an_answer_about_one_address_is_none_about_another(client, asked):
    path, sent, model, page = asked
    for answer in ("use_address", "keep_address"):
        other = client.post(path, sent | {"email": "ana@hotmial.com", answer: kept(page)[answer]})
        assert "Did you mean ana@hotmail.com?" in other.content.decode()
    assert model.objects.count() == 0


@pytest.mark.django_db
def test_who_lost_the_link_is_asked_too(client):
    path = reverse("booking:lost")
    page = client.post(path, {"email": SLIP})
    assert (page.status_code, ASKED in page.content.decode()) == (200, True)
    assert client.post(path, {"email": SLIP, "use_address": MEANT}).status_code == 303
    assert client.post(path, {"email": SLIP, "keep_address": SLIP}).status_code == 303


def test_the_confirmation_goes_to_the_address_that_was_meant(client, ana):
    client.post(details.address(), details.sent(email=SLIP, use_address=MEANT))
    send_due(NOW)
    assert MEANT in [to for message in mail.outbox for to in message.to]
    assert SLIP not in [to for message in mail.outbox for to in message.to]
