"""Every cookie that the site sets: over https of this very host alone, and read by no script."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from booking.models import TimeOffer
from booking.secrets import cookies
from booking.views import cookie
from booking.visits import tokens
from clinic_site.staff import known_browsers
from tests.builders import at, book, make_therapist, wait_without_visit
from tests.second_factor import code, give
from tests.settings import INHERITED

TOP = Path(__file__).parents[3]
PASSWORD = "a long enough password"
OURS = {cookie.NAME, *cookie.SIGNED.values(), known_browsers.NAME}
ALL = {*OURS, "sessionid", "csrftoken"}
ONE_PLACE = "booking/secrets/cookies.py"
SETS = re.compile(r"\.(set_cookie|set_signed_cookie|delete_cookie)\(|\.COOKIES\b|\.cookies\b(?!\.)")


@pytest.fixture
def https(settings):
    """What the settings say where BASE_URL is https."""
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = (
        f"__Host-{name}" for name in ("sessionid", "csrftoken")
    )
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


def links():
    """What opens a visit, an offer and a wish."""
    therapist = make_therapist()
    visit = book(therapist, at("9:30"))
    wish = wait_without_visit()
    offer = TimeOffer(entry=wish, therapist=therapist, visit_type=visit.visit_type)
    offer.location, offer.starts_at, offer.ends_at = visit.location, at("13:00"), at("13:45")
    offer.created_at = offer.expires_at = at("8:00")
    offer.token_hash = tokens.hashed(tokens.make(offer))
    offer.save()
    rows = {"m": visit, "offer": offer, "wish": wish}
    return [f"/{kind}/{tokens.make(row)}/" for kind, row in rows.items()]


def answers():
    """What sets a cookie or takes one away, in turn: links, a form, a sign-in, the way out."""
    client = Client(headers={"host": "127.0.0.1"})

    def ask(method, path, **fields):
        return getattr(client, method)(path, fields, secure=True)

    for link in links():
        yield ask("get", link)
    yield ask("get", reverse("booking:question"))
    yield ask("post", reverse("booking:forget"))
    give(User.objects.create_user("rosa", password=PASSWORD, is_staff=True, is_superuser=True))
    yield ask("get", reverse("admin:login"))
    yield ask("post", reverse("admin:login"), username="rosa", password=PASSWORD)
    yield ask("post", reverse("second_factor"), code=code())
    yield ask("post", reverse("admin:logout"))


def faults(morsel):
    """What is wrong with a cookie on an answer over https."""
    if not morsel.key.startswith("__Host-"):
        # A browser takes none of these away that was not set: one of a release before.
        if not (morsel.key in OURS and morsel["max-age"] == 0):
            yield "name"
        return
    is_gone = morsel["max-age"] == 0
    yield from (name for name in ("secure", "samesite") if not morsel[name])
    yield from (["httponly"] if not (morsel["httponly"] or is_gone) else [])
    if morsel["path"] != "/" or morsel["domain"]:
        yield "reach"


@pytest.mark.django_db
def test_over_https_every_cookie_is_of_this_host_alone(https):
    set_ones = [morsel for answer in answers() for morsel in answer.cookies.values()]

    assert {m.key: list(faults(m)) for m in set_ones if list(faults(m))} == {}
    assert {m.key for m in set_ones if m["max-age"] != 0} == {f"__Host-{name}" for name in ALL}


@pytest.mark.parametrize(
    ("name", "options", "found"),
    [
        ("appointment", {}, ["name"]),
        ("__Host-x", {"samesite": "Lax", "httponly": True}, ["secure"]),
        ("__Host-x", {"samesite": "Lax", "secure": True}, ["httponly"]),
        ("__Host-x", {"secure": True, "httponly": True}, ["samesite"]),
        (
            "__Host-x",
            {"samesite": "Lax", "secure": True, "httponly": True, "path": "/admin/"},
            ["reach"],
        ),
        (
            "__Host-x",
            {"samesite": "Lax", "secure": True, "httponly": True, "domain": "clinic.test"},
            ["reach"],
        ),
    ],
)
def test_a_cookie_that_reaches_further_is_found(rf, client, name, options, found):
    answer = client.get("/healthz")
    answer.set_cookie(name, "1", **options)

    assert list(faults(answer.cookies[name])) == found


def test_one_module_sets_and_reads_them():
    sources = [path for app in ("booking", "clinic_site", "conditions") for path in walk(app)]

    assert [path for path in sources if SETS.search((TOP / path).read_text())] == [
        ONE_PLACE,
        "clinic_site/middleware/page_cache.py",  # asks whether an answer sets any
    ]


def walk(app):
    return sorted(str(path.relative_to(TOP)) for path in (TOP / app).rglob("*.py"))


@pytest.mark.django_db
def test_who_holds_one_by_its_name_of_before_goes_on(https):
    """An upgrade meets browsers that hold theirs without the prefix."""
    visit = book(make_therapist(), at("9:30"))
    client = Client(headers={"host": "127.0.0.1"})
    client.cookies["appointment"] = tokens.make(visit)
    shown = client.get("/appointment/", secure=True)
    client.post(reverse("booking:forget"), secure=True)

    assert "Your visit" in shown.text
    assert shown.status_code == 200
    assert client.cookies["appointment"].value == ""


@pytest.mark.django_db
def test_one_that_was_planted_under_the_name_of_before_moves_none_of_ours(https, rf):
    request = rf.get("/")
    request.COOKIES = {"appointment": "planted", "__Host-appointment": "ours"}

    assert cookies.held(request, "appointment") == "ours"


ASK = """
import json
from django.conf import settings as s
names = [s.COOKIE_PREFIX, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME]
print(json.dumps([*names, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]))
"""


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("https", ["__Host-", "__Host-sessionid", "__Host-csrftoken", True, True]),
        ("http", ["", "sessionid", "csrftoken", False, False]),
    ],
)
def test_the_settings_say_so_where_the_site_is_https(scheme, expected):
    own = {"SECRET_KEY": "of-these-tests-" * 4, "BASE_URL": f"{scheme}://www.clinic.test"}
    own["DJANGO_SETTINGS_MODULE"] = "clinic_site.settings"
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=INHERITED | own, capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout) == expected
