"""What somebody may write into an address costs little more than what a page asks by itself.

No second is measured: what is read of an address is cut, and questions to the database are counted.
`make bench` compares the time that the dearest takes.
"""

import http.client
from unicodedata import normalize
from urllib.parse import quote_plus, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic_site.middleware.page_cache import SHELF
from clinic_site.search.results import LONGEST_QUERY, cut
from conditions.models import Exercise
from conditions.pages.program import MOST_ASKED, chosen
from tests import shipped
from tests.builders import make_therapist, make_visit_type

LIGATURE = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}"  # stands for eighteen letters
CHOICES = "therapist={0}&day={0}&part={0}&location={0}&visit={0}&for={0}&from={0}"
MANY = "&".join(f"x{number}=1&exercise=x{number}" for number in range(200))
ODD = {
    "/search/?q=back+pain": [
        f"/search/?q={quote_plus(text)}"
        for text in ("back " * 800, "qy " * 1300, "x" * 4000, LIGATURE * 400, "chest pain " * 300)
    ],
    "/exercises/": [
        f"/exercises/?{MANY}",
        "/exercises/?for=sciatica",
        f"/exercises/?for={'x' * 500}",
    ],
    "/exercises/program/": [f"/exercises/program/?{MANY}", f"/exercises/program/?for=x&{MANY}"],
    "/book/": [
        f"/book/?{MANY}",
        *(f"/book/?{CHOICES.format(text)}" for text in ("x" * 500, "9999-12-31", "0001-01-01")),
        "/book/?part=evening&day=sunday&therapist=ana-ruiz",
    ],
    "/conditions/": [f"/conditions/?{MANY}"],
    "/team/": [f"/team/?{CHOICES.format('x')}"],
}


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_odd_addresses_ask_the_database_at_most_three_times_as_much(db, client, settings):
    settings.DEMO = True
    shipped.load()
    make_visit_type()
    make_therapist("ana-ruiz")

    asked = {
        plain: (questions(client, plain), max(questions(client, odd) for odd in odds))
        for plain, odds in ODD.items()
    }

    assert {plain: most for plain, (own, most) in asked.items() if most > 3 * own} == {}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("back  pain ", "back pain"),
        ("x" * 4000, "x" * LONGEST_QUERY),
        ("é" * LONGEST_QUERY, "é" * LONGEST_QUERY),
        (LIGATURE, LIGATURE),
        (LIGATURE * 200, " ".join(normalize("NFKD", LIGATURE * 200)[:LONGEST_QUERY].split())),
    ],
)
def test_a_search_reads_so_many_letters_and_no_more(typed, read):
    assert cut(typed) == read


def test_a_program_looks_at_so_many_names_and_no_more():
    last = Exercise(slug="last")
    unknown = [f"x{number}" for number in range(MOST_ASKED)]

    assert chosen([last], [*unknown[1:], "last"]) == ([last], MOST_ASKED - 1)
    assert chosen([last], [*unknown, "last"]) == ([], MOST_ASKED)


@pytest.mark.parametrize("path", ["/book/", "/search/", "/exercises/", "/exercises/program/"])
def test_unknown_parameters_make_no_page_to_keep(db, client, settings, path):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    for number in range(3):
        client.get(f"{path}?x{number}={number}")

    assert list(SHELF.pages) == []


def test_more_parameters_than_a_page_has_are_refused(db, client):
    assert client.get("/search/?" + "&".join(["q=x"] * 1001)).status_code == 400


def test_an_address_of_more_than_four_kilobytes_is_refused_unread(site):
    line = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    line.request("GET", f"/search/?q={'x' * 4100}")

    assert line.getresponse().status == 414
