"""The press-up has one rule, wherever it is read, and no page offers it that says to skip it."""

import re

import pytest

from conditions.models import Condition, ConditionExercise, SafetyLine
from conditions.pages import uses
from conditions.pages.program import path
from tests.conditions.shipped.cards import CARD, TOWARD_THE_BACK

SKIPS_IT = "lumbar-spinal-stenosis"


def page(slug):
    return f"/conditions/{slug}/"


def sheet(slug):
    return path([use.exercise for use in uses.for_condition(slug)], slug)


@pytest.mark.parametrize("where", [page, sheet])
def test_no_card_speaks_of_a_press_up_where_the_page_says_to_skip_it(content, client, where):
    html = client.get(where(SKIPS_IT)).content.decode()
    cards = CARD.findall(html)

    assert "skip moves that arch your back" in Condition.objects.get(slug=SKIPS_IT).do_now
    assert len(cards) == 8
    assert [card for card in cards if re.search("press-up", card, re.IGNORECASE)] == []


def test_every_condition_that_uses_it_says_its_rule(content):
    rows = ConditionExercise.objects.filter(exercise__slug="prone-press-up")

    assert {row.condition.slug: row.caution for row in rows.select_related("condition")} == {
        "disc-problems": TOWARD_THE_BACK,
        "sciatica": TOWARD_THE_BACK,
    }


def test_pain_that_leaves_the_foot_for_the_buttock_stops_nobody(content):
    """That is pain which moves toward the back: the rule says to do more."""
    lines = SafetyLine.objects.filter(exercise__slug="prone-press-up", kind="stop")

    assert [line.text for line in lines] == [
        "the pain grows, moves down the leg, or newly appears in a leg or buttock when only your "
        "back hurt"
    ]
