"""What who pays themselves is told: the price, and the right to an estimate."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core import mail

from booking.models import Estimate, VisitType
from booking.visits import estimates, tokens
from tests.builders import NOW, PATIENT, at, book
from tests.reading import tight
from tests.worker import send_due

SLOT = "/book/ana-ruiz/20261202T1430Z/"
RIGHT = "You have a right to a good-faith estimate."
PRICE = "The price of this visit is $165.00."


@pytest.fixture
def priced(ana):
    VisitType.objects.update(price="165.00")
    return ana


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (None, ""),
        (
            "40.00",
            " Until then it is free of charge. After that, or if you do not come, you pay $40.00.",
        ),
    ],
)
def test_the_form_says_what_it_costs_to_cancel_late_or_not_to_come(client, ana, fee, said):
    VisitType.objects.update(no_show_fee=fee)
    html = tight(client.get(SLOT).content.decode())

    assert re.search(r"until 24 hours before your visit\.(.*?)</p>", html)[1] == said


def test_the_form_says_what_holds_for_a_visit_that_is_near(client, ana):
    VisitType.objects.update(no_show_fee="40.00")
    with time_machine.travel(at("9:31", date(2026, 12, 1))):
        html = tight(client.get(SLOT).content.decode())

    assert (
        "<p>Your visit is less than 24 hours away."
        ' To change it,<a href="tel:+12125550143">call (212) 555-0143</a>.'
        " If you change it, or do not come, you pay $40.00.</p>"
    ) in html
    assert "cancel online" not in html


def test_the_form_says_the_price_and_the_right_beside_the_choice(client, priced):
    html = tight(client.get(SLOT).content.decode())
    field = re.search(r'<fieldset id="id_payment".*?</fieldset>', html, re.S)[0]
    choices = re.findall(r"<input[^>]*>", field)
    notice = re.search(r'<p class="hint" id="id_payment_notice">(.*?)</p>', field, re.S)[1]

    assert [re.findall(r'(?:value|aria-describedby)="([^"]+)"', row) for row in choices] == [
        ["insurance"],
        ["self-pay", "id_payment_notice"],
    ]
    assert notice.startswith(f"If you pay yourself: {PRICE} {RIGHT}")
    assert "checked" not in field


def test_without_a_price_the_right_alone_is_said(client, ana):
    html = client.get(SLOT).content.decode()

    assert (RIGHT in html, "price of this visit" in html) == (True, False)


@pytest.mark.parametrize(("payment", "told"), [("self-pay", True), ("insurance", False)])
def test_proof_and_email_say_price_and_day(client, priced, payment, told):
    patient = replace(PATIENT, payment=payment)
    appointment = book(priced, at("9:30", date(2026, 12, 2)), patient=patient)
    client.cookies["appointment"] = tokens.make(appointment)
    send_due(NOW)
    (message,) = mail.outbox
    day = "You get it from us by Monday, November 30."

    page = client.get("/appointment/").content.decode()
    for text in (page, message.body, message.alternatives[0].content):
        assert [words in " ".join(text.split()) for words in (PRICE, RIGHT, day)] == [told] * 3


def test_once_it_was_given_no_day_is_said(client, priced, django_user_model):
    appointment = book(priced, at("9:30"), patient=replace(PATIENT, payment="self-pay"))
    client.cookies["appointment"] = tokens.make(appointment)
    user = django_user_model.objects.create_user("desk")
    estimates.say_given(appointment=appointment, given=True, by=user, now=NOW)

    html = client.get("/appointment/").content.decode()
    assert (RIGHT in html, "You get it from us by" in html) == (True, False)
    assert Estimate.objects.owed().count() == 0
