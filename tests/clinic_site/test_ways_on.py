"""From everywhere there is a way to one's visit, and capitals in an address lead nowhere else."""

import re

import pytest

from booking.visits import tokens
from tests.builders import at, book, make_therapist, make_visit_type

VISIT = "/appointment/"
PARTS = {
    "menu": r'<nav class="nav".*?</nav>',
    "content": r"<main.*?</main>",
    "footer": r"<footer.*?</footer>",
}


@pytest.fixture
def clinic(db):
    make_visit_type()
    return make_therapist()


def parts_with(client, path):
    """The parts of a page that link to one's visit."""
    html = client.get(path).content.decode()
    found = {name: re.search(part, html, re.DOTALL) for name, part in PARTS.items()}
    return [name for name, part in found.items() if part and f'href="{VISIT}"' in part[0]]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/contact/", ["menu", "content", "footer"]),
        ("/search/", ["menu", "content", "footer"]),
        ("/search/?q=xylophone", ["menu", "content", "footer"]),
        ("/nowhere/", ["menu", "content", "footer"]),
        ("/team/", ["menu", "footer"]),
        ("/", ["menu", "footer"]),
    ],
)
def test_a_visit_is_a_link_away(client, clinic, path, parts):
    assert parts_with(client, path) == parts


def test_without_a_visit_it_leads_to_where_the_link_is_sent_again(client, clinic):
    html = client.get(VISIT).content.decode()

    assert '<a class="button" href="/appointment/lost/">Have the link sent again</a>' in html


def test_no_kept_page_hangs_on_who_asks(client, clinic, settings):
    settings.PAGE_CACHE_SECONDS = 60
    pages = ["/", "/team/", "/contact/", "/conditions/"]
    before = [client.get(path).content for path in pages]
    client.get(f"/m/{tokens.make(book(clinic, at('9:30')))}/")

    assert [client.get(path).content for path in pages] == before


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("/BOOK/", "/book/"),
        ("/Book", "/book/"),
        ("/bOOK/?visit=x&for=Y", "/book/?visit=x&for=Y"),
        ("/APPOINTMENT/", "/appointment/"),
        ("/Appointment/Lost/", "/appointment/lost/"),
        ("/CONTACT/", "/contact/"),
        ("/Team/Ana-Ruiz/", "/team/ana-ruiz/"),
        ("/Conditions/", "/conditions/"),
        ("/SEARCH/?q=Back", "/search/?q=Back"),
    ],
)
def test_capitals_lead_to_the_page_that_was_meant(client, clinic, typed, known):
    answer = client.get(typed)

    assert (answer.status_code, answer["Location"]) == (301, known)


@pytest.mark.parametrize(
    "typed",
    ["/NOWHERE/", "/ADMIN/NOTHING/", "/Admin/", "/BOOK/NOBODY", "/m/XYZ/"],
)
def test_other_unknown_addresses_are_not_found(client, clinic, typed):
    assert client.get(typed).status_code == 404


def test_a_secret_keeps_its_capitals(client, clinic):
    token = tokens.make(book(clinic, at("9:30")))

    assert [client.get(f"/{name}/{token}/").status_code for name in ("M", "Offer", "WISH")] == [
        404
    ] * 3


def test_what_is_sent_in_capitals_is_not_sent_on(client, clinic):
    assert client.post("/APPOINTMENT/FORGET/").status_code == 404
