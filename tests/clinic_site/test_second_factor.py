"""The second step of sign-in: without it, in this very session, nobody reaches anything."""

import hashlib
import re
from base64 import b32decode
from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.hashers import check_password, get_hasher, make_password
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from booking.models import AppDevice, RecoveryCode
from booking.models.app_device import MOST_WRONG, sealed_key
from clinic_site.staff import recovery_codes
from tests.second_factor import KEY, code, give
from tests.threads import together
from tests.typed import fields_of

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
LOGIN, ASK, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
INDEX = "/admin/"


@pytest.fixture(autouse=True)
def rosa():
    return make("rosa")


def make(name, **more):
    """Somebody of the staff with a right to everything, and an app."""
    return give(
        User.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=True, **more)
    )


def with_password(name="rosa", client=None):
    """A session in which the password was right, and nothing else yet."""
    client = client or Client(headers={"host": "127.0.0.1"})
    client.post(LOGIN, {"username": name, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(INDEX).status_code == 200


def show(client, typed):
    return client.post(ASK, {"code": typed, "next": INDEX})


def test_password_and_code_let_in_and_lead_on(client):
    with_password(client=client)
    before = is_in(client)
    response = client.post(ASK, {"code": code(), "next": "/admin/desk/"})

    assert (before, response.url, is_in(client)) == (False, "/admin/desk/", True)


@pytest.mark.parametrize("typed", ["", "000000", "12345", "abc", "٣٣٣٣٣٣", "0" * 40])
def test_wrong_codes_let_nobody_in(client, typed):
    with_password(client=client)

    assert (show(client, typed).status_code, is_in(client)) == (200, False)


def test_code_is_good_once_for_another_session_too():
    typed = code()
    first, second = with_password(), with_password()

    assert [show(first, typed).status_code, show(second, typed).status_code] == [302, 200]
    assert [is_in(first), is_in(second)] == [True, False]


def test_after_a_wrong_code_the_right_one_waits():
    client = with_password()
    show(client, "000000")
    page = show(client, code()).content.decode()

    assert ("Too many wrong codes. Try again after" in page, is_in(client)) == (True, False)


def wrong_in_a_row(count, ago=timedelta(0)):
    AppDevice.objects.update(
        throttling_failure_count=count, throttling_failure_timestamp=timezone.now() - ago
    )


@pytest.mark.parametrize("count", [11, 30, MOST_WRONG - 1])
def test_no_wait_is_longer_than_a_quarter_of_an_hour(count):
    answers = []
    for minutes in (14, 15):
        wrong_in_a_row(count, timedelta(minutes=minutes))
        answers.append(is_in_by(code()))

    assert answers == [False, True]
    assert AppDevice.objects.get().throttling_failure_count == 0


def is_in_by(typed):
    client = with_password()
    show(client, typed)
    return is_in(client)


def test_after_fifty_wrong_in_a_row_no_code_of_the_app_counts_but_one_on_paper(rosa):
    [paper, *_others] = recovery_codes.make(rosa)
    wrong_in_a_row(MOST_WRONG - 1, timedelta(days=1))
    show(with_password(), "000000")
    wrong_in_a_row(AppDevice.objects.get().throttling_failure_count, timedelta(days=1))
    client = with_password()
    page = show(client, code()).content.decode()

    assert ("the app counts no more" in page, is_in(client)) == (True, False)
    assert is_in_by(paper) is True


def test_a_wait_on_paper_is_no_longer_either(rosa):
    [paper, *_others] = recovery_codes.make(rosa)
    before = timezone.now() - timedelta(minutes=15)
    StaticDevice.objects.update(throttling_failure_count=30, throttling_failure_timestamp=before)

    assert is_in_by(paper) is True


@pytest.mark.parametrize(("wrong", "told"), [(2, False), (3, True)])
def test_who_signs_in_is_told_of_wrong_codes_before(rosa, wrong, told):
    show(with_password(), code())
    for number in range(wrong):
        AppDevice.objects.update(throttling_failure_count=0)
        show(with_password(), f"{number:06}")
    AppDevice.objects.update(throttling_failure_count=0)
    client = with_password()
    show(client, code(ago=-30))
    first, again = (client.get(INDEX).content.decode() for _ in range(2))

    assert [f"{wrong} codes were wrong" in page for page in (first, again)] == [told, False]


@pytest.mark.django_db(transaction=True)
def test_of_ten_guesses_at_once_one_is_looked_at():
    clients = [with_password() for _ in range(10)]
    together(*(partial(show, client, f"{n:06}") for n, client in enumerate(clients)))

    assert AppDevice.objects.get().throttling_failure_count == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_code_at_once_one_lets_in():
    clients = [with_password() for _ in range(4)]
    together(*(partial(show, client, code()) for client in clients))

    assert [is_in(client) for client in clients].count(True) == 1


# The bypass of other sites: signed in without the second factor, a colleague's password typed
# anywhere. Every address that there is: tests/booking/admin/test_matrix.py.


def test_a_colleagues_password_posted_anywhere_reaches_nothing():
    make("ben")
    typed = {"username": "ben", "password": PASSWORD, "code": code(), "next": INDEX}
    reached = []
    for address in (LOGIN, f"{LOGIN}?next={INDEX}", INDEX, SET_UP, "/admin/auth/user/add/"):
        client = with_password("rosa")
        client.post(address, typed)
        reached.append(is_in(client))

    assert reached == [False] * 5


def test_ones_own_code_does_not_let_a_colleague_in():
    """The session of one who was let in, and then another's password."""
    make("ben")
    ben = AppDevice.objects.get(user__username="ben")
    AppDevice.objects.filter(pk=ben.pk).update(key=sealed_key(ben.user_id, "00" * 20))
    client = with_password("rosa")
    show(client, code())
    client.post(LOGIN, {"username": "ben", "password": PASSWORD})

    assert is_in(client) is False
    show(client, code(ago=-30))
    assert is_in(client) is False


def test_signed_out_the_same_cookie_is_nobody():
    client = with_password()
    show(client, code())
    client.post(reverse("admin:logout"))

    assert is_in(client) is False
    assert is_in(with_password(client=client)) is False


def test_second_step_under_another_session_key():
    client = with_password()
    before = client.cookies["sessionid"].value
    show(client, code())

    assert client.cookies["sessionid"].value != before


def test_leave_is_to_sign_in_as_somebody_else():
    client = with_password()
    response = client.post(ASK, {"leave": "1", "next": "/admin/desk/"})

    assert response.url == "/admin/login/?next=%2Fadmin%2Fdesk%2F"
    assert client.get(response.url).status_code == 200


def test_no_other_site_is_led_to():
    client = with_password()
    response = client.post(ASK, {"code": code(), "next": "https://elsewhere.example/"})

    assert response.url == INDEX


# Setting it up


@pytest.fixture
def new():
    """Somebody who signs in for the first time."""
    return User.objects.create_user("new", password=PASSWORD, is_staff=True, is_superuser=True)


def set_up(client, typed=None, page=None):
    page = page or client.get(SET_UP)
    found = re.search(r"<code>(.*?)</code>", page.content.decode())[1].replace(" ", "")
    return client.post(SET_UP, fields_of(page, "login-form") | {"code": typed or code_of(found)})


def keys_of(user):
    return [device.bin_key.hex() for device in AppDevice.objects.filter(user=user)]


def code_of(secret):
    return code(b32decode(secret).hex())


def test_first_sign_in_sets_it_up_and_shows_recovery_codes(new):
    client = with_password("new")
    led = client.get(INDEX, follow=True).redirect_chain[-1][0]
    page = set_up(client).content.decode()

    assert led.partition("?")[0] == SET_UP
    assert len(re.findall(r"<li><code>\w{4} \w{4} \w{4}</code>", page)) == 10
    assert is_in(client)


def test_wrong_digits_set_nothing_up_and_keep_the_key(new):
    client = with_password("new")
    page = client.get(SET_UP)
    again = set_up(client, "000000", page)
    shown = [re.search(r"<code>(.*?)</code>", it.content.decode())[1] for it in (page, again)]

    assert (shown[0] == shown[1], AppDevice.objects.filter(user=new).count()) == (True, 0)
    assert set_up(client, page=again).status_code == 200
    assert is_in(client)


def test_who_has_one_does_not_set_up_another_with_the_password_alone(new):
    early = with_password("new")
    page = early.get(SET_UP)
    give(new)
    late = set_up(early, page=page)

    assert (late.status_code, is_in(early)) == (302, False)
    assert keys_of(new) == [KEY]
    assert with_password("new").get(SET_UP).url.startswith(ASK)


def test_key_of_another_page_is_not_taken(new):
    page = with_password("new").get(SET_UP)
    User.objects.create_user("other", password=PASSWORD, is_staff=True)
    client = with_password("other")
    set_up(client, page=page)

    assert AppDevice.objects.filter(user__username="other").count() == 0


def test_another_telephone_takes_the_place_of_the_first(rosa):
    client = with_password()
    show(client, code())
    set_up(client)

    assert (len(keys_of(rosa)), KEY in keys_of(rosa)) == (1, False)
    old = with_password()
    show(old, code(ago=-30))
    assert is_in(old) is False


def codes_of(client):
    page = client.post(reverse("second_factor_codes")).content.decode()
    return re.findall(r"<li><code>(.*?)</code>", page)


def test_a_recovery_code_lets_in_once_however_it_is_typed():
    client = with_password()
    show(client, code())
    codes = codes_of(client)
    typed = codes[0].upper().replace(" ", "-")
    first, second = with_password(), with_password()
    show(first, typed)
    show(second, typed)

    assert [is_in(first), is_in(second)] == [True, False]
    assert RecoveryCode.objects.count() == 9
    assert "9 recovery codes are left." in first.get(reverse("own_sign_in")).content.decode()


def test_new_codes_end_the_old_and_none_is_stored_as_it_is():
    client = with_password()
    show(client, code())
    old, new = codes_of(client), codes_of(client)
    late = with_password()
    show(late, old[0])

    assert is_in(late) is False
    stored = str(list(RecoveryCode.objects.values()))
    assert [it for it in [*old, *new] if it.replace(" ", "")[1:] in stored] == []


def test_codes_are_kept_as_passwords_are_each_with_a_salt_of_its_own(rosa):
    codes = [it.replace(" ", "") for it in recovery_codes.make(rosa)]
    rows = {row.place: row.stored for row in RecoveryCode.objects.all()}
    salts = {get_hasher().decode(stored)["salt"] for stored in rows.values()}

    assert [check_password(code[1:], rows[code[0]]) for code in codes] == [True] * 10
    assert (len(rows), len(salts)) == (10, 10)


def test_a_try_costs_one_hash_whatever_is_typed(rosa, monkeypatch):
    codes, hashed = recovery_codes.make(rosa), []
    monkeypatch.setattr(
        recovery_codes, "check_password", lambda *typed: hashed.append(1) or check_password(*typed)
    )
    free = next(letter for letter in recovery_codes.LETTERS if letter not in list_of(codes))
    costs = []
    for typed in (codes[0][0] + "a" * 11, free + "a" * 11, codes[0]):
        StaticDevice.objects.update(throttling_failure_count=0)
        hashed.clear()
        costs.append((recovery_codes.is_right(rosa, typed), len(hashed)))

    assert costs == [(False, 1), (False, 0), (True, 1)]


def list_of(codes):
    return {code[0] for code in codes}


def test_of_two_sets_asked_for_at_once_the_last_one_stays(rosa, monkeypatch):
    """Also where the first takes longer to hash: what a double click shows is good."""
    shown = []

    def hashed_late(code):
        if not shown:
            shown.append("begun")
            shown.append(recovery_codes.make(rosa))
        return make_password(code)

    monkeypatch.setattr(recovery_codes, "make_password", hashed_late)
    first = recovery_codes.make(rosa)

    assert recovery_codes.left(rosa) == 10
    assert recovery_codes.is_right(rosa, shown[1][0]) is True
    assert recovery_codes.is_right(rosa, first[0]) is False


@pytest.mark.django_db(transaction=True)
def test_of_ten_recovery_codes_at_once_one_is_looked_at(rosa):
    codes = recovery_codes.make(rosa)
    clients = [with_password() for _ in codes]
    wrong = [code[:-1] + "0" for code in codes]
    together(*(partial(show, *pair) for pair in zip(clients, wrong, strict=True)))

    assert StaticDevice.objects.get().throttling_failure_count == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_recovery_code_at_once_one_lets_in(rosa):
    [typed, *_others] = recovery_codes.make(rosa)
    clients = [with_password() for _ in range(4)]
    together(*(partial(show, client, typed) for client in clients))

    assert ([is_in(client) for client in clients].count(True), RecoveryCode.objects.count()) == (
        1,
        9,
    )


def test_codes_on_paper_from_before_are_kept_and_stay_good(rosa):
    device = StaticDevice.objects.create(user=rosa, name="paper")
    old = ["abcdefghjkmn", "bcdefghjkmnp"]
    for code_of_old in old:
        kept = hashlib.sha256(code_of_old.encode()).hexdigest()[:16]
        StaticToken.objects.create(device=device, token=kept)
    import_module("booking.migrations.0302_old_recovery_codes").keep_old(apps, None)
    answers = []
    for typed in ("abcd efgh jkmm", old[1], old[1]):
        StaticDevice.objects.update(throttling_failure_count=0)
        answers.append(recovery_codes.is_right(rosa, typed))

    assert (answers, StaticToken.objects.count(), recovery_codes.left(rosa)) == (
        [False, True, False],
        0,
        1,
    )


# Lost


@pytest.fixture
def manager(client):
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.set(Group.objects.filter(name="Manager"))
    client.force_login(user)
    return client


def reset(client, user):
    return client.post(reverse("second_factor_reset", args=[user.pk]))


def test_a_manager_resets_it_and_that_is_kept(manager):
    li = give(User.objects.create_user("li", password=PASSWORD, is_staff=True))
    response = reset(manager, li)

    assert response.url == reverse("admin:auth_user_change", args=[li.pk])
    kept, made = LogEntry.objects.get_for_object(li)
    assert (kept.actor.username, list(kept.changes_dict)) == ("mia", ["second factor"])
    assert made.action == LogEntry.Action.CREATE
    assert with_password("li").get(ASK).url.startswith(SET_UP)


def test_nobody_resets_a_superusers_their_own_or_without_the_right(manager, rosa):
    mia = User.objects.get(username="mia")
    li = give(User.objects.create_user("li", password=PASSWORD, is_staff=True))
    refused = [reset(manager, rosa).status_code, reset(manager, mia).status_code]
    desk = Client(headers={"host": "127.0.0.1"})
    desk.force_login(User.objects.create_user("desk", is_staff=True))

    assert [*refused, reset(desk, li).status_code] == [403, 403, 403]
    assert AppDevice.objects.filter(user__in=[rosa, li]).count() == 2


def test_a_command_resets_a_superusers(rosa):
    client = with_password()
    show(client, code())
    call_command("reset_second_factor", "rosa")

    assert is_in(client) is False
    assert with_password().get(ASK).url.startswith(SET_UP)
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("reset_second_factor", "nobody")


def test_the_demo_asks_for_the_password_alone_and_says_so(client, settings):
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()

    assert "This demo asks for the password alone." in page
    assert is_in(with_password(client=client))
    settings.DEMO = False
    assert "This demo" not in Client().get(LOGIN).content.decode()
    assert is_in(client) is False
