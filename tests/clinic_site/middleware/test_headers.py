"""That no answer goes out without its headers: over every address, and every kind of error."""

import pytest
from django.test import Client

from clinic_site.middleware.headers import ALWAYS
from clinic_site.middleware.page_cache import SHELF
from tests.clinic_site.middleware import observatory
from tests.every_address import addresses

NAMES = {*ALWAYS, "Content-Security-Policy"}


def lacking(response):
    return sorted(NAMES - set(response.headers))


@pytest.mark.django_db
def test_no_address_answers_without_them(client, settings):
    client.raise_request_exception = False
    asked = sorted({*addresses(), "/favicon.ico", "/healthz", "/readyz", "/nowhere", "/static/x"})

    found = {path: lacking(client.get(path)) for path in asked}

    assert len(asked) > 150
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"host": "elsewhere.test"}, 400),
        ("/team", {}, 301),
        ("/book/?from=%00", {}, 400),
        ("/admin/", {}, 302),
        ("/nowhere/", {}, 404),
    ],
)
def test_no_refusal_or_redirect_does(path, headers, status):
    response = Client(headers={"host": "127.0.0.1"} | headers).get(path)

    assert (response.status_code, lacking(response)) == (status, [])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_a_browser_that_has_a_page_keeps_the_policy_that_came_with_it(client, settings, path):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    policy = "Content-Security-Policy"

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.headers.get(policy, first[policy]) == first[policy]


@pytest.mark.django_db
def test_a_form_that_was_forged_is_refused_with_them(client):
    response = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"}).post("/admin/login/")

    assert (response.status_code, lacking(response)) == (403, [])


@pytest.mark.django_db
def test_the_way_to_https_has_them(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/")

    assert (response.status_code, lacking(response)) == (301, [])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/nowhere/", "/favicon.ico"])
def test_over_https_every_answer_says_to_stay_there(settings, path):
    settings.SECURE_HSTS_SECONDS = 31536000
    client = Client(headers={"host": "127.0.0.1"})

    said = [
        client.get(path, secure=secure).headers.get("Strict-Transport-Security")
        for secure in (True, False)
    ]

    assert said == ["max-age=31536000", None]


def points(settings, path):
    """Of an answer by a live site, over https."""
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    return observatory.score(Client(headers={"host": "127.0.0.1"}).get(path, secure=True))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/book/", "/contact/question/", "/nowhere/", "/healthz"])
def test_the_observatory_gives_the_best_grade(settings, path):
    assert points(settings, path) >= 125


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "worse", "points_lost"),
    [
        ("Content-Security-Policy", "default-src 'none' 'unsafe-inline'", 35),
        ("Content-Security-Policy", "default-src 'self'", 10),
        ("Referrer-Policy", "unsafe-url", 5),
        ("Cross-Origin-Resource-Policy", "cross-origin", 10),
        ("X-Content-Type-Options", "", 5),
        ("Strict-Transport-Security", "max-age=60", 10),
        ("Set-Cookie", "open=1", 40),
    ],
)
def test_the_observatorys_rules_find_what_is_worse(settings, name, worse, points_lost):
    settings.SECURE_HSTS_SECONDS = 31536000
    answer = Client(headers={"host": "127.0.0.1"}).get("/healthz", secure=True)
    before = observatory.score(answer)
    if name == "Set-Cookie":
        answer.set_cookie("open", "1")
    else:
        answer.headers[name] = worse

    assert before - observatory.score(answer) == points_lost
