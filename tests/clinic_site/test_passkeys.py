"""Passkeys in place of the app's digits: of this site, this user and this session alone, once."""

from datetime import timedelta

import pytest
import time_machine
from auditlog.models import LogEntry
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fido2.webauthn import AuthenticatorData

from booking.models import AppDevice, Passkey, SignIn, StaffSession
from clinic_site.staff import passkeys, recovery_codes, second_factor
from tests.authenticator import ORIGIN, Authenticator
from tests.builders import NOW
from tests.second_factor import code, give
from tests.threads import together

PASSWORD = "a long enough password"
LOGIN, ASK, SET_UP = "/admin/login/", "/admin/second-factor/", "/admin/second-factor/set-up/"
SHOW, SHOW_ASKED = "/admin/second-factor/passkey/", "/admin/second-factor/passkey/asked/"
NEW, NEW_ASKED = "/admin/second-factor/passkeys/new/", "/admin/second-factor/passkeys/new/asked/"
OWN = "/admin/own-sign-in/"
FLAG = AuthenticatorData.FLAG


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def address(settings):
    """A browser makes passkeys for a name over https."""
    settings.BASE_URL = ORIGIN
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def rosa():
    return make("rosa")


@pytest.fixture
def key(rosa):
    """The passkey that Rosa has, beside her app."""
    give(rosa)
    return passkey_of(rosa)


def make(name):
    return User.objects.create_user(name, password=PASSWORD, is_staff=True, is_superuser=True)


def passkey_of(user, **more):
    """One that was made as all are, over the pages."""
    key = Authenticator(**more)
    client = whole(user)
    assert add(client, key).status_code in (200, 302)
    return key


def whole(user):
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    session = client.session
    second_factor.mark(session, user, timezone.now())
    session.save()
    return client


def with_password(name="rosa"):
    client = Client(headers={"host": "127.0.0.1"})
    client.post(LOGIN, {"username": name, "password": PASSWORD})
    return client


def add(client, key, name="Blue key", **lies):
    answer = key.make(client.post(NEW_ASKED).json(), **lies)
    return client.post(NEW, {"answer": answer, "name": name})


def show(client, key, **lies):
    answer = key.sign(client.post(SHOW_ASKED).json(), **lies)
    return client.post(SHOW, {"answer": answer, "next": "/admin/desk/"})


def is_in(client):
    return client.get("/admin/").status_code == 200


# Shown


def test_password_and_passkey_let_in_and_lead_on(key):
    client = with_password()
    page, before = client.get(ASK).content.decode(), is_in(client)
    held = client.cookies["sessionid"].value
    response = show(client, key)

    assert "Use your passkey" in page
    assert (before, response.url, is_in(client)) == (False, "/admin/desk/", True)
    assert client.cookies["sessionid"].value != held
    assert Passkey.objects.get().last_used_at == NOW


def test_the_code_and_a_recovery_code_work_beside_it(key, rosa):
    by_app, by_paper = with_password(), with_password()
    by_app.post(ASK, {"code": code()})
    by_paper.post(ASK, {"code": recovery_codes.make(rosa)[0]})

    assert (is_in(by_app), is_in(by_paper)) == (True, True)


