"""A mistyped address is put right once, on the device that booked, and by nobody else."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, HourlyCount
from booking.visits import tokens
from tests.booking.views import details_form as details
from tests.builders import NOW
from tests.worker import send_due

PATH, PROOF = "/appointment/email/", "/appointment/"
OFFER = "Correct my e-mail address"
WRONG, RIGHT = "rosa@example.org", "rosa@example.net"


@pytest.fixture(autouse=True)
def nobody_waits(settings):
    settings.MINIMUM_FILL_SECONDS = 0


@pytest.fixture
def booked(client, ana):
    client.post(details.address(), details.sent(email=WRONG))
    return Appointment.objects.get()


def offers(client) -> bool:
    return OFFER in client.get(PROOF).content.decode()


def mailed() -> list[str]:
    send_due(NOW)
    return [to for message in mail.outbox for to in message.to if "rosa" in to]


def test_the_device_that_booked_corrects_it_once(client, booked):
    assert offers(client)
    assert f'value="{WRONG}"' in client.get(PATH).content.decode()
    assert mailed() == [WRONG]
    done = client.post(PATH, {"email": f" {RIGHT} "})

    assert (done.status_code, done["Location"]) == (303, PROOF)
    row = Appointment.objects.get()
    assert (row.email, row.token_version, row.starts_at) == (RIGHT, 2, booked.starts_at)
    assert RIGHT in client.get(PROOF).content.decode()
    assert not offers(client)
    assert mailed() == [WRONG, RIGHT]
    assert tokens.make(row) in mail.outbox[-1].body
    assert Client().get(f"/m/{tokens.make(booked)}/").status_code == 404

    again = client.post(PATH, {"email": "third@example.org"})
    assert (again.status_code, Appointment.objects.get().email) == (303, RIGHT)


def test_a_confirmation_that_waits_goes_to_the_right_address_alone(client, booked):
    client.post(PATH, {"email": RIGHT})
    assert mailed() == [RIGHT]


def test_the_link_of_a_mail_does_not_offer_it(client, booked):
    other = Client()
    other.get(f"/m/{tokens.make(booked)}/")
    assert not offers(other)
    assert [other.get(PATH).status_code, other.post(PATH, {"email": RIGHT}).status_code] == [
        303
    ] * 2
    assert Appointment.objects.get().email == WRONG


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("rosa@", "like name@example.com"),
        ("", "Enter your e-mail address"),
        ("rosa@gmial.com", "Did you mean rosa@gmail.com?"),
    ],
)
def test_an_error_keeps_the_typing_and_changes_nothing(client, booked, typed, says):
    page = client.post(PATH, {"email": typed}).content.decode()
    assert (says in page, f'value="{typed}"' in page or not typed) == (True, True)
    assert Appointment.objects.get().email == WRONG


def test_it_counts_in_the_limits(client, booked, settings):
    moments = [int(timezone.now().timestamp())] * settings.BOOKING_LIMIT
    HourlyCount.objects.update(moments=moments)
    page = client.post(PATH, {"email": RIGHT})
    assert (page.status_code, f'value="{RIGHT}"' in page.content.decode()) == (429, True)
    assert Appointment.objects.get().email == WRONG


def test_the_same_address_changes_nothing(client, booked):
    assert client.post(PATH, {"email": WRONG}).status_code == 303
    assert Appointment.objects.get().token_version == 1
