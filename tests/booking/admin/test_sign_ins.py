"""Who signed in and who was refused, as managers read it: no name that nobody has, no address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from booking.models import SignIn, StaffPlace
from booking.records import purging, sign_ins
from clinic_site.staff import recovery_codes
from tests.builders import NOW, make_location, make_visit_type
from tests.reading import texts
from tests.second_factor import code, give

PASSWORD = "a long enough password"
LOGIN, ASK = "/admin/login/", "/admin/second-factor/"
LIST = reverse("admin:booking_signin_changelist")


@pytest.fixture
def rosa(now):
    user = User.objects.create_user("rosa", "rosa@clinic.example", PASSWORD, is_staff=True)
    return give(user)


def browser(address="192.0.2.7"):
    return Client(REMOTE_ADDR=address, headers={"host": "127.0.0.1"})


def sign_in(client, name, word):
    return client.post(LOGIN, {"username": name, "password": word})


def kept():
    rows = SignIn.objects.order_by("pk")
    return [(row.by_id, row.step, row.outcome) for row in rows]


def test_each_step_that_was_right_or_refused_is_kept(rosa, now):
    client = browser()
    sign_in(client, "rosa", "wrong")
    sign_in(client, "rosa", PASSWORD)
    client.post(ASK, {"code": "000000"})
    client.post(ASK, {"code": code()})
    now.shift(timedelta(seconds=30))
    [paper, *_others] = recovery_codes.make(rosa)
    for typed in ("abcdefghjkmn", paper):
        client.post(ASK, {"code": typed})
        now.shift(timedelta(seconds=30))

    assert kept() == [
        (rosa.pk, "password", "wrong"),
        (rosa.pk, "password", "right"),
        (rosa.pk, "second factor", "wrong"),
        (rosa.pk, "second factor", "locked"),
        (rosa.pk, "recovery code", "wrong"),
        (rosa.pk, "recovery code", "right"),
    ]
    assert {row.at for row in SignIn.objects.all()[4:]} == {NOW}


def test_a_manager_reads_it_and_nothing_that_was_typed(rosa, sign_in_as_manager):
    sign_in(browser(), "rosa", PASSWORD)
    for name in ("my secret", "my secret", "other"):
        sign_in(browser("198.51.100.9"), name, "wrong")
    hashes = list(SignIn.objects.filter(by=None).values_list("name", flat=True))
    networks = {row.by_id: row.network for row in SignIn.objects.all()}
    page = sign_in_as_manager.get(LIST)

    assert (len(set(hashes)), hashes[1] == hashes[2]) == (2, True)
    assert networks[None] != networks[rosa.pk]
    assert texts(page, "field-who") == [f"A name that nobody has: {it}" for it in hashes] + ["rosa"]
    assert texts(page, "field-outcome") == ["Wrong"] * 3 + ["Right"]
    stored = str(list(SignIn.objects.values()))
    assert [word for word in ("secret", "198.51", "192.0") if word in stored] == []


@pytest.fixture
def sign_in_as_manager(now):
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.set(Group.objects.filter(name="Manager"))
    client = browser()
    client.force_login(user)
    return client


def test_who_works_at_one_place_alone_reads_none(rosa, sign_in_as_manager):
    sign_in(browser(), "rosa", PASSWORD)
    StaffPlace.objects.create(user=User.objects.get(username="mia"), location=make_location())

    assert texts(sign_in_as_manager.get(LIST), "field-who") == []


def test_who_has_left_is_called_so(rosa, sign_in_as_manager):
    sign_in(browser(), "rosa", PASSWORD)
    rosa.delete()

    assert texts(sign_in_as_manager.get(LIST), "field-who") == ["Somebody who has left"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_for_more_rows(
    rosa, sign_in_as_manager, rows, django_assert_num_queries
):
    for _time in range(rows):
        sign_in(browser(), "rosa", PASSWORD)
    with django_assert_num_queries(11):
        sign_in_as_manager.get(LIST)


def test_a_flood_of_what_nobody_looks_at_is_one_row_a_quarter_of_an_hour(rosa, now):
    for name in ["rosa"] * 9 + [f"name {number}" for number in range(60)]:
        sign_in(browser(), name, "wrong")
    wrong = SignIn.objects.filter(outcome="wrong").count()
    locked = list(SignIn.objects.filter(outcome="locked").values_list("by", "name"))
    now.shift(timedelta(minutes=16))
    sign_in(browser(), "rosa", "wrong")

    assert (wrong, sorted(locked, key=str)) == (50, [(rosa.pk, ""), (None, "")])
    assert SignIn.objects.filter(by=rosa, outcome="locked").count() == 2


def test_nobody_changes_one_and_purge_takes_what_is_old_enough(rosa, monkeypatch):
    monkeypatch.setattr(purging, "_clean_pages", lambda: None)
    words = {"step": "password", "outcome": "right", "name": "", "address": "192.0.2.7"}
    for at in (datetime(2019, 1, 1, tzinfo=UTC), datetime.now(UTC)):
        sign_ins.note(user=rosa.pk, now=at, **words)
    for statement in ("UPDATE booking_signin SET by_id = 2", "DELETE FROM booking_signin"):
        with (
            pytest.raises(IntegrityError, match="booking_signin_append_only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    before = SignIn.objects.count()
    done = purging.purge(datetime.now(UTC))

    assert (before, done["Sign-ins"], SignIn.objects.count()) == (2, 1, 1)


def test_what_is_written_once_leads_to_no_history(rosa, sign_in_as_manager):
    """A visit type that changes does."""
    sign_in(browser(), "rosa", PASSWORD)
    made = make_visit_type()
    rows = [("signin", SignIn.objects.get().pk), ("visittype", made.pk)]
    pages = [
        sign_in_as_manager.get(reverse(f"admin:booking_{n}_change", args=[k])) for n, k in rows
    ]

    assert ["historylink" in page.content.decode() for page in pages] == [False, True]
