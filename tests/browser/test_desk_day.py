"""The desk's day in a browser: with the mouse, by keyboard alone, and without a script.

Each step is done by names of links and buttons, and counted by `model_time`. `make desk-day` does
the whole day and prints the table; `make test` does one of each kind.
"""

import os

import pytest

from tests.browser.desk_day import live, missed, say, table
from tests.browser.desk_hands import HANDS
from tests.browser.desk_steps import SHORT, WHOLE, Day

# What the desk does does not depend on the database.
pytestmark = pytest.mark.only("sqlite")


@pytest.mark.parametrize("way", HANDS)
def test_the_day_is_done_and_no_step_takes_too_long(site, sign_in, way):
    day = Day(WHOLE if "WHOLE_DESK_DAY" in os.environ else SHORT)
    view = {"width": 1280, "height": 800}
    page = sign_in(site.url, viewport=view, java_script_enabled=HANDS[way].has_script)
    found = live(HANDS[way](page), day)
    for line in table(way, found):
        say(line)

    assert missed(way, found) == []
