"""Of a card, the signs that fit what was typed stand open; every other is one click away."""

import re

import pytest

from clinic_site.search import results, signs
from clinic_site.search.words import known_words, meant
from conditions.models import UrgencyLine
from tests import shipped

CARD = re.compile(r'<section class="urgency (\w+)".*?</section>', re.DOTALL)
TYPED = "numb foot|numb groin|broken hip|chest pain|hot swollen knee|calf swollen|DVT|cancer"


@pytest.fixture
def content(db, settings):
    settings.DEMO = True
    shipped.load()


def cards_of(client, query):
    """Of each card: the lines that stand open, and those that are folded."""
    html = client.get("/search/", {"q": query}).content.decode()
    found = {}
    for match in CARD.finditer(html):
        open_part, _details, folded = match[0].partition("<details>")
        found[match[1]] = [re.findall(r"<li>(.*?)</li>", each) for each in (open_part, folded)]
    return found


def test_of_a_numb_foot_that_sign_stands_first_with_911_below(client, content):
    (shown, folded), (today, later) = cards_of(client, "numb foot").values()
    html = client.get("/search/", {"q": "numb foot"}).content.decode()
    card = html[html.index('class="urgency emergency"') : html.index("<details>")]

    assert (shown[0], len(shown), bool(folded), len(today), bool(later)) == (
        "the foot is numb or cold, or has changed color",
        5,
        True,
        3,
        True,
    )
    assert 'href="tel:911"' in card


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("numb foot", ["<form", "urgency emergency", 'id="results"', "urgency urgent"]),
        ("cancer", ["<form", "urgency urgent", 'id="results"']),
        ("numb groin", ["<form", "urgency emergency", 'id="results"']),
    ],
)
def test_the_most_urgent_card_stands_before_the_answers(client, content, query, order):
    html = client.get("/search/", {"q": query}).content.decode()
    main = html[html.index("<main") :]
    places = [main.index(each) for each in order]

    assert (places, "urgency urgent" in main) == (sorted(places), "urgency urgent" in order)


@pytest.mark.parametrize("query", TYPED.split("|"))
def test_no_sign_of_a_card_is_lost(client, content, query):
    about = results.warning(query)[1]
    whole = results.cards(about)
    found = cards_of(client, query)

    for level, (shown, folded) in found.items():
        lines = [line.text for line in getattr(whole, level)]
        assert sorted(shown + folded) == sorted(lines)


def test_where_no_line_fits_none_is_folded():
    lines = [UrgencyLine(pk=number, text=f"sign {number}") for number in range(9)]

    found = signs.fitting(lines, meant("DVT", known_words()), 5)

    assert (found.shown, list(found.folded)) == (lines, [])


def test_lines_that_fit_alike_keep_their_order():
    texts = ["a leg is weak", "you have chest pain", "it is numb", "numbness in the foot", "legal"]
    lines = [UrgencyLine(pk=number, text=text) for number, text in enumerate(texts)]

    found = signs.fitting(lines, [frozenset(["numb"]), frozenset(["foot"])], 3)

    assert [line.text for line in found.shown] == [texts[3], texts[2], texts[0]]
    assert [line.text for line in found.folded] == [texts[1], texts[4]]
