"""Every article that ships opens in short, and says there nothing that it does not say below."""

import re

import pytest

from conditions.models import Article, PageSection
from conditions.pages import in_short
from conditions.pages.text import CITATION

FACT = re.compile(rf"{CITATION.pattern}|\d[\d,.]*\d|\d")
PLACE = re.compile(r"^\d+\. ", re.MULTILINE)  # the number of an item is no fact
COSTS = "costs-5"


def facts(text):
    """The numbers and the sources of a text."""
    return {found[0] for found in FACT.finditer(PLACE.sub("", text))}


def said_below(article):
    return "\n".join(section.text for section in article.sections.all())


def test_every_article_opens_in_short(content):
    told = {
        article.slug: [str(row.words) for row in in_short.rows(article)]
        for article in Article.objects.all()
    }

    assert len(told) == 6
    assert set(map(tuple, told.values())) == {tuple(map(str, in_short.WORDS[Article].values()))}


def test_no_number_and_no_source_stands_in_short_alone(content):
    alone = {
        article.slug: facts(row.text) - facts(said_below(article))
        for article in Article.objects.all()
        for row in in_short.rows(article)
    }

    assert {slug: found for slug, found in alone.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. Walk.\n2. Rest.", set()),
        ("In 4 to 6 weeks, of 11,956 people [@study].", {"4", "6", "11,956", "[@study]"}),
    ],
)
def test_facts_are_numbers_and_sources(text, found):
    assert facts(text) == found


def test_number_of_visits_is_the_one_of_the_page_of_costs(content):
    of_costs = PageSection.objects.get(slug=COSTS).text
    article = Article.objects.get(slug="physical-therapy-for-back-pain")
    said = re.compile(r"At our clinic most people come [\d to]+ times")

    assert (
        said.findall(of_costs)
        == said.findall(said_below(article))
        == said.findall(article.how_long)
    )
    assert len(said.findall(of_costs)) == 1
