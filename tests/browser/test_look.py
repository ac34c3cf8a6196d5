"""Every public page: accessible in both schemes, whole on a small phone, without a script."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.axe import violations
from tests.chromium import open_page

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

EXPECTED = ["/", "/conditions/back-pain/", "/book/", "/services/", "/contact/", "/team/"]
SCHEMES = ["light", "dark"]
PAGE_IS_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def demo(serve):
    """The demo clinic: every public page has something to show."""
    site = serve(environment={"DEMO": "1"})
    for command in ("load_content", "load_demo"):
        site.manage(command).check_returncode()
    return site


def kind(path: str) -> str:
    """Pages of one kind stand for each other: one time to book, one condition…"""
    return re.sub(r"^/book/.+/\d{8}T\d{4}Z/$", "/book/a-time/", path)


def public_pages(page, start: str) -> dict[str, str]:
    """One address for every kind of page that can be reached from the first by links."""
    found, waiting = {}, [start]
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if kind(path) in found or not path.endswith("/"):
            continue
        found[kind(path)] = address
        page.goto(address)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting += [urldefrag(link)[0] for link in links if link.startswith(urljoin(start, "/"))]
    return found


def test_every_public_page_is_accessible_in_both_schemes(demo, browser, new_page):
    pages = public_pages(new_page(java_script_enabled=True), f"{demo.url}/")
    found = {}
    for scheme in SCHEMES:
        page = new_page(color_scheme=scheme)
        for path, address in pages.items():
            page.goto(address)
            if wrong := violations(page):
                found[f"{path} {scheme}"] = wrong

    assert (found, [path for path in EXPECTED if path not in pages]) == ({}, [])


def test_every_public_page_fits_a_small_phone_and_needs_no_script(demo, browser, new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    faults = {}
    for path, address in public_pages(page, f"{demo.url}/").items():
        response = page.goto(address)
        scripts = page.locator("script:not([type='application/ld+json'])").count()
        wider = page.evaluate(PAGE_IS_WIDER)
        if (response.status, scripts, wider) != (200, 0, False):
            faults[path] = (response.status, scripts, wider)

    assert faults == {}


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
