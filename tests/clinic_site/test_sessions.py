"""Sessions of staff: they end without use and after a day, are listed, and ended for good."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from booking.models import Closure, StaffSession
from clinic_site.staff import second_factor
from tests.builders import NOW
from tests.second_factor import code, give
from tests.typed import fields_of

PASSWORD = "a long enough password"
CLOSURE = "/admin/booking/closure/add/?_popup=0"
TYPED = {"name": "Snow", "password": "secret", "first_day": ""}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture(autouse=True)
def limits(settings):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 15, 12
    settings.SESSION_COOKIE_AGE = 24 * 3600


@pytest.fixture
def rosa():
    return give(make("rosa", is_superuser=True))


def make(name, **more):
    return User.objects.create_user(name, password=PASSWORD, is_staff=True, **more)


def signed_in(user, agent=FIREFOX):
    client = Client(headers={"host": "127.0.0.1", "user-agent": agent})
    client.force_login(user)
    return client


def is_in(client, path="/admin/"):
    return client.get(path).status_code == 200


@pytest.fixture(autouse=True)
def goes_by(db):
    """The clock stands at NOW; `goes_by(minutes=5)` turns it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield lambda **span: clock.shift(timedelta(**span))


def test_it_ends_after_a_quarter_of_an_hour_without_use(rosa, goes_by):
    client = signed_in(rosa)
    used = []
    for _time in range(3):
        goes_by(minutes=14)
        used.append(is_in(client))
    goes_by(minutes=15, seconds=1)

    assert [*used, is_in(client)] == [True, True, True, False]


def test_what_the_board_asks_for_by_itself_is_no_use(rosa, goes_by):
    client = signed_in(rosa)
    polled = []
    for _time in range(3):
        goes_by(minutes=6)
        polled.append(is_in(client, reverse("desk:board")))

    assert polled == [True, True, False]


@pytest.fixture
def two_hours(settings):
    settings.STAFF_SESSION_HOURS = 2


def test_it_ends_after_so_many_hours_in_all(rosa, goes_by, two_hours):
    client = signed_in(rosa)
    used = []
    for _time in range(12):
        goes_by(minutes=10)
        used.append(is_in(client))

    assert used == [True] * 11 + [False]


def test_another_password_in_an_old_session_does_not_make_it_longer(rosa, goes_by, two_hours):
    client = signed_in(rosa)
    for _time in range(11):
        goes_by(minutes=10)
        assert is_in(client)
    client.post("/admin/login/", {"username": "rosa", "password": PASSWORD})
    goes_by(minutes=11)

    assert is_in(client) is False


def test_use_is_written_down_once_a_minute(rosa, goes_by, django_assert_num_queries):
    client = signed_in(rosa)
    page = reverse("admin:password_change_done")
    with django_assert_num_queries(6) as quiet:
        client.get(page)
    goes_by(seconds=61)
    with django_assert_num_queries(len(quiet) + 3):  # a row, between two savepoints
        client.get(page)
    with django_assert_num_queries(len(quiet)):
        client.get(page)


# Typing


def sign_in_again(client, name):
    client.post("/admin/login/", {"username": name, "password": PASSWORD, "next": "/admin/"})
    return client.post("/admin/second-factor/", {"code": code(), "next": "/admin/"}).url


def test_a_session_that_ends_while_typing_keeps_it_for_the_same_user(rosa, goes_by):
    client = signed_in(rosa)
    form = fields_of(client.get("/admin/booking/closure/add/"), "closure_form")
    del form["csrfmiddlewaretoken"]
    goes_by(minutes=20)
    typed = form | {"name": ["Snow"], "first_day": ["2026-12-24"], "last_day": ["2026-12-24"]}
    refused = client.post("/admin/booking/closure/add/", typed)
    led = sign_in_again(client, "rosa")
    page = client.get(led)
    kept = fields_of(page, "kept-typing")
    saved = client.post("/admin/booking/closure/add/", kept)

    assert (refused.url.partition("?")[0], led) == ("/admin/login/", reverse("kept_typing"))
    assert 'action="/admin/booking/closure/add/"' in page.content.decode()
    assert {name: kept.get(name, [""]) for name in typed} == typed
    assert (saved.status_code, Closure.objects.get().name) == (302, "Snow")
    assert client.get(led).url == "/admin/"


def test_what_scripts_ask_for_meanwhile_takes_nothing_away(rosa, goes_by):
    client = signed_in(rosa)
    goes_by(minutes=20)
    client.get(reverse("desk:board"))
    client.post(reverse("desk:people"), {"name": "Sno"}, headers={"sec-fetch-mode": "cors"})
    client.post(CLOSURE, TYPED)

    assert client.session["typing"]["path"] == CLOSURE
    assert sign_in_again(client, "rosa") == reverse("kept_typing")


