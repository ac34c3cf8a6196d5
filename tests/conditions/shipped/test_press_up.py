"""The press-up has one rule, wherever it is read, and no page offers it that says to skip it."""

import re

import pytest

from conditions.models import Condition
from conditions.pages import uses
from conditions.pages.program import path
from tests.conditions.shipped.test_uses import CARD

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
