"""The list of exercises on a phone: its first card is near, and choosing needs no script."""

import pytest
from playwright.sync_api import expect

from tests.chromium import follow

# What the page looks like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

PHONE = {"width": 390, "height": 844}
FIRST_CARD_AT_MOST = 900  # CSS pixels from the top of the page


def test_first_card_is_near_and_a_condition_is_chosen_and_taken_off(demo, new_page):
    page = new_page(base_url=demo.url, java_script_enabled=False, viewport=PHONE)
    page.goto("/exercises/")
    cards = page.locator(".content .exercise")
    before = cards.first.bounding_box()["y"], cards.count()
    page.get_by_label("My problem").select_option(label="Sciatica and pinched nerve")
    follow(page.get_by_role("button", name="Show", exact=True))
    chosen = page.get_by_label("My problem").locator("option:checked").inner_text(), cards.count()
    expect(page.locator(".found")).to_contain_text("7 exercises for sciatica")
    follow(page.get_by_role("link", name="Show all 16"))

    assert before[0] <= FIRST_CARD_AT_MOST
    assert (before[1], chosen, cards.count()) == (16, ("Sciatica and pinched nerve", 7), 16)
