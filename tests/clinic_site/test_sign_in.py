"""Staff sign-in: locked after five wrong passwords, by name and address together."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def staff():
    for name in ("rosa", "ben"):
        User.objects.create_user(name, f"{name}@clinic.example", PASSWORD, is_staff=True)


def sign_in(name, password=PASSWORD, address="203.0.113.9"):
    """The status: 302 signed in, 200 asked again, 429 locked."""
    client = Client(REMOTE_ADDR=address, headers={"host": "127.0.0.1"})
    return client.post(LOGIN, {"username": name, "password": password}).status_code


def lock(name):
    return [sign_in(name, "wrong") for _ in range(5)]


def test_fifth_wrong_password_locks_even_the_right_one_out():
    assert lock("rosa") == [200, 200, 200, 200, 429]
    assert sign_in("rosa") == 429


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "/admin/"),
        ({"next": "https://elsewhere.example/"}, "/admin/"),
        ({"next": "/admin/booking/appointment/day/"}, "/admin/booking/appointment/day/"),
    ],
)
def test_sign_in_leads_to_a_page_of_the_staffs(asked, shown):
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"host": "127.0.0.1"})
    response = client.post(LOGIN, {"username": "rosa", "password": PASSWORD} | asked)

    assert (response.status_code, response.headers["Location"]) == (302, shown)


def test_lock_holds_up_nobody_else():
    lock("rosa")

    assert [sign_in("ben"), sign_in("rosa", address="203.0.113.10")] == [302, 302]


def test_lock_ends_after_a_quarter_of_an_hour():
    with time_machine.travel(datetime(2026, 11, 30, 9, 0, tzinfo=UTC), tick=False) as clock:
        lock("rosa")
        clock.shift(14 * 60)
        early = sign_in("rosa")
        clock.shift(2 * 60)

        assert [early, sign_in("rosa")] == [429, 302]


def test_spoofed_address_does_not_get_round_the_lock():
    lock("rosa")
    client = Client(
        REMOTE_ADDR="203.0.113.9", headers={"host": "127.0.0.1", "x-forwarded-for": "1.2.3.4"}
    )

    assert client.post(LOGIN, {"username": "rosa", "password": PASSWORD}).status_code == 429


def test_locked_page_says_how_long_and_offers_a_new_password(client):
    lock("rosa")
    response = client.post(
        LOGIN, {"username": "rosa", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )

    page = response.content.decode()
    assert response["Retry-After"] == "900"
    assert "locked here for 15 minutes" in page
    assert f'href="{reverse("admin_password_reset")}"' in page


def test_forgotten_password_is_set_anew_by_email(client):
    client.post("/admin/password_reset/", {"email": "rosa@clinic.example"})
    link = next(line for line in mail.outbox[0].body.splitlines() if "/admin/reset/" in line)
    form = client.get(link.removeprefix("http://127.0.0.1"), follow=True)
    new = {"new_password1": "another long password", "new_password2": "another long password"}

    client.post(form.redirect_chain[-1][0], new)

    assert [sign_in("rosa"), sign_in("rosa", "another long password")] == [200, 302]


def test_unknown_address_gets_no_mail_and_the_same_answer(client):
    known = client.post("/admin/password_reset/", {"email": "rosa@clinic.example"})
    unknown = client.post("/admin/password_reset/", {"email": "nobody@clinic.example"})

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert [message.to for message in mail.outbox] == [["rosa@clinic.example"]]


def test_sign_in_page_offers_a_new_password(client):
    assert f'href="{reverse("admin_password_reset")}"' in client.get(LOGIN).content.decode()
