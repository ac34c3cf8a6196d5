"""Who changes roles, addresses or second factors shows the second factor anew; and the log says who
signed in, or did not.
"""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Appointment
from clinic_site.staff import second_factor
from tests.builders import NOW, at, book, enquiry, make_therapist, wait
from tests.conditions.builders import make_reviewer
from tests.second_factor import code, give
from tests.typed import fields_of

PASSWORD = "a long enough password"
ASK = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def rosa():
    user = User.objects.create_user("rosa", "rosa@clinic.example", PASSWORD, is_staff=True)
    User.objects.update(is_superuser=True)
    return give(user)


@pytest.fixture
def li():
    return give(User.objects.create_user("li", "li@clinic.example", PASSWORD, is_staff=True))


def signed_in(user, ago):
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    session = client.session
    second_factor.mark(session, user, timezone.now() - ago)
    session.save()
    return client


SENSITIVE = [
    ("post", "admin:auth_user_change", True),
    ("post", "admin:auth_user_password_change", True),
    ("post", "admin:auth_user_delete", True),
    ("post", "admin:auth_user_add", False),
    ("post", "admin:auth_user_changelist", False),
    ("post", "admin:auth_group_add", False),
    ("post", "second_factor_reset", True),
    ("post", "second_factor_codes", False),
    ("get", "second_factor_set_up", False),
    ("post", "second_factor_set_up", False),
    ("post", "own_sign_in", False),
]


@pytest.mark.parametrize(("verb", "name", "of_one"), SENSITIVE)
@pytest.mark.parametrize("minutes", [9, 11])
def test_the_code_is_asked_for_again_after_ten_minutes(rosa, li, verb, name, of_one, minutes):
    client = signed_in(rosa, timedelta(minutes=minutes))
    page = reverse(name, args=[li.pk] if of_one else [])
    response = getattr(client, verb)(page)

    led = getattr(response, "url", "").startswith(ASK + "?next=")
    assert led is (minutes == 11)


@pytest.mark.parametrize("kind", ["person", "wish", "question"])
def test_nobody_is_erased_without_a_fresh_code(rosa, kind):
    """Reading what would go, and a copy, ask for none; after the code the page asks once more."""
    visit = book(make_therapist(), at("9:30"))
    row = {"person": visit, "wish": wait(visit), "question": enquiry()}[kind]
    stale, fresh = (signed_in(rosa, timedelta(minutes=minutes)) for minutes in (11, 9))
    page, copy = (reverse(f"desk:{kind}_{name}", args=[row.pk]) for name in ("erase", "copy"))
    Appointment.objects.update(status="cancelled")
    asked = {"seen": stale.get(page).context["person"].mark, "sure": "on"}
    led = stale.post(page, asked).url
    kept = type(row).objects.count()
    answers = [stale.post(copy).status_code, fresh.post(page, asked).status_code]

    assert (led.startswith(ASK + "?next="), kept, answers) == (True, 1, [200, 302])
    assert (stale.post(led, {"code": code()}).url, type(row).objects.count()) == (page, 0)


OF_SOMEBODY = {"booking_therapist": make_therapist, "conditions_reviewer": make_reviewer}


@pytest.mark.parametrize("name", OF_SOMEBODY)
def test_whoever_gets_a_calendar_or_a_signature_by_it_is_shown_the_code_for(rosa, li, name):
    """Another user than the row is of, also of a new row; nobody is asked for the rest of it."""
    client = signed_in(rosa, timedelta(minutes=11))
    row = OF_SOMEBODY[name](user=User.objects.create_user("ana", is_staff=True))
    one = reverse(f"admin:{name}_change", args=[row.pk])
    odd = one.replace(f"/{row.pk}/", f"/%20{row.pk}/")
    asked = {
        (page, user): client.post(page, {"user": user, "name": "x"}).headers.get("Location", "")
        for page in (one, odd, reverse(f"admin:{name}_add"))
        for user in (li.pk, row.user_id, "")
    }

    led = {key for key, url in asked.items() if url.startswith(ASK + "?next=")}
    new = reverse(f"admin:{name}_add")
    assert led == {(one, li.pk), (odd, li.pk), (new, li.pk), (new, row.user_id)}
    fresh = signed_in(rosa, timedelta(minutes=9))
    assert "Location" not in fresh.post(one, {"user": li.pk}).headers


