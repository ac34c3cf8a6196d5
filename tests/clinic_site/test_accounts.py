"""What Django does for accounts of staff, held by tests of ours: how passwords are typed, compared
and changed, and when a session begins and ends. The rows of docs/asvs.md name them.
"""

import random
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from booking.models import Clinic, StaffSession
from clinic_site.staff import known_browsers, recovery_codes, second_factor
from clinic_site.staff.sessions import SessionStore
from tests.builders import NOW
from tests.second_factor import code, give

pytestmark = pytest.mark.django_db

LOGIN, CHANGE, ASK = "/admin/login/", "/admin/password_change/", "/admin/second-factor/"
PASSWORD, NEW = "a long enough password", "another long password"


@pytest.fixture
def rosa():
    user = User.objects.create_user("rosa", "rosa@clinic.example", PASSWORD, is_staff=True)
    return give(user)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def stranger():
    return Client(headers={"host": "127.0.0.1"})


def with_password(word=PASSWORD, client=None):
    client = client or stranger()
    client.post(LOGIN, {"username": "rosa", "password": word})
    return client


def signed_in(user):
    client = stranger()
    client.force_login(user)
    return client


def is_in(client):
    return client.get(CHANGE).status_code == 200


def change(client, new, old=PASSWORD):
    """302 where the new password is taken."""
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(CHANGE, typed).status_code


def key_of(client):
    return client.cookies["sessionid"].value


# Passwords


def test_migrating_makes_groups_and_no_account():
    assert (Group.objects.exists(), User.objects.count()) == (True, 0)


@pytest.mark.parametrize(
    "word",
    [
        "entirely small letters",
        "ONLY GREAT LETTERS",
        "žluťoučký kůň 🐎🐎",
        "copper kettle, " * 4 + "lid!",
        "a boat of paper on the pond, " * 7,
    ],
)
def test_any_letters_and_two_hundred_of_them_make_a_password(rosa, word):
    taken = change(signed_in(rosa), word)
    led = with_password(word).get(ASK).status_code

    assert (taken, led) == (302, 200)


def test_a_password_is_compared_as_it_was_typed(rosa):
    """With the blanks at its ends, and to its last letter."""
    chosen = f"  {'a copper kettle and its lid, ' * 6}end "
    taken = change(signed_in(rosa), chosen)
    near = [chosen.strip(), chosen.title(), chosen[:72], chosen.rstrip()]
    led = [with_password(word).get(ASK).status_code for word in (*near, chosen)]

    assert (taken, led) == (302, [302, 302, 302, 302, 200])


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("willowstreetphysicaltherapy", 200),
        ("Willow Street 2026!", 200),
        ("Élan-Rehab-Clinic-1", 200),
        ("www.elan-rehab.example", 200),
        ("physiotherapist1", 200),
        ("willow battery horse", 302),
        ("correct horse battery", 302),
    ],
)
def test_a_password_of_the_clinics_own_words_is_refused(rosa, settings, word, status):
    """Of the name that it began with, of the one that it has now, and of its address."""
    settings.CLINIC_NAME = "Willow Street Physical Therapy"
    settings.BASE_URL = "https://www.elan-rehab.example"
    Clinic.objects.update(name="Elan Rehab")

    assert change(signed_in(rosa), word) == status


STOLEN = ["michaeljordan23", "liverpool123", "P@ssw0rd!2024", "nothingtodo", "1qazxsw23edc"]
STOLEN += ["321drowssaP", "qwertyuiopasdf", "iloveyou1234567", "liverpoolliverpool", "x!" * 32]


@pytest.mark.parametrize("word", STOLEN)
def test_what_was_stolen_and_what_guessers_make_of_it_is_no_password(rosa, word):
    assert change(signed_in(rosa), word) == 200


def test_it_is_the_list_of_stolen_ones_that_refuses(rosa, settings):
    kept = settings.AUTH_PASSWORD_VALIDATORS
    settings.AUTH_PASSWORD_VALIDATORS = [it for it in kept if "breached" not in it["NAME"]]

    assert change(signed_in(rosa), "michaeljordan23") == 302


def test_the_old_password_is_asked_for(rosa):
    client = signed_in(rosa)

    assert [change(client, NEW, old) for old in ("", "wrong", PASSWORD)] == [200, 200, 302]


def reset_link(user):
    return reverse(
        "password_reset_confirm",
        args=[
            urlsafe_base64_encode(force_bytes(user.pk)),
            default_token_generator.make_token(user),
        ],
    )


def password_fields(page):
    """Name, what a password manager is told, and what else would stand in its way."""
    html = page.content.decode()
    assert not re.search(r"on(paste|copy|input|keydown)=", html)
    found = [
        dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", html)
    ]
    return {
        it["name"]: (it["type"], it.get("autocomplete"), it.get("maxlength"))
        for it in found
        if "password" in it.get("name", "")
    }