LIES = {
    "another site's page": {"origin": "https://www.clinic.test.evil.example"},
    "a subdomain of ours": {"origin": "https://blog.www.clinic.test"},
    "without https": {"origin": "http://www.clinic.test"},
    "another site's key": {"site": "evil.example"},
    "a parent domain's key": {"site": "clinic.test"},
    "without finger, face or PIN": {"flags": FLAG.UP},
    "without anybody there": {"flags": FLAG.UV},
    "made, not shown": {"kind": "create"},
    "another key's hand": {"hand": ec.generate_private_key(ec.SECP256R1())},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_is_not_as_asked_lets_nobody_in(key, lie):
    """All but the lie is as in the test above, which lets in."""
    client = with_password()
    refused = show(client, key, **lie)
    after = is_in(client)
    show(client, key)

    assert refused.url == f"{ASK}?next=%2Fadmin%2Fdesk%2F"
    assert (after, is_in(client)) == (False, True)


def test_the_host_of_a_request_does_not_say_what_the_site_is(key):
    client = with_password()
    asked = client.post(SHOW_ASKED, headers={"host": "evil.example"}).json()
    lies = {"origin": "https://evil.example", "site": "evil.example"}
    client.post(SHOW, {"answer": key.sign(asked, **lies)}, headers={"host": "evil.example"})

    assert (asked["rpId"], is_in(client)) == ("www.clinic.test", False)
    assert asked["userVerification"] == "required"


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x", "[" * 9_000, "x" * 20_001, '{"rawId": "é"}']
)
def test_what_is_no_answer_is_refused(key, answer):
    client = with_password()
    client.post(SHOW_ASKED)

    assert client.post(SHOW, {"answer": answer}).status_code == 302
    assert is_in(client) is False


def test_an_answer_works_once_in_its_own_session_alone(key):
    first, other = with_password(), with_password()
    answer = key.sign(first.post(SHOW_ASKED).json())
    other.post(SHOW_ASKED)
    other.post(SHOW, {"answer": answer})
    first.post(SHOW, {"answer": answer})
    let_in = is_in(first)
    again = first.post(SHOW, {"answer": answer})

    assert (is_in(other), let_in) == (False, True)
    assert again.url.startswith(ASK)


def test_a_wrong_answer_uses_the_question_up(key):
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    client.post(SHOW, {"answer": key.sign(asked, flags=FLAG.UP)})
    client.post(SHOW, {"answer": key.sign(asked)})

    assert is_in(client) is False


@pytest.mark.parametrize(("seconds", "is_late"), [(299, False), (301, True)])
def test_an_answer_comes_within_five_minutes(key, clock, seconds, is_late):
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    clock.shift(timedelta(seconds=seconds))
    client.post(SHOW, {"answer": key.sign(asked)})

    assert is_in(client) is not is_late


def test_a_colleagues_passkey_lets_nobody_in(key):
    make("ben")
    bens = passkey_of(User.objects.get(username="ben"))
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    client.post(SHOW, {"answer": bens.sign(asked)})
    listed = [each["id"] for each in asked["allowCredentials"]]

    assert listed == list(
        Passkey.objects.filter(user__username="rosa").values_list("credential_id", flat=True)
    )
    assert (len(listed), is_in(client)) == (1, False)


def test_a_question_to_one_user_is_not_answered_by_the_next_in_that_browser(key):
    make("ben")
    bens = passkey_of(User.objects.get(username="ben"))
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    client.post(LOGIN, {"username": "ben", "password": PASSWORD})
    client.post(SHOW, {"answer": bens.sign(asked)})

    assert is_in(client) is False


@pytest.mark.parametrize(
    ("name", "other", "lets_in"), [("user", -1, False), ("for", "new", False), ("none", 0, True)]
)
def test_what_was_asked_of_somebody_else_or_for_something_else_is_no_question(
    key, name, other, lets_in
):
    """Whatever had brought it into this session."""
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    session = client.session
    session[passkeys.ASKED] |= {name: other}
    session.save()
    client.post(SHOW, {"answer": key.sign(asked)})

    assert is_in(client) is lets_in


@pytest.mark.parametrize(
    ("stored", "said", "lets_in"),
    [(0, 0, True), (0, 1, True), (7, 8, True), (7, 7, False), (7, 6, False), (7, 0, False)],
)
def test_a_count_that_does_not_go_on_is_a_copy(key, stored, said, lets_in):
    Passkey.objects.update(sign_count=stored)
    client = with_password()
    show(client, key, count=said)

    assert is_in(client) is lets_in
    assert Passkey.objects.get().sign_count == (said if lets_in else stored)


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_with_one_count_at_once_one_lets_in(rosa):
    give(rosa)
    key = passkey_of(rosa, count=3)
    clients = [with_password() for _ in range(2)]
    answers = [key.sign(client.post(SHOW_ASKED).json(), count=4) for client in clients]

    def send(client, answer):
        return client.post(SHOW, {"answer": answer})

    together(*(lambda pair=pair: send(*pair) for pair in zip(clients, answers, strict=True)))

    assert sorted(is_in(client) for client in clients) == [False, True]


def test_who_is_disabled_meanwhile_is_not_let_in(key):
    client = with_password()
    asked = client.post(SHOW_ASKED).json()
    User.objects.update(is_active=False)
    response = client.post(SHOW, {"answer": key.sign(asked)})

    assert (response.url.startswith(LOGIN), is_in(client)) == (True, False)


def test_a_stranger_is_asked_for_the_password(key):
    client = Client(headers={"host": "127.0.0.1"})
    found = [client.post(page).url.partition("?")[0] for page in (SHOW_ASKED, SHOW, NEW_ASKED, NEW)]

    assert found == [LOGIN] * 4


# Made


def test_the_first_sign_in_offers_a_passkey_or_an_app(rosa):
    client = with_password()
    page = client.get(SET_UP).content.decode()
    response = add(client, Authenticator())
    made = response.content.decode()

    assert ("A passkey</h2>" in page, "Or an app</h2>" in page) == (True, True)
    assert ("Recovery codes" in made, made.count("<li><code>")) == (True, 10)
    assert (is_in(client), second_factor.has_app(rosa)) == (True, False)
    assert with_password().get(ASK).status_code == 200


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://10.0.0.7", "http://a.test"])
def test_where_browsers_make_none_the_app_alone_is_offered(rosa, settings, address):
    settings.BASE_URL = address
    client = with_password()
    page = client.get(SET_UP).content.decode()

    assert ("passkey" in page, "Scan" in page or "scan" in page) == (False, True)
    assert client.post(NEW_ASKED).status_code == 302


MADE_LIES = {name: lie for name, lie in LIES.items() if name not in ("another key's hand",)}
MADE_LIES["made, not shown"] = {"kind": "get"}


@pytest.mark.parametrize("lie", MADE_LIES.values(), ids=MADE_LIES)
def test_none_is_made_of_what_is_not_as_asked(rosa, lie):
    client = with_password()
    page = add(client, Authenticator(), **lie).content.decode()

    assert ("No passkey was made." in page, Passkey.objects.count()) == (True, 0)
    assert is_in(client) is False


def test_who_has_a_second_factor_makes_no_other_with_the_password_alone(rosa):
    early = with_password()
    key = Authenticator()
    answer = key.make(early.post(NEW_ASKED).json())
    give(rosa)
    late = early.post(NEW, {"answer": answer})
    asked = with_password().post(NEW_ASKED)

    assert (late.url.startswith(ASK), asked.status_code) == (True, 302)
    assert Passkey.objects.count() == 0


def test_another_is_added_by_name_and_ends_other_sessions(key, rosa):
    codes = recovery_codes.make(rosa)
    client, other = whole(rosa), whole(rosa)
    asked = client.post(NEW_ASKED).json()
    answer = Authenticator().make(asked)
    response = client.post(NEW, {"answer": answer, "name": "  Laptop <b>  "})
    page = client.get(OWN).content.decode()

    assert (response.url, len(asked["excludeCredentials"])) == (OWN, 1)
    assert ("Laptop &lt;b&gt;" in page, "Blue key" in page) == (True, True)
    assert [is_in(client), is_in(other)] == [True, False]
    assert recovery_codes.left(rosa) == len(codes)


def test_one_that_is_known_already_is_not_taken(key):
    ben = make("ben")
    page = add(whole(ben), key).content.decode()

    assert ("No passkey was made." in page, Passkey.objects.count()) == (True, 1)


def test_a_fresh_code_is_asked_for_first(key, rosa, clock):
    client = whole(rosa)
    clock.shift(timedelta(minutes=11))
    pk = Passkey.objects.get().pk
    led = [
        client.get(NEW).url,
        client.post(NEW_ASKED).url,
        client.post(NEW).url,
        client.post(OWN, {"passkey": pk}).url,
    ]

    assert [each.partition("?")[0] for each in led] == [ASK] * 4
    assert Passkey.objects.count() == 1
    assert show(client, key).url == "/admin/desk/"
    assert client.get(NEW).status_code == 200


# Taken away


def test_one_is_taken_away_and_opens_nothing(key, rosa):
    client, halfway = whole(rosa), with_password()
    asked = halfway.post(SHOW_ASKED).json()
    client.post(OWN, {"passkey": Passkey.objects.get().pk})
    halfway.post(SHOW, {"answer": key.sign(asked)})

    assert (Passkey.objects.count(), is_in(halfway)) == (0, False)


def test_the_last_second_factor_stays(key, rosa):
    client = whole(rosa)
    add(client, Authenticator())
    AppDevice.objects.all().delete()
    first, second = Passkey.objects.values_list("pk", flat=True)
    for pk in (first, second, second):
        client.post(OWN, {"passkey": pk})
    page = client.get(OWN).content.decode()

    assert list(Passkey.objects.values_list("pk", flat=True)) == [second]
    assert ("That is your only second step." in page, "Take away" in page) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_taken_away_at_once_one_stays(rosa):
    for _key in range(2):
        passkey_of(rosa)
    one, two = Passkey.objects.values_list("pk", flat=True)
    together(lambda: passkeys.take_away(rosa, one), lambda: passkeys.take_away(rosa, two))

    assert Passkey.objects.count() == 1


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, ""])
def test_what_is_not_ones_own_is_not_taken_away(key, pk):
    ben = make("ben")
    give(ben)
    rosas = Passkey.objects.get().pk
    client = whole(ben)
    answers = [client.post(OWN, {"passkey": each}).status_code for each in (pk, rosas)]

    assert (answers, Passkey.objects.count()) == ([302, 302], 1)