def test_what_was_typed_is_saved_after_the_code(rosa, li):
    client = signed_in(rosa, timedelta(minutes=11))
    page = reverse("admin:auth_user_change", args=[li.pk])
    typed = fields_of(client.get(page), "user_form") | {"email": "new@clinic.example"}
    asked = client.post(page, typed)
    li.refresh_from_db()
    before = li.email
    led = client.post(asked.url, {"code": code()}).url
    client.post(page, fields_of(client.get(led), "kept-typing"))
    li.refresh_from_db()

    assert (before, led) == ("li@clinic.example", reverse("kept_typing"))
    assert li.email == "new@clinic.example"


@pytest.mark.parametrize("typed", [{"others": "1"}, {"end": None}])
def test_no_other_session_is_ended_without_a_fresh_code(rosa, typed):
    other, client = signed_in(rosa, timedelta(0)), signed_in(rosa, timedelta(minutes=11))
    own = reverse("own_sign_in")
    [key] = [each.key for each in client.get(own).context["sessions"] if not each.is_this]
    typed = {name: value or key for name, value in typed.items()}
    asked = client.post(own, typed)
    before = other.get(own).status_code
    led = client.post(asked.url, {"code": code()}).url
    client.post(led, typed)

    assert (before, led, other.get(own).status_code) == (200, own, 302)


def test_nothing_else_asks_and_the_demo_never_does(rosa, li, settings):
    client = signed_in(rosa, timedelta(hours=3))
    read = client.get(reverse("admin:auth_user_change", args=[li.pk])).status_code
    settings.DEMO = True
    posted = client.post(reverse("second_factor_reset", args=[li.pk])).url

    assert (read, posted) == (200, reverse("admin:auth_user_change", args=[li.pk]))


def sign_in(client, name, word):
    return client.post("/admin/login/", {"username": name, "password": word})


def said(caplog):
    return [it.getMessage() for it in caplog.records if it.name == "clinic_site.staff.sign_in_log"]


def test_the_log_says_who_signed_in_and_who_was_refused(client, rosa, caplog):
    caplog.set_level("INFO")
    sign_in(client, "rosa", "wrong")
    sign_in(client, "rosa", PASSWORD)
    client.post(ASK, {"code": "000000"})
    client.post(ASK, {"code": code()})

    who = f"user {rosa.pk}"
    assert said(caplog) == [
        f"Sign-in refused: password wrong, {who}",
        f"Sign-in: password right, {who}",
        f"Sign-in refused: second factor wrong, {who}",
        f"Sign-in refused: second factor locked, {who}",
    ]


def test_a_name_that_nobody_has_is_a_hash_the_same_each_time(client, caplog):
    for name in ("my secret", "my secret", "other"):
        sign_in(client, name, "wrong")
    first, again, other = said(caplog)

    assert first.startswith("Sign-in refused: password wrong, no user ")
    assert (first == again, first == other, "secret" in caplog.text) == (True, False, False)


def test_the_log_says_who_asked_for_what_they_may_not(client, rosa, li, caplog):
    page = reverse("second_factor_reset", args=[rosa.pk])
    answers = [one.post(page).status_code for one in (signed_in(li, timedelta(0)), client)]

    assert answers == [403, 302]
    assert said(caplog) == [f"Not allowed: user {li.pk}, POST {page}"]


@pytest.mark.parametrize("word", ["q1w2e3r4t5y6", "1qaz2wsx3edc"])
def test_a_common_password_is_refused(rosa, word):
    client = signed_in(rosa, timedelta(0))
    typed = {"old_password": PASSWORD, "new_password1": word, "new_password2": word}
    page = client.post(reverse("admin:password_change"), typed).content.decode()

    assert "This password is too common." in page
