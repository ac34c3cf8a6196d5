"""A public page is one page, by whatever host and query it is asked for, and made by one thread."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.test import Client

from clinic_site.middleware.page_cache import SHELF
from tests import shipped
from tests.builders import make_therapist, make_visit_type
from tests.clinic_site.middleware import planted_urls

PORTS = [f"127.0.0.1:{port}" for port in range(1, 201)]
ODD = "canary.localhost:4711"


@pytest.fixture
def shelf(db, settings):
    settings.PAGE_CACHE_SECONDS, settings.DEMO = 60, True
    settings.ALLOWED_HOSTS = ["127.0.0.1", ".localhost"]
    SHELF.clear()
    yield SHELF
    SHELF.clear()


@pytest.fixture
def paths(db, settings):
    """Every address of the site map, and the file itself."""
    settings.DEMO = True
    shipped.load()
    make_visit_type()
    make_therapist("ana-ruiz")
    listed = re.findall("<loc>(.*?)</loc>", asked("/sitemap.xml", ODD).text)
    return ["/sitemap.xml", "/robots.txt", *(urlsplit(url).path for url in listed)]


def asked(path, host="127.0.0.1"):
    return Client(headers={"host": host}).get(path)


def test_a_page_is_made_once_for_all_hosts_ports_and_queries(shelf, django_assert_num_queries):
    first = asked("/team/", ODD)
    shelf.version_until = float("inf")  # within the second, however slow the machine

    with django_assert_num_queries(0):
        bodies = {asked(f"/team/?x={host}", host).content for host in PORTS}

    assert (bodies, list(shelf.pages)) == ({first.content}, ["/team/"])


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1:x", "127.0.0.1@x.example"])
def test_a_host_that_is_not_ours_is_refused_though_the_page_is_kept(shelf, host):
    asked("/team/")

    assert asked("/team/", host).status_code == 400


def test_no_public_answer_hangs_on_the_host_or_an_unknown_query(shelf, paths):
    """Pages, what they say of themselves to machines, headers. No kept page may read its query, but
    for those that say so.
    """
    for path in paths:
        answer = asked(path, ODD)
        said = [answer.content.decode(), *(f"{name}: {text}" for name, text in answer.items())]
        assert [text for text in said if "canary" in text or "4711" in text] == [], path
    kept = {path: page.body for path, page in shelf.pages.items()}
    shelf.clear()

    odd = {path: asked(f"{path}?utm_source=canary&p=2&q=x").content for path in kept}

    assert [path for path in kept if odd[path] != kept[path]] == ["/exercises/program/"]
    assert set(shelf.pages) == set(kept) - {"/exercises/", "/exercises/program/"}


@pytest.mark.parametrize("path", ["/team", "/CONDITIONS/", "/exercises/program/?for=x"])
def test_no_redirect_names_the_host_that_was_asked_for(shelf, path):
    assert "canary" not in asked(path, ODD).get("Location", "")


def test_https_is_where_the_settings_say_it_is(shelf, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "www.clinic.example"

    assert asked("/team/", ODD)["Location"] == "https://www.clinic.example/team/"


@pytest.mark.urls("tests.clinic_site.middleware.planted_urls")
def test_many_who_ask_for_one_page_at_once_have_it_made_once(shelf):
    shelf.version_until = float("inf")
    planted_urls.MADE.clear()

    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(asked, ["/slow/"] * 8, PORTS[:8]))

    assert {answer.content for answer in bodies} == {b"Hello"}
    assert planted_urls.MADE == ["/slow/"]
