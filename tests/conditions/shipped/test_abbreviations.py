"""A reader finds what letters stand for where a page says them first."""

import re
from html import unescape

import pytest

from conditions.models import Article, Condition, Page

UNREAD = re.compile(r"<(sup|svg|script)\b.*?</\1>", re.DOTALL)
LETTERS = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]s?\b")
# What needs no words here: countries, what patients say themselves, a name that went out of use.
KNOWN = {"US", "UK", "DC", "MRI", "CT", "SPD", "PT", "DPT", "OCS", "EXAMPLE"}
BEHIND = r"{0}(?:,? that of|,? the| is an?| is the| are| an?| in short)\b"
NEAR = 120  # letters from the first use to a sentence that explains it
# A fold with such a name says at once what it is.
NAMED = {"TENS": "TENS A device sends a weak current through pads on the skin."}


def words_of(html):
    """The words of a page on one line, down to its sources."""
    main = html[html.index("<main") : html.rindex("</main>")].split("<summary><h2>Sources")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", UNREAD.sub(" ", main))).split())


def is_explained(letters, words, at):
    """Whether the first use is in brackets behind its words, or explained beside it."""
    return (
        words[at - 1 :].startswith(f"({letters})")
        or words[:at].endswith("England's ")
        or bool(re.search(BEHIND.format(letters), words[at : at + NEAR]))
        or NAMED.get(letters, "\0") in words
    )


def unexplained(words):
    """The letters that a page says first without saying what they are."""
    first = {}
    for found in LETTERS.finditer(words):
        first.setdefault(found[0], found.start())
    return [
        letters
        for letters, at in first.items()
        if letters not in KNOWN and not is_explained(letters, words, at)
    ]


def test_letters_are_explained_where_a_page_says_them_first(content, client):
    services = Page.objects.filter(slug="services")
    pages = [*Condition.objects.all(), *Article.objects.all(), *services]
    addresses = [page.get_absolute_url() for page in pages]
    found = {each: unexplained(words_of(client.get(each).content.decode())) for each in addresses}

    assert len(found) == 17
    assert {address: letters for address, letters in found.items() if letters} == {}


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        (
            f"AOPT 2021 says so. {'It may help. ' * 20}AOPT is the guideline of therapists.",
            ["AOPT"],
        ),
        ("NSAIDs help. They are pain tablets (NSAIDs).", ["NSAIDs"]),
        ("See NICE.", ["NICE"]),
        ("NICE is the guideline of England, WHO that of the world.", []),
        ("A weak current (TENS), and more TENS.", []),
        ("Not TENS or traction. TENS is a weak current.", []),
    ],
)
def test_letters_that_nobody_explains_are_found(words, letters):
    assert unexplained(words) == letters
