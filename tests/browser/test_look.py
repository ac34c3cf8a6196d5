"""Every public page: accessible in both schemes, whole on a small phone, without a script."""

from urllib.parse import urlsplit

import pytest

from tests.axe import violations
from tests.chromium import open_page

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("sqlite")


def test_the_menu_on_a_phone_opens_without_a_script(site, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"{site.url}/")

    page.get_by_text("Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Conditions").click()

    assert urlsplit(page.url).path == "/conditions/"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_header_takes_two_rows_at_most_on_a_phone_and_one_above(site, new_page, width):
    page = new_page(viewport={"width": width, "height": 844})
    page.goto(f"{site.url}/")

    height = page.locator(".top").bounding_box()["height"]

    assert height < (125 if width < 640 else 80)


def test_the_first_tab_stop_skips_to_the_main_content(site, new_page):
    page = new_page()
    page.goto(f"{site.url}/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


BAD_PAGES = {
    "image-alt": "<img src=x>",
    "label": "<input>",
    "color-contrast": "<p id=faint>Faint</p>",
    "page-has-heading-one": "<p>No heading</p>",
}


@pytest.mark.parametrize("rule", BAD_PAGES)
def test_axe_reports_a_planted_fault(browser, rule):
    heading = "" if rule == "page-has-heading-one" else "<h1>A heading</h1>"
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title>"
            "<style>#faint {color: #999; background: #fff}</style>"
            f"<main>{heading}{BAD_PAGES[rule]}</main>"
        )
        found = [line.split(":")[0] for line in violations(page)]

    assert found == [rule]
