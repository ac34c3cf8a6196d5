"""A forgotten password: asked for by e-mail, sent by the worker, and set by its link alone."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from booking.models import Clinic, OutgoingEmail
from booking.visits import tallies
from clinic_site.staff import known_browsers
from tests.builders import NOW
from tests.threads import together
from tests.worker import send_due

pytestmark = pytest.mark.django_db

ASK, LOGIN = "/admin/password_reset/", "/admin/login/"
OLD, NEW = "a long enough password", "another long password"
EMAIL = "rosa@clinic.example"
SET_UP = ("/admin/second-factor/set-up/?next=%2Fadmin%2F", 302)  # the password was right


@pytest.fixture(autouse=True)
def rosa(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return User.objects.create_user("rosa", EMAIL, OLD, is_staff=True)


def ask(email=EMAIL, address="203.0.113.9", host="127.0.0.1"):
    return Client(REMOTE_ADDR=address, headers={"host": host}).post(ASK, {"email": email})


def link():
    """The address in the newest e-mail."""
    send_due(timezone.now())
    return re.search(r"http\S+/admin/reset/\S+", mail.outbox[-1].body)[0]


def opened(client, address):
    """The form behind a link: its address, which holds no token."""
    return client.get(address.removeprefix("http://127.0.0.1:8000"), follow=True)


def set_new(client, password=NEW):
    form = opened(client, link()).redirect_chain[-1][0]
    return client.post(form, {"new_password1": password, "new_password2": password}, follow=True)


def sign_in(password, name="rosa"):
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"host": "127.0.0.1"})
    return client.post(LOGIN, {"username": name, "password": password}).status_code


TEXT = """\
The Clinic: set a new password

Somebody asked for a new password for your staff account. Your user name is rosa.

Open this link within 60 minutes to set one:
LINK
The link is yours alone: whoever has it can sign in as you.

It was not you? Then do nothing: your password stays as it is.

