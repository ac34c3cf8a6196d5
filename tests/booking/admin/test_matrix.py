"""Role × address × verb: every address of staff, as the resolver has it, by one table.

An address without a row there fails, and so does one that answers somebody otherwise.
"""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, include, path, reverse

from clinic_site.staff import second_factor
from tests.booking.admin.addresses import addresses, filled
from tests.booking.admin.blank_templates import say_nothing
from tests.booking.admin.matrix import ROLES, TABLE
from tests.builders import at, book_series, make_therapist, slot
from tests.every_row import make_every_row

# Who may do what does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

NOBODY, NO_ROLE, SUPERUSER = ROLES[0], ROLES[1], ROLES[-1]
LETTERS = {200: "y", 302: "d", 403: "n", 404: "-", 405: "x", 409: "s"}


def letter(response):
    """How somebody was answered, as the table says it."""
    url = getattr(response, "url", "")
    if url.startswith("/admin/login/"):
        return "l"
    return "-" if url == reverse("admin:index") else LETTERS[response.status_code]


def answer(client, verb, address):
    """What somebody gets there; nothing of it stays."""
    kept = client.cookies.copy()
    with transaction.atomic():
        response = getattr(client, verb)(address)
        transaction.set_rollback(True)
    client.cookies = kept  # whoever signed out is in again, as their session is
    return letter(response)


@pytest.fixture
def clients(client, sign_in, settings):
    """Somebody of each role, over a row of every model; the therapist sees a colleague's rows."""
    settings.DEMO = True
    say_nothing(settings)
    found = {SUPERUSER: sign_in(superuser=True), NO_ROLE: sign_in(), NOBODY: client}
    make_every_row(User.objects.order_by("pk").first())
    book_series(slot(make_therapist("cy-dee"), at("14:00")))
    for group in ROLES[2:-1]:
        own = make_therapist("ben-cole") if group == "Therapist" else None
        found[group] = sign_in(group, therapist=own)
    return [plain(found[role]) for role in ROLES]


def plain(client):
    """One that sends nothing but what it is told, with the same cookies."""
    found = Client(headers={"host": "127.0.0.1"})
    found.cookies = client.cookies
    return found


def answers(clients, name, words):
    """The row of the table: a letter for each role, to reading and to writing."""
    address = filled(name, words)
    return " ".join(
        "".join(answer(client, verb, address) for client in clients) for verb in ("get", "post")
    )


def test_who_may_do_what_at_every_address_of_staff(clients):
    listed = dict(addresses(get_resolver().url_patterns))

    assert {name: answers(clients, name, words) for name, words in listed.items()} == TABLE


# These ask whoever has given a password for the second factor.
NEXT_STEP = {"admin:login", "second_factor", "second_factor_set_up"}


def test_a_password_alone_gets_what_a_stranger_gets_at_every_address(sign_in):
    half, stranger = plain(sign_in(superuser=True)), Client(headers={"host": "127.0.0.1"})
    session = half.session
    del session[second_factor.MARK]
    session.save()
    listed = dict(addresses(get_resolver().url_patterns))
    found = {
        f"{name} {verb}": [answer(client, verb, filled(name, words)) for client in (half, stranger)]
        for name, words in listed.items()
        for verb in ("get", "post")
    }

    other = {name.split()[0] for name, (one, two) in found.items() if one != two}
    assert other == NEXT_STEP


def test_a_new_address_has_no_row():
    """The walk itself: it finds an address that somebody adds, wherever that is included."""
    new = path("reports/", lambda request: None, name="reports")
    patterns = [*get_resolver().url_patterns, path("admin/desk/", include(([new], "desk")))]

    assert set(dict(addresses(patterns))) - set(TABLE) == {"desk:reports"}