def test_passwords_are_hidden_and_managers_told_which_they_are(rosa):
    old, new = ("password", "current-password", None), ("password", "new-password", None)
    by_link = stranger().get(reset_link(rosa), follow=True)

    assert password_fields(stranger().get(LOGIN)) == {"password": old}
    assert password_fields(by_link) == {"new_password1": new, "new_password2": new}
    assert password_fields(signed_in(rosa).get(CHANGE)) == {
        "old_password": old,
        "new_password1": new,
        "new_password2": new,
    }


# Codes


def test_keys_and_recovery_codes_come_from_no_seed(rosa):
    made = []
    for _time in range(2):
        random.seed(1)
        made.append(recovery_codes.make(rosa))

    assert len({*made[0], *made[1]}) == 20


def test_keys_of_apps_are_long_and_each_another(rosa):
    second_factor.forget(rosa)
    shown = []
    for _time in range(2):
        random.seed(1)
        page = with_password().get(reverse("second_factor_set_up")).content.decode()
        shown.append(re.search("<code>(.*?)</code>", page)[1].replace(" ", ""))

    assert [len(key) * 5 for key in shown] == [160, 160]  # bits
    assert shown[0] != shown[1]


@pytest.mark.parametrize(("ago", "status"), [(30, 302), (60, 200), (-60, 200)])
def test_a_code_is_good_for_its_half_minute_and_one_beside_it(rosa, ago, status, clock):
    assert with_password().post(ASK, {"code": code(ago=ago)}).status_code == status


# Sessions


def test_each_sign_in_makes_a_long_random_key(rosa):
    keys = []
    for _time in range(3):
        random.seed(1)
        keys.append(key_of(with_password()))

    assert len(set(keys)) == 3
    assert [bool(re.fullmatch("[a-z0-9]{32}", key)) for key in keys] == [True] * 3  # 165 bits


def test_a_key_that_was_planted_is_another_after_the_password(rosa):
    planted = SessionStore()
    planted["any"] = "thing"
    planted.create()
    victim, thief = stranger(), stranger()
    for client in (victim, thief):
        client.cookies["sessionid"] = planted.session_key
    with_password(client=victim)

    assert key_of(victim) != planted.session_key
    assert not StaffSession.objects.filter(session_key=planted.session_key).exists()
    assert [client.get(ASK).status_code for client in (victim, thief)] == [200, 302]


def test_nothing_is_left_of_a_session_that_signed_out(rosa):
    client = signed_in(rosa)
    before, held = is_in(client), key_of(client)
    client.post(reverse("admin:logout"))
    thief = stranger()
    thief.cookies["sessionid"] = held

    assert (before, is_in(thief), StaffSession.objects.count()) == (True, False, 0)


def test_signing_out_empties_the_browsers_cache_and_keeps_it_known(rosa):
    client = with_password()
    client.post(ASK, {"code": code()})
    response = client.post(reverse("admin:logout"))

    assert (response.status_code, response["Clear-Site-Data"]) == (200, '"cache"')
    assert client.cookies[known_browsers.NAME].value


def test_a_changed_password_ends_the_other_sessions(rosa):
    this, other, halfway = signed_in(rosa), signed_in(rosa), with_password()
    change(this, NEW)

    assert [is_in(client) for client in (this, other)] == [True, False]
    assert halfway.get(ASK).url.startswith(LOGIN)


def test_a_forgotten_password_ends_them_too_and_the_code_is_still_asked_for(rosa):
    other, this = signed_in(rosa), stranger()
    form = this.get(reset_link(rosa), follow=True).redirect_chain[-1][0]
    this.post(form, {"new_password1": NEW, "new_password2": NEW})
    halfway = is_in(this)
    this.post(ASK, {"code": code()})

    assert (is_in(other), halfway, is_in(this)) == (False, False, True)


PAGES = ["admin:index", "desk:day", "desk:find", "desk:to_do", "own_sign_in"]
PAGES += ["admin:password_change", "admin:auth_user_changelist", "admin:booking_closure_add"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_staff_show_the_way_out(rosa, clock, name):
    User.objects.update(is_superuser=True)
    page = signed_in(rosa).get(reverse(name)).content.decode()

    assert f'<form id="logout-form" method="post" action="{reverse("admin:logout")}">' in page


def test_no_template_but_the_frame_of_all_says_what_stands_there():
    own = [*Path("templates").rglob("*.html")]
    head = re.compile(r"{% block (header|usertools|userlinks) %}")
    named = [str(file) for file in own if head.search(file.read_text())]

    assert named == ["templates/admin/base_site.html"]
