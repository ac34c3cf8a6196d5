"""What search engines are told."""

import re

import pytest

from tests import shipped
from tests.builders import make_therapist, make_visit_type


def listed(client):
    return re.findall(r"<loc>http://127\.0\.0\.1:8000(.*?)</loc>", client.get("/sitemap.xml").text)


@pytest.fixture
def content(db):
    shipped.load()
    make_visit_type()
    make_therapist("ana-ruiz")
    make_therapist("gone", active=False)


def test_robots_keeps_to_the_public_pages(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /appointment",
        "Disallow: /book/*/",
        "Disallow: /m/",
        "Disallow: /offer/",
        "Disallow: /wish/",
        "",
        "Sitemap: http://127.0.0.1:8000/sitemap.xml",
    ]


def test_sitemap_lists_pages_that_answer(client, content, settings):
    settings.DEMO = True
    paths = listed(client)

    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    assert {"/", "/book/", "/team/", "/team/ana-ruiz/", "/conditions/back-pain/"} < set(paths)
    assert "/team/gone/" not in paths


def test_sitemap_lists_no_content_that_awaits_its_reviewer(client, content):
    assert "/conditions/back-pain/" not in listed(client)


def test_sitemap_is_public_and_sets_no_cookie(client, db):
    response = client.get("/sitemap.xml")

    assert (response["Cache-Control"], dict(response.cookies)) == ("public, no-cache", {})
