"""The patient's way for every hand, eye and ear: what the usual checkers do not find."""

import pytest
from playwright.sync_api import Page

from tests.browser import senses
from tests.browser.hands import choose_last_time, fill
from tests.chromium import follow, open_page, planted

# What the pages look like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

PAGES = [
    "/",
    "/conditions/back-pain/",
    "/book/",
    "/contact/",
    "/book/earlier/",
    "/appointment/lost/",
]
SEEN = (senses.large_text, senses.small_targets, senses.invalid_fields)
SEEN += (senses.undescribed_questions, senses.repeated_words)


def faults(page: Page) -> list[str]:
    """All that is wrong with a page that nobody has answered yet."""
    return [fault for measure in SEEN for fault in measure(page)]


def test_pages_are_there_for_every_hand_eye_and_ear(demo, new_page):
    page = new_page(base_url=demo.url)
    found = {}
    for path in PAGES:
        page.goto(path)
        found[path] = faults(page) + senses.menu_that_stays(page)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


LISTS = [
    "/conditions/",
    "/exercises/program/",
    "/team/maya-lindqvist/",
    "/costs/",
    "/search/?q=numb+foot",
]


def test_what_stands_side_by_side_has_room_for_large_letters_on_a_small_phone_too(demo, new_page):
    page = new_page(base_url=demo.url)
    found = {}
    for path in LISTS:
        page.goto(path)
        found[path] = senses.large_text(page)

    assert found == {path: [] for path in LISTS}


def test_every_step_of_a_booking_is_there_for_every_hand_eye_and_ear(demo, new_page):
    page = new_page(base_url=demo.url, java_script_enabled=False)
    found = {}
    page.goto("/book/?for=back-pain")
    choose_last_time(page)
    found["details"] = faults(page)
    follow(page.get_by_role("button", name="Book this time"))
    found["after an error"] = senses.lost_focus(page) + senses.large_text(page)
    page.get_by_label("No, none of these").check()
    fill(page)
    follow(page.get_by_role("button", name="Book this time"))
    assert page.locator("h1").inner_text() == "Your visit is booked"
    found["proof"] = faults(page)
    follow(page.get_by_role("link", name="Move my visit"))
    found["move"] = faults(page)

    assert found == {"details": [], "after an error": [], "proof": [], "move": []}


FIRST_TIME = {(390, 844): 600, (768, 1024): 600, (1280, 800): 450}


def test_the_first_times_stand_on_the_first_screen_in_one_row_of_days(demo, new_page):
    page = new_page(base_url=demo.url)
    for path in ("/book/", "/book/?for=back-pain", "/book/?therapist=maya-lindqvist"):
        for (width, height), most in FIRST_TIME.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path)
            top = page.locator("#times a").first.bounding_box()["y"]
            shown = page.locator(".days [aria-current]").bounding_box()

            assert (path, width, top <= most) == (path, width, True)
            assert (senses.rows_of(page, ".days li"), senses.rows_of(page, ".chips li")) == (1, 1)
            assert 0 <= shown["x"] <= width - shown["width"]


def test_the_first_time_is_at_most_eight_stops_away(demo, new_page):
    page = new_page(base_url=demo.url, java_script_enabled=False)
    page.goto("/book/")

    assert senses.stops_to(page, page.locator("#times a").first, "^Skip to the times$") <= 8


QUESTION = (
    "<fieldset role=radiogroup><legend>Any?</legend><input type=radio name=red_flags required>"
)
PLANTED = {
    "at 320 px: covered: “(212) 555-0143”": (
        senses.large_text,
        "<p>Call <a id=phone href='tel:1'>(212) 555-0143</a></p><a id=over href=/>Book</a>",
    ),
    "at 1024 px: cut off: p “A long line that is cut”": (
        senses.large_text,
        "<p id=cut>A long line that is cut</p>",
    ),
    "at 390 px: wider than the window": (senses.large_text, "<p id=wide>Wide</p>"),
    "small: button “Go”": (senses.small_targets, "<button id=tiny>Go</button>"),
    "invalid: radio “”": (senses.invalid_fields, QUESTION),
    "not described by its list": (senses.undescribed_questions, QUESTION),
    "the focus is not on the summary": (senses.lost_focus, "<div role=alert>Wrong</div>"),
    "said again: monday": (
        senses.repeated_words,
        "<section><h2>Monday</h2><ul class=times><li><a href=/>Monday, 9 a.m.</a></ul></section>",
    ),
    "the menu stays open": (
        senses.menu_that_stays,
        "<nav class=nav><details><summary>Menu</summary><ul><li>One</ul></details></nav>",
    ),
}
PLANTED_STYLES = """
#phone { display: inline-block }
#over { position: absolute; inset: 0; background: silver }
#cut { width: 60px; overflow: hidden; white-space: nowrap }
#wide { width: 600px }
#tiny { width: 20px; height: 20px; padding: 0; overflow: hidden }
"""


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_reported(browser, fault):
    measure, body = PLANTED[fault]
    with open_page(browser) as (page, _):
        page.set_content(planted(PLANTED_STYLES, body))

        assert fault in measure(page)


def test_two_rows_and_a_long_way_are_counted(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title><ul class=days>"
            + "<li style='float:left;width:200px'><a href=/>Day</a></li>" * 12
            + "</ul><p><a id=time href=/>9 a.m.</a></p>"
        )

        page.set_viewport_size({"width": 390, "height": 844})
        assert senses.rows_of(page, ".days li") == 12
        assert senses.stops_to(page, page.locator("#time"), "^Skip to the times$") == 13
