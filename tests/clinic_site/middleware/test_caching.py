"""What may be kept, and what security headers every answer carries."""

import pytest
from django.test import Client

from booking.brand import palettes
from clinic_site.look.style_sheet import SHEETS, hash_of, sheet

pytestmark = pytest.mark.django_db

NO_PAGE = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page_with(name):
    """The policy of a page for readers that holds the clinic's sheet and a further one."""
    hashes = hash_of(sheet(palettes.STYLE, palettes.COLOUR)), hash_of(SHEETS[name])
    return NO_PAGE.replace("style-src 'self'", " ".join(["style-src 'self'", *hashes]))


STAFF = NO_PAGE.replace("img-src 'self'", "script-src 'self'; img-src 'self' data:")


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("/", "public, no-cache"),
        ("/robots.txt", "public, no-cache"),
        ("/nowhere/", "no-store"),
        ("/team", "no-store"),  # sent on to `/team/` by no view of ours
        ("/admin/login/", "no-store"),
        ("/admin/password_change/", "no-store"),
        ("/admin/password_reset/", "no-store"),
        ("/appointment/", "no-store"),
        ("/m/x/", "no-store"),
        ("/offer/x/", "no-store"),
        ("/wish/x/", "no-store"),
        ("/healthz", "no-store"),
    ],
)
def test_page_says_who_may_keep_it(client, path, header):
    assert client.get(path)["Cache-Control"] == header


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/admin/login/"])
def test_answer_to_a_post_is_never_kept(path):
    visitor = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})

    assert visitor.post(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/robots.txt"])
def test_public_page_sets_no_cookie(client, path):
    assert dict(client.get(path).cookies) == {}


def test_public_page_that_has_not_changed_is_not_sent_again(client):
    first = client.get("/")

    again = client.get("/", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", page_with("face")),
        ("/nowhere/", page_with("clinic")),
        ("/robots.txt", NO_PAGE),
        ("/admin/login/", STAFF),
    ],
)
def test_page_carries_the_security_headers(client, path, expected):
    response = client.get(path)

    names = ["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"]
    assert [response[name] for name in names] == ["nosniff", "DENY", "same-origin"]
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy == dict(part.split(" ", 1) for part in expected.split("; "))


def test_who_works_on_the_site_sees_pages_of_errors_as_django_styles_them(client, settings):
    settings.DEBUG = True
    policies = {
        path: "Content-Security-Policy" in client.get(path).headers for path in ["/", "/nowhere/"]
    }

    assert policies == {"/": True, "/nowhere/": False}
