"""No sign stands on a page at two levels: on one card it calls for 911, on another for a doctor."""

import re

import pytest

from conditions.models import BodyArea, Condition, UrgencyLine
from conditions.pages import urgency
from tests.conditions.builders import make_condition

# From the most urgent on.
LEVELS = ["emergency", "urgent", "routine"]
SHRINKING = "both legs, on walking"
# What a reader takes for the same sign → the words for it, in the lines that are about it.
SIGNS = {
    SHRINKING: r"both legs|you can walk",
    "legs get weaker": r"(getting|get|gets) weaker",
    "one leg is weak or numb": r"one leg",
    "numb genitals": r"genital",
    "bladder or bowels": r"bladder|cannot pass urine",
    "fainting": r"faint|black(ed)? out",
    "sexual feeling": r"\bsex",
    "severe": r"\bsevere",
    "a fall": r"(came|began) (with|after) (a|the) (small )?fall",
    "a bad fall or a blow": r"bad fall|hard blow|crash|hurt your head",
    "cancer": r"cancer",
    "a fever": r"you have a fever\b",
    "short breath": r"breath\b",
    "stiff": r"\bstiff (for|more|each)|been stiff",
    "psoriasis or bowel": r"psoriasis|inflamed bowel",
    "at night": r"night",
    "a lump": r"lump",
    "sight": r"sight",
    "clumsy": r"clums",
    "an arm is weak or numb": r"\barm (newly|suddenly|is suddenly)",
    "both shoulders": r"both shoulders",
    "a calf": r"\bcalf",
    "a hot joint": r"(knee|joint|hip) is (hot|red)",
    "chest": r"chest",
}
# The words of a milder line by which it gives way to a sign that is more urgent, or is another.
GIVES_WAY = re.compile(
    r"and no sign calls for 911|not getting worse|old and unchanged|without a fever"
)


def twice(cards):
    """Each sign that stands at two levels, with the milder lines that do not give way."""
    found = {}
    for sign, words in SIGNS.items():
        lines = [[row.text for row in getattr(cards, level)] for level in LEVELS]
        here = [[text for text in texts if re.search(words, text)] for texts in lines]
        most = next((place for place, texts in enumerate(here) if texts), 0)
        milder = [text for texts in here[most + 1 :] for text in texts]
        if left := [text for text in milder if not GIVES_WAY.search(text)]:
            found[sign] = left
    return found


@pytest.fixture
def pages(content):
    """The cards of each shipped page, of a page of each part of the body, and of no page."""
    of_pages = {row.slug: urgency.cards(row) for row in Condition.objects.all()}
    for area in BodyArea.objects.all():
        page = make_condition(slug=f"{area.slug}-page", areas=[area])
        of_pages[page.slug] = urgency.cards(page)
    return of_pages | {"": urgency.cards()}


def test_no_sign_stands_on_a_page_at_two_levels(pages):
    assert {page: found for page, cards in pages.items() if (found := twice(cards))} == {}
    assert len(pages) == 20


def test_each_sign_stands_somewhere(pages):
    texts = [
        row.text for cards in pages.values() for level in LEVELS for row in getattr(cards, level)
    ]

    assert [sign for sign, words in SIGNS.items() if not re.search(words, "\n".join(texts))] == []


# As the pages once had them.
PLANTED = [
    ("lumbar-spinal-stenosis", "routine", "you can walk less and less far", SHRINKING),
    ("upper-back-pain", "emergency", "the pain came with a fall or a crash", "a fall"),
    ("upper-back-page", "urgent", "it is severe, or gets worse and worse", "severe"),
    ("", "urgent", "you blacked out and fell, or fell several times", "fainting"),
    ("shoulder-page", "urgent", "you have cancer now, and a new pain does not ease", "cancer"),
    ("spine-osteoarthritis", "urgent", "you are stiff for long each morning", "stiff"),
    ("pregnancy-back-pelvic-pain", "urgent", "you have a fever or feel unwell", "a fever"),
]


@pytest.mark.parametrize(("page", "level", "text", "sign"), PLANTED)
def test_a_sign_that_stands_at_two_levels_is_found_out(pages, page, level, text, sign):
    getattr(pages[page], level).append(UrgencyLine(text=text))

    assert list(twice(pages[page])) == [sign]