@pytest.mark.parametrize(("site", "kept"), [("same-origin", True), ("cross-site", False)])
def test_a_form_from_before_a_sign_in_in_another_tab_is_kept(rosa, site, kept):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.force_login(rosa)
    client.cookies["csrftoken"] = "a" * 32
    sent = {"csrfmiddlewaretoken": "b" * 32} | TYPED
    response = client.post(CLOSURE, sent, headers={"sec-fetch-site": site})

    assert (response.status_code, "typing" in client.session) == (302 if kept else 403, kept)


def test_a_colleague_at_the_same_browser_does_not_get_it(rosa, goes_by):
    give(make("ben", is_superuser=True))
    client = signed_in(rosa)
    goes_by(minutes=20)
    client.post(CLOSURE, TYPED)
    led = sign_in_again(client, "ben")

    assert (led, client.get(reverse("kept_typing")).url) == ("/admin/", "/admin/")
    assert "typing" not in client.session


def test_no_password_is_kept(rosa, goes_by):
    client = signed_in(rosa)
    goes_by(minutes=20)
    client.post(CLOSURE, TYPED)

    assert client.session["typing"]["fields"] == [["name", ["Snow"]], ["first_day", [""]]]


@pytest.mark.parametrize("who", ["stranger", "password alone", "signed out", "disabled"])
def test_nobody_else_keeps_anything(rosa, goes_by, who):
    client = Client(headers={"host": "127.0.0.1"}) if who == "stranger" else signed_in(rosa)
    if who == "password alone":
        session = client.session
        del session[second_factor.MARK]
        session.save()
    if who == "signed out":
        client.post(reverse("admin:logout"))
    if who == "disabled":
        User.objects.update(is_active=False)
    goes_by(minutes=20)
    client.post(CLOSURE, TYPED)

    assert "typing" not in client.session


def test_what_is_longer_than_a_form_is_not_kept(rosa, goes_by):
    client = signed_in(rosa)
    goes_by(minutes=20)
    client.post(CLOSURE, TYPED | {"note": "x" * 200_001})

    assert "typing" not in client.session


def test_it_is_dropped_on_request(rosa, goes_by):
    client = signed_in(rosa)
    goes_by(minutes=20)
    client.post(CLOSURE, TYPED)
    led = sign_in_again(client, "rosa")
    client.post(led)

    assert client.get(led).url == "/admin/"


# Listed and ended


def test_own_sessions_are_listed_and_ended(rosa, goes_by):
    other = signed_in(rosa, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19 Safari/604.1")
    other.post("/admin/login/", {"username": "rosa", "password": PASSWORD})
    other.post("/admin/second-factor/", {"code": code()})
    goes_by(minutes=5)
    client = signed_in(rosa)
    page = client.get(reverse("own_sign_in"))
    [end] = [each.key for each in page.context["sessions"] if not each.is_this]

    assert "Safari, iPhone" in page.content.decode()
    client.post(reverse("own_sign_in"), {"end": end})
    assert [is_in(client), is_in(other)] == [True, False]


def test_all_others_end_at_once_and_nobody_elses(rosa):
    clients = [signed_in(rosa) for _ in range(3)]
    ben = signed_in(make("ben"))
    [key] = [each.key for each in ben.get(reverse("own_sign_in")).context["sessions"]]
    clients[0].post(reverse("own_sign_in"), {"end": key})
    clients[0].post(reverse("own_sign_in"), {"others": "1"})

    assert [is_in(client) for client in (*clients, ben)] == [True, False, False, True]


def test_what_a_new_password_has_ended_is_not_listed(rosa):
    signed_in(rosa)
    rosa.set_password("another long password")
    rosa.save()
    listed = signed_in(rosa).get(reverse("own_sign_in")).context["sessions"]

    assert [each.is_this for each in listed] == [True]


def test_no_key_of_a_session_stands_in_the_page(rosa):
    client = signed_in(rosa)
    page = client.get(reverse("own_sign_in")).content.decode()

    assert [row.session_key in page for row in StaffSession.objects.all()] == [False]


@pytest.fixture
def manager():
    user = make("mia")
    user.groups.set(Group.objects.filter(name="Manager"))
    return signed_in(user)


def save(manager, user, **typed):
    change = reverse("admin:auth_user_change", args=[user.pk])
    page = manager.get(change)
    form = {
        name: value for name, value in fields_of(page, "user_form").items() if name != "is_active"
    }
    manager.post(change, form | typed)
    user.refresh_from_db()
    return user.is_active


def test_who_is_disabled_is_out_for_good(manager):
    li = make("li")
    client = signed_in(li)
    first = is_in(client)
    active = [save(manager, li), save(manager, li, is_active="on")]

    assert (active, first, is_in(client)) == ([False, True], True, False)


def test_a_reset_second_factor_ends_the_sessions(manager):
    li = give(make("li"))
    client = signed_in(li)
    manager.post(reverse("second_factor_reset", args=[li.pk]))

    assert is_in(client) is False