The Clinic
(212) 555-0143
"""


def test_mail_is_owed_and_has_the_clinics_name_and_address(settings):
    Clinic.objects.update(name="The Clinic")
    settings.CLINIC_PHONE = "(212) 555-0143"
    ask(host="localhost:666")
    unsent = list(mail.outbox)
    address = link()

    [found] = mail.outbox
    assert (unsent, found.subject, found.to) == ([], "The Clinic: set a new password", [EMAIL])
    assert found.body == TEXT.replace("LINK", address)
    assert address.startswith("http://127.0.0.1:8000/admin/reset/")


def test_new_password_is_set_by_the_link_and_signs_in(client):
    ask()
    page = set_new(client).content.decode()

    assert "The second step comes next." in page
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1] == SET_UP
    assert [sign_in(OLD), sign_in(NEW)] == [200, 302]


def test_new_password_lifts_the_locks_of_name_and_network(client, settings):
    settings.TRIES_BY_NETWORK = 7
    tries = [sign_in("wrong") for _ in range(6)]
    ask()
    set_new(client)

    assert [*tries, sign_in(NEW)] == [200] * 5 + [429, 302]
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1] == SET_UP


def test_in_the_demo_it_signs_in(client, settings):
    settings.DEMO = True
    ask()

    assert "You are signed in with it." in set_new(client).content.decode()
    assert client.get(reverse("admin:index")).status_code == 200


def test_link_works_once_and_a_weak_password_is_refused(client):
    ask()
    weak = set_new(client, "12345678").content.decode()
    address = link()
    set_new(client)

    assert "This password is too short." in weak
    assert "This link was used already" in opened(Client(), address).content.decode()


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"password": "!"}], ids=["barred", "without a password"]
)
def test_nothing_is_sent_to_who_may_not_sign_in_by_then(rosa, change):
    ask()
    User.objects.filter(pk=rosa.pk).update(**change)
    send_due(timezone.now())

    assert (mail.outbox, OutgoingEmail.objects.get().state) == ([], "superseded")


def test_mail_that_waited_over_an_hour_is_not_sent():
    ask()
    send_due(timezone.now() + timedelta(minutes=61))

    assert (mail.outbox, OutgoingEmail.objects.get().state) == ([], "superseded")


def test_unknown_address_gets_no_mail_and_the_same_answer():
    known, unknown = ask(), ask("nobody@clinic.example")

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert [row.user.email for row in OutgoingEmail.objects.all()] == [EMAIL]


def statements(email):
    """What the database is asked while somebody asks for a new password."""
    with CaptureQueriesContext(connection) as asked:
        ask(email)
    return [query["sql"].split()[0] for query in asked]


def test_unknown_address_takes_the_same_work_but_for_one_row():
    known, unknown = statements(EMAIL), statements("nobody@clinic.example")

    assert sorted([*unknown, "INSERT"]) == sorted(known)


@pytest.mark.parametrize("email", [EMAIL, "nobody@clinic.example"])
def test_five_an_hour_for_one_mailbox_from_all_networks(email):
    answers = [ask(email, f"198.51.100.{n}").status_code for n in range(6)]

    assert answers == [302] * 5 + [429]
    assert OutgoingEmail.objects.count() in (0, 5)


@pytest.mark.parametrize("email", [EMAIL, "nobody@clinic.example"])
@pytest.mark.parametrize("users", [1, 2])
def test_what_patients_forms_send_to_the_mailbox_counts_too(email, users):
    """One mailbox gets so much from all forms together, and no answer tells whose it is."""
    for number in range(1, users):
        User.objects.create_user(f"rosa-{number}", EMAIL, OLD, is_staff=True)
    for _mail in range(3):
        tallies.count_mail(email, timezone.now())
    answers = [ask(email, f"198.51.100.{n}").status_code for n in range(3)]

    assert answers == [302, 302, 429]


@pytest.mark.parametrize("email", [EMAIL, "nobody@clinic.example"])
def test_twenty_a_day_for_one_mailbox(email):
    answers = []
    for hour in range(5):
        with time_machine.travel(NOW + hour * timedelta(minutes=61), tick=False):
            answers += [ask(email, f"198.51.100.{hour * 5 + n}").status_code for n in range(5)]

    assert answers == [302] * 20 + [429] * 5


def test_five_an_hour_from_one_network_for_all_mailboxes():
    answers = [ask(f"{n}@clinic.example", f"2001:db8:0:1::{n}").status_code for n in range(6)]

    assert [*answers, ask(address="2001:db8:0:2::1").status_code] == [302] * 5 + [429, 302]


@pytest.mark.django_db(transaction=True)
def test_twelve_who_ask_at_once_get_five_mails():
    calls = [partial(ask, address=f"198.51.100.{n}") for n in range(12)]
    answers = [answer.status_code for answer in together(*calls)]

    assert (sorted(answers), OutgoingEmail.objects.count()) == ([302] * 5 + [429] * 7, 5)


def test_refusal_keeps_the_address_and_says_to_wait():
    page = [ask().content.decode() for _ in range(6)][-1]

    assert (f'value="{EMAIL}"' in page, "try again in an hour" in page) == (True, True)


def test_pages_are_the_sites_own_and_kept_by_nobody(client):
    ask()
    address = link()
    answers = [
        client.get(ASK),
        client.get(reverse("password_reset_done")),
        opened(client, address),
        client.get(reverse("password_reset_complete")),
    ]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 4
    used = [{template.name for template in answer.templates} for answer in answers]
    assert ["base.html" in names for names in used] == [True] * 4


def test_colleagues_do_not_see_it_in_the_outbox(client):
    ask()
    client.force_login(User.objects.create_superuser("boss"))
    page = client.get(reverse("admin:booking_outgoingemail_changelist"))

    assert (page.status_code, EMAIL in page.content.decode()) == (200, False)


def test_user_who_once_asked_may_be_deleted(client, rosa):
    ask()
    client.force_login(User.objects.create_superuser("boss"))
    delete = reverse("admin:auth_user_delete", args=[rosa.pk])
    client.post(delete, {"post": "yes", "seen": client.get(delete).context["seen"]})

    assert not User.objects.filter(pk=rosa.pk).exists()


def test_new_password_makes_the_browser_a_known_one(client):
    ask()
    set_new(client)

    assert client.cookies[known_browsers.NAME]["path"] == "/"
