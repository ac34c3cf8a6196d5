"""A reader finds every fact that the library has to tell: `briefs.yaml`, row by row."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from booking.models import InsurancePlan
from conditions.shipped import fixtures, loader
from tests.builders import add_hours, make_location, make_therapist, make_visit_type

# Lets the run make its database; the rows themselves are made once, in `pages`.
pytestmark = pytest.mark.django_db

Facts = Mapping[str, Mapping[str, list[str]]]  # address → row → words
FACTS: Facts = yaml.safe_load((Path(__file__).parent / "briefs.yaml").read_text("utf-8"))
# What is drawn, what machines read, and the numbers of sources between the words.
UNREAD = re.compile(r"<(sup|svg|script)\b.*?</\1>", re.DOTALL)
# What is folded away until a reader opens it: what each source says of a treatment.
FOLDED = re.compile(r"<details\b.*?</details>", re.DOTALL)
MOST_PERCENTAGES = 3  # to be read without opening anything: "about 1 in 4" is easier
SELF_HARM = re.compile(r"suicid|self-harm|(?:harm|hurt|kill)\w* yourself")
# A source's title leads to the article: its DOI is where the link goes.
ELSEWHERE = re.compile(r'<a href="https://([^"]+)">')


def visible(html: str) -> str:
    """The words of a page's main part and where its links to other sites lead, on one line."""
    main = UNREAD.sub(" ", html[html.index("<main") : html.rindex("</main>")])
    words = unescape(re.sub(r"<[^>]+>", " ", ELSEWHERE.sub(r"\1 ", main))).split()
    return re.sub(r" ([.,;:!?)])", r"\1", " ".join(words)).casefold()


def percentages(html: str) -> list[str]:
    """What a reader of a page meets, without unfolding anything, that is counted in hundredths."""
    return re.findall(r"[\d.]+ ?(?:%|per ?cent\b)", visible(FOLDED.sub(" ", html)))


def lacks_the_lifeline(words: str) -> bool:
    """Whether a page names self-harm or suicide, and not the number that is there for it."""
    return bool(SELF_HARM.search(words)) and "call or text 988" not in words


def untold(facts: Facts, pages: Mapping[str, str]) -> list[str]:
    """Every row with words that a reader does not find where they belong, one line each."""
    return [
        f"{address} {row}: {words}"
        for address, rows in facts.items()
        for row, told in rows.items()
        for words in told
        if words.casefold() not in pages[address]
    ]


@pytest.fixture(scope="module")
def html(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Each page, rendered once for all tests here; its rows are rolled back."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(DEMO=True),
    ):
        loader.load(fixtures.read(*fixtures.folders()))
        open_clinic()
        client = Client(headers={"host": "127.0.0.1"})
        found = {address: client.get(address).content.decode() for address in FACTS}
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def pages(html: dict[str, str]) -> dict[str, str]:
    """The words of each page."""
    return {address: visible(page) for address, page in html.items()}


def open_clinic() -> None:
    """What the clinic's own pages tell from the data."""
    make_location(
        access="Level entrance from the street.",
        parking="Free parking behind the building.",
        map_url="https://maps.example/willow-street",
    )
    add_hours(make_therapist(languages="English, Spanish"), 5, "9:00-12:00")
    make_visit_type(price="165.00")
    InsurancePlan.objects.create(name="Blue Plan")


def test_reader_finds_every_fact(pages):
    assert untold(FACTS, pages) == []


def test_every_public_page_has_facts_to_tell(pages):
    shipped = fixtures.read(*fixtures.folders())
    kinds = {"condition": "/conditions/", "article": "/articles/", "exercise": "/exercises/"}
    kinds |= {"page": "/"}
    addresses = {f"{kinds[row.name]}{row.slug}/" for row in shipped if row.name in kinds}

    assert addresses - set(FACTS) == set()


def test_fact_that_nobody_tells_is_found_out(pages):
    planted = {"/conditions/back-pain/": {"planted": ["main support", "cured by moonlight"]}}

    assert untold(planted, pages) == ["/conditions/back-pain/ planted: cured by moonlight"]


def test_lifeline_stands_wherever_a_page_names_self_harm(pages):
    assert [address for address, words in pages.items() if lacks_the_lifeline(words)] == []
    assert SELF_HARM.search(pages["/conditions/pregnancy-back-pelvic-pain/"])


def test_page_that_names_self_harm_alone_is_found_out():
    assert lacks_the_lifeline("call 911 if you think of harming yourself")
    assert not lacks_the_lifeline("if you think of harming yourself, call or text 988")
    assert not lacks_the_lifeline("lifting can harm you")


def test_no_page_has_more_than_three_percentages(html):
    found = {address: percentages(page) for address, page in html.items()}

    assert {a: many for a, many in found.items() if len(many) > MOST_PERCENTAGES} == {}


def test_shares_of_people_are_told_as_natural_frequencies(html):
    """A percentage is left for what is no share of people: how much less energy runners use."""
    found = {address: percentages(page) for address, page in html.items()}

    assert {address: many for address, many in found.items() if many} == {
        "/articles/strength-training-for-runners/": ["2%", "8%"]
    }


def test_percentages_are_counted_unless_they_are_folded_away():
    told = "<p>7% or 8.5 percent, 6 per cent</p><details><p>9%</p></details><p>1 in 4</p>"

    assert percentages(f"<main>{told}</main>") == ["7%", "8.5 percent", "6 per cent"]


def test_words_that_nobody_sees_are_not_told():
    hidden = '<main><svg><title>A</title></svg><p title="B">C<sup class="cite">1</sup>.</p></main>'

    assert visible(hidden) == "c."
