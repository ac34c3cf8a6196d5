"""What visitors see when something is wrong. Never a bare page."""

import urllib.error
import urllib.request

import pytest
from django.db import connection
from django.test import Client

from clinic_site.middleware.faults import UNKNOWN_ERRORS

pytestmark = pytest.mark.urls("tests.clinic_site.faulty_urls")

HEADINGS = {
    400: "We did not understand that",
    403: "You cannot open this page",
    404: "We cannot find that page",
    500: "Something went wrong on our side",
    503: "We will be back in a moment",
}


@pytest.fixture
def visitor():
    """Sees what a browser would, and is held to the CSRF check."""
    return Client(
        raise_request_exception=False, enforce_csrf_checks=True, headers={"host": "127.0.0.1"}
    )


def facts(response):
    page = response.content.decode()
    heading = page.split("<h1>")[1].split("</h1>")[0]
    return response.status_code, heading, 'href="tel:+12125550143"' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fail/operational/", 503),
        ("/fail/interface/", 503),
        ("/fail/full/", 503),
        ("/fail-because/operational/", 503),
        ("/fail/bug/", 500),
        ("/fail-because/bug/", 500),
        ("/fail/permission/", 403),
        ("/fail/suspicious/", 400),
        ("/nowhere/", 404),
    ],
)
def test_error_is_a_page_with_the_telephone_number(visitor, path, status):
    assert facts(visitor.get(path)) == (status, HEADINGS[status], True)


@pytest.mark.parametrize(("kind", "seconds"), [("operational", "30"), ("full", "300")])
def test_unavailable_page_says_when_to_try_again(visitor, kind, seconds):
    response = visitor.get(f"/fail/{kind}/")

    assert (response["Retry-After"], response["Cache-Control"]) == (seconds, "no-store")


def test_a_fault_is_logged_by_its_name_without_what_the_error_says(visitor, caplog):
    visitor.get("/fail/full/")

    assert [row.getMessage() for row in caplog.records if row.name.startswith("clinic_site")] == [
        "disk full or only readable (OSError) in tests.clinic_site.faulty_urls.fail"
    ]
    assert "No space left on device" not in caplog.text


def test_only_what_is_unknown_is_counted(visitor):
    before = UNKNOWN_ERRORS.in_a_day()
    for kind in ("operational", "full", "permission", "suspicious", "bug", "bug"):
        visitor.get(f"/fail/{kind}/")

    assert UNKNOWN_ERRORS.in_a_day() - before == 2


def test_error_page_that_cannot_be_rendered_still_says_the_number(visitor, settings):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": []}]

    assert b"(212) 555-0143" in visitor.get("/fail/bug/").content


def test_stale_form_is_answered_with_a_page(visitor):
    assert facts(visitor.post("/form/")) == (403, "Please send that again", True)


def test_stale_form_of_a_view_with_an_answer_of_its_own_is_shown_again(visitor):
    response = visitor.post("/own-form/7/", {"name": "Rosa"})

    assert (response.status_code, response.content) == (403, b"form 7, typed Rosa")


def test_site_without_its_database_answers_503_with_the_number(serve):
    away = "sqlite:////nowhere/db" if connection.vendor == "sqlite" else "postgresql://%2Fnowhere/x"
    site = serve(environment={"DATABASE_URL": away})

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(site.url)

    assert (answer.value.code, answer.value.headers["Retry-After"]) == (503, "30")
    assert "(212) 555-0143" in answer.value.read().decode()
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{site.url}/readyz")
    assert (answer.value.code, answer.value.read()) == (503, b'{"database": "away"}')
