"""A flood of names or passwords, from wherever, keeps nobody out of a browser that signed in
before, nor out of a network.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client

from clinic_site.staff import hashing, known_browsers

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LOGIN = "/admin/login/"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def staff():
    for name in ("rosa", "ben"):
        User.objects.create_user(name, f"{name}@clinic.example", PASSWORD, is_staff=True)


def browser(address="2001:db8:1:ffff::1"):
    return Client(REMOTE_ADDR=address, headers={"host": "127.0.0.1"})


def sign_in(client, name="rosa", password=PASSWORD):
    """The status: 302 signed in, 200 asked again, 429 locked, 503 no place to hash."""
    return client.post(LOGIN, {"username": name, "password": password}).status_code


def known():
    client = browser()
    assert sign_in(client) == 302
    return client


def flood(tries):
    return [sign_in(browser(f"2001:db8:1:{n:x}::1"), f"n{n}", "no") for n in range(tries)]


def test_many_networks_of_one_48_are_locked_together(settings):
    settings.TRIES_BY_WIDE_NETWORK = 4

    assert flood(6) == [200, 200, 200, 200, 429, 429]
    assert sign_in(browser()) == 429
    assert sign_in(browser("2001:db8:2::1")) == 302
    assert sign_in(browser("192.0.2.1"), "ben") == 302


def test_right_passwords_do_not_count_for_a_48(settings):
    settings.TRIES_BY_WIDE_NETWORK = 2

    assert [sign_in(browser()) for _ in range(4)] == [302] * 4


def test_neighbours_in_a_48_do_not_lock_out_a_known_browser(settings):
    settings.TRIES_BY_WIDE_NETWORK = 2
    client = known()

    assert flood(3) == [200, 200, 429]
    assert sign_in(client) == 302


def test_known_browser_has_a_place_to_hash_while_strangers_have_none():
    client = known()
    with hashing.slot():
        assert (sign_in(browser(), "ben"), sign_in(client, "ben")) == (503, 302)


def test_known_browser_counts_for_its_name_and_its_network(settings):
    settings.TRIES_BY_NETWORK = 7
    client = known()

    assert [sign_in(client, "rosa", "no") for _ in range(6)] == [200] * 5 + [429]
    assert [sign_in(client, "ben", "no") for _ in range(3)] == [200] * 2 + [429]


def test_wrong_password_makes_no_browser_known():
    client = browser()

    assert (sign_in(client, "rosa", "no"), known_browsers.NAME in client.cookies) == (200, False)


@pytest.mark.parametrize("value", ["", "yes", "yes:1:x", signing.TimestampSigner().sign("yes")])
def test_cookie_that_the_site_did_not_set_is_worth_nothing(value):
    client = browser()
    client.cookies[known_browsers.NAME] = value
    with hashing.slot():
        assert sign_in(client) == 503


@pytest.mark.parametrize(("days", "status"), [(179, 302), (181, 503)])
def test_browser_is_known_for_half_a_year(days, status):
    with time_machine.travel(NOW, tick=False) as clock:
        held = known().cookies[known_browsers.NAME].value
        clock.shift(timedelta(days=days))
        client = browser()
        client.cookies[known_browsers.NAME] = held
        with hashing.slot():
            assert sign_in(client) == status


def test_cookie_names_nobody():
    ben, rosa = (User.objects.get(username=name) for name in ("ben", "rosa"))
    client = known()
    sign_in(client, "ben")
    number, *marks = client.cookies[known_browsers.NAME].value.partition(":")[0].split(".")

    assert [len(part) for part in (number, *marks)] == [16, 16, 16]
    assert {str(ben.pk), str(rosa.pk), "ben", "rosa"} & {number, *marks} == set()


def strangers(name="rosa", tries=6, first=0):
    """Wrong passwords for a name, each from another network."""
    return [sign_in(browser(f"198.51.100.{first + n}"), name, "no") for n in range(tries)]


def test_strangers_lock_a_name_out_where_it_was_never_used_and_nowhere_else():
    known_one, elsewhere = known(), browser("203.0.113.50")

    assert strangers() == [200] * 5 + [429]
    assert sign_in(elsewhere) == 429
    assert sign_in(known_one) == 302
    assert sign_in(browser()) == 302  # the network that rosa signed in from, another browser


def test_a_browser_is_known_for_those_alone_who_signed_in_there():
    client = known()
    client.defaults["REMOTE_ADDR"] = "203.0.113.50"
    strangers("ben")

    assert [sign_in(client, "ben"), sign_in(client)] == [429, 302]


def test_in_a_known_browser_and_a_known_network_five_are_wrong_too():
    client = known()

    assert [sign_in(client, "rosa", "no") for _ in range(6)] == [200] * 5 + [429]
    assert [sign_in(browser(), "rosa", "no") for _ in range(6)] == [200] * 5 + [429]
    assert strangers() == [200] * 5 + [429]


def test_a_network_is_known_for_half_a_year():
    with time_machine.travel(NOW, tick=False) as clock:
        known()
        answers = []
        for days in (179, 2):
            clock.shift(timedelta(days=days))
            strangers()
            answers.append(sign_in(browser(), "rosa", "no"))

    assert answers == [200, 429]


def test_a_cookie_of_the_release_before_knows_nobody_and_is_made_anew():
    client = browser("203.0.113.50")
    client.cookies[known_browsers.NAME] = known_browsers._signer().sign("yes")
    with hashing.slot():
        assert sign_in(client) == 302
    client.defaults["REMOTE_ADDR"] = "203.0.113.51"
    strangers()

    assert sign_in(client) == 302
