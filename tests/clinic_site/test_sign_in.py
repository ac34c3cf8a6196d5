"""Staff sign-in: five wrong passwords lock a name everywhere, fifty the network."""

from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from booking.models import HourlyCount
from clinic_site.staff import hashing
from tests.threads import together

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


def test_five_wrong_passwords_lock_even_the_right_one_out():
    assert lock("rosa") == [200, 200, 200, 200, 200]
    assert sign_in("rosa") == 429


def test_name_is_locked_from_every_network():
    tries = [sign_in("rosa", "wrong", address=f"198.51.100.{n}") for n in range(6)]

    assert tries == [200, 200, 200, 200, 200, 429]


@pytest.mark.parametrize(
    "addresses",
    [["203.0.113.9"] * 2, ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2"]],
    ids=["IPv4 address", "IPv6 /64"],
)
def test_network_is_locked_for_every_name(settings, addresses):
    settings.TRIES_BY_NETWORK = 3
    tries = [sign_in(f"name{n}", "wrong", addresses[n % 2]) for n in range(4)]

    assert [*tries, sign_in("ben", address=addresses[1])] == [200, 200, 200, 429, 429]
    assert sign_in("ben", address="2001:db8:0:2::1") == 302


def test_names_that_nobody_has_are_locked_alike():
    assert [*lock("nobody"), sign_in("nobody")] == [200, 200, 200, 200, 200, 429]


def test_right_passwords_lock_nobody(settings):
    settings.TRIES_BY_NETWORK = 3
    names = ["rosa", "ben"] * 4

    assert [sign_in(name) for name in names] == [302] * 8


def test_right_password_begins_the_count_anew():
    tries = [sign_in("rosa", word) for word in ["wrong"] * 4 + [PASSWORD] + ["wrong"] * 5]

    assert [*tries, sign_in("rosa")] == [200] * 4 + [302] + [200] * 5 + [429]


def test_new_password_ends_the_lock_of_a_name():
    lock("rosa")
    rosa = User.objects.get(username="rosa")
    rosa.set_password("another long password")
    rosa.save()

    assert sign_in("rosa", "another long password") == 302


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_count_as_forty(settings):
    settings.HASHES_AT_ONCE = 5
    answers = together(*(partial(sign_in, "rosa", f"guess {n}") for n in range(40)))

    assert sorted(answers) == [200] * 5 + [429] * 35


def test_no_free_place_to_hash_keeps_the_name_and_asks_again(client):
    with hashing.slot():
        response = client.post(LOGIN, {"username": "rosa", "password": PASSWORD})

    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert ("Type the password and try again in a moment." in page, PASSWORD in page) == (
        True,
        False,
    )
    assert 'name="username" value="rosa"' in page


def test_password_that_was_not_looked_at_does_not_count():
    with hashing.slot():
        busy = [sign_in("rosa", "wrong") for _ in range(6)]

    assert [*busy, *lock("rosa"), sign_in("rosa")] == [503] * 6 + [200] * 5 + [429]


def test_what_is_typed_as_a_name_is_kept_nowhere():
    typed = "my secret pass phrase"
    sign_in(typed, "rosa")

    stored = [row for model in apps.get_models() for row in model._base_manager.values()]
    assert [row for row in stored if typed in str(row)] == []
    assert HourlyCount.objects.count() == 2


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "/admin/"),
        ({"next": "https://elsewhere.example/"}, "/admin/"),
        ({"next": "/admin/desk/"}, "/admin/desk/"),
    ],
)
def test_sign_in_leads_to_a_page_of_the_staffs(asked, shown):
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"host": "127.0.0.1"})
    response = client.post(LOGIN, {"username": "rosa", "password": PASSWORD} | asked)

    assert (response.status_code, response.headers["Location"]) == (302, then(shown))


def then(shown):
    """Where a right password leads: to the second step, and by that to a page."""
    return f"{reverse('second_factor')}?{urlencode({'next': shown})}"


def test_in_the_demo_the_password_alone_leads_there(client, settings):
    settings.DEMO = True
    response = client.post(LOGIN, {"username": "rosa", "password": PASSWORD})

    assert response.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        ("Front desk", "/admin/desk/"),
        ("Therapist", "/admin/desk/"),
        ("Editor", "/admin/"),
        ("Manager", "/admin/"),
    ],
)
def test_who_works_with_visits_begins_with_the_day(group, shown):
    User.objects.get(username="rosa").groups.add(Group.objects.get(name=group))
    response = Client().post(LOGIN, {"username": "rosa", "password": PASSWORD})

    assert response.headers["Location"] == then(shown)


def test_lock_holds_up_nobody_else():
    lock("rosa")

    assert sign_in("ben") == 302


def test_lock_ends_after_an_hour():
    with time_machine.travel(datetime(2026, 11, 30, 9, 0, tzinfo=UTC), tick=False) as clock:
        lock("rosa")
        clock.shift(59 * 60)
        early = sign_in("rosa")
        clock.shift(2 * 60)

        assert [early, sign_in("rosa")] == [429, 302]


def test_spoofed_address_does_not_get_round_the_lock(settings):
    settings.TRIES_BY_NETWORK = 5
    lock("rosa")
    client = Client(
        REMOTE_ADDR="203.0.113.9", headers={"host": "127.0.0.1", "x-forwarded-for": "1.2.3.4"}
    )

    assert client.post(LOGIN, {"username": "ben", "password": PASSWORD}).status_code == 429


def test_locked_page_says_how_long_and_offers_a_new_password(client):
    lock("rosa")
    response = client.post(
        LOGIN, {"username": "rosa", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )

    page = response.content.decode()
    assert response["Retry-After"] == "3600"
    assert "locked for up to an hour" in page
    assert f'href="{reverse("admin_password_reset")}"' in page


def test_sign_in_page_offers_a_new_password(client):
    assert f'href="{reverse("admin_password_reset")}"' in client.get(LOGIN).content.decode()