# Lost, kept in the history, logged


def test_a_reset_takes_passkeys_away_too(key, rosa):
    mia = User.objects.create_user("mia", is_staff=True)
    mia.groups.set(Group.objects.filter(name="Manager"))
    li = User.objects.create_user("li", password=PASSWORD, is_staff=True)
    passkey_of(li)
    whole(mia).post(reverse("second_factor_reset", args=[li.pk]))
    call_command("reset_second_factor", "rosa")

    assert (Passkey.objects.count(), StaffSession.objects.filter(user=li).count()) == (0, 0)
    assert with_password("li").get(ASK).url.startswith(SET_UP)
    assert with_password("li").post(SHOW_ASKED).url.startswith(LOGIN)


def test_the_history_says_that_one_was_added_and_taken_away(key, rosa):
    client = whole(rosa)
    client.post(OWN, {"passkey": Passkey.objects.get().pk})
    of_rosa = [each.changes_dict for each in LogEntry.objects.get_for_object(rosa)]
    kept = [each["second factor"][1] for each in of_rosa if "second factor" in each]

    day = f"{NOW:%Y-%m-%d}"
    assert sorted(kept) == [f"passkey added, {day}", f"passkey taken away, {day}"]


def test_the_log_says_who_was_let_in_and_refused_and_no_key(key, rosa, caplog):
    caplog.set_level("INFO")
    client = with_password()
    show(client, key, flags=FLAG.UP)
    show(client, key)
    said = [it.getMessage() for it in caplog.records if it.name.endswith("sign_in_log")]

    assert said[1:] == [
        f"Sign-in refused: passkey wrong, user {rosa.pk}",
        f"Sign-in: passkey right, user {rosa.pk}",
    ]
    assert key.credential_id.hex() not in caplog.text


def test_a_flood_of_wrong_ones_is_kept_once_a_quarter_of_an_hour(key, rosa, clock):
    client = with_password()
    for minutes in (0, 0, 0, 16):
        clock.shift(timedelta(minutes=minutes))
        client.post(SHOW, {"answer": "x"})

    assert SignIn.objects.filter(by=rosa, step="passkey", outcome="wrong").count() == 2
