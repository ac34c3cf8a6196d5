"""Every public page: accessible in both schemes, whole on a small phone, without a script."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from booking.calendars import hours
from booking.models import Closure, Weekday
from tests.axe import violations
from tests.browser.hands import choose_last_time
from tests.browser.looks import faults
from tests.builders import add_hours, make_therapist
from tests.chromium import follow, open_page

# What the pages look like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

EXPECTED = ["/", "/conditions/back-pain/", "/book/", "/services/", "/contact/", "/team/"]
CLINIC = "Willow Street Physical Therapy"


# A link of a drawing says its address as it stands.
LINKS = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"


def kind(path: str) -> str:
    """Pages of one kind stand for each other: one time to book, one condition…"""
    return re.sub(r"^/book/.+/\d{8}T\d{4}Z/$", "/book/a-time/", path)


def public_pages(page, start: str) -> Iterator[tuple[str, int]]:
    """Open one page of every kind that links lead to; gives its path and status."""
    seen, waiting = set(), [start]
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if kind(path) in seen or not path.endswith("/"):
            continue
        seen.add(kind(path))
        status = page.goto(address).status
        links = page.eval_on_selector_all("a[href]", LINKS)
        waiting += [urldefrag(link)[0] for link in links if link.startswith(urljoin(start, "/"))]
        yield kind(path), status


def test_every_public_page_is_accessible_and_fits_a_small_phone(demo, new_page):
    page = new_page()
    found, titles = {}, {}
    for path, status in public_pages(page, f"{demo.url}/"):
        titles[path] = page.title()
        if wrong := faults(page):
            found[path] = wrong
        if status != 200:
            found[path] = [f"answers {status}"]

    assert (found, [path for path in EXPECTED if path not in titles]) == ({}, [])
    assert [title for title in titles.values() if not title.endswith(f" – {CLINIC}")] == []
    assert sorted(set(titles.values())) == sorted(titles.values())


def start_booking(page, site) -> str:
    """Choose the last time on offer; gives the address of its details."""
    page.goto(f"{site.url}/book/?therapist=maya-lindqvist")
    choose_last_time(page)
    return page.url


def target(address: str) -> str:
    """Therapist and instant of a time, as all addresses that lead to it write them."""
    return re.search(r"[^/]+/\d{8}T\d{4}Z", address)[0]


def send_details(page) -> None:
    page.get_by_label("No, none of these").check()
    page.get_by_label("Name of the person coming").fill("Rosa Marquez")
    page.get_by_label("Telephone number").fill("(212) 555-0199")
    page.get_by_label("E-mail").fill("rosa@example.org")
    follow(page.get_by_role("button", name="Book this time"))


def seen(page) -> tuple[str, list[str]]:
    return page.locator("h1").inner_text(), faults(page)


def test_every_step_to_a_visit_is_accessible_and_fits_a_small_phone(demo, new_page):
    page, slower = new_page(), new_page()
    details = start_booking(page, demo)
    slower.goto(details)
    steps = [seen(page)]
    follow(page.get_by_role("button", name="Book this time"))
    steps.append(seen(page))
    page.get_by_label("Yes, at least one").check()
    follow(page.get_by_role("button", name="Book this time"))
    steps.append(seen(page))
    follow(page.get_by_role("button", name="Go back to the form"))
    send_details(page)
    steps.append(seen(page))
    send_details(slower)
    steps.append(seen(slower))

    assert steps == [
        ("Your details", []),
        ("Your details", []),
        ("Call 911 or go to an emergency room now", []),
        ("Your visit is booked", []),
        ("That time cannot be booked", []),
    ]


def test_every_change_of_a_visit_is_accessible_and_fits_a_small_phone(demo, new_page):
    page = new_page(base_url=demo.url)
    own = target(start_booking(page, demo))
    send_details(page)
    page.goto("/appointment/come/")
    steps = [seen(page)]
    follow(page.get_by_role("button", name="I will come"))
    expect(page.get_by_text("You told us that you will come.")).to_be_visible()
    steps.append(seen(page))
    follow(page.get_by_role("link", name="Move my visit"))
    page.locator(".choose summary").click()
    expect(page.get_by_label("Time of day")).to_be_visible()
    steps.append(seen(page))
    # Not the first, which may be too near by now; nor the visit's own, which may be the last.
    follow(page.locator(f".times a:not([href*='{own}'])").last)
    steps.append(seen(page))
    page.goto("/appointment/cancel/")
    steps.append(seen(page))
    follow(page.get_by_role("button", name="Yes, cancel my visit"))
    steps.append(seen(page))
    follow(page.get_by_role("button", name="Forget on this device"))
    page.goto("/appointment/")
    steps.append(seen(page))
    follow(page.get_by_role("link", name="Have the link sent again"))
    steps.append(seen(page))
    page.get_by_label("E-mail").fill("rosa")
    follow(page.get_by_role("button", name="Send me the link"))
    steps.append(seen(page))
    page.get_by_label("E-mail").fill("rosa@example.org")
    follow(page.get_by_role("button", name="Send me the link"))
    steps.append(seen(page))
    page.goto("/m/no-such-link/")
    steps.append(seen(page))

    assert steps == [
        ("Your visit is booked", []),
        ("Your visit is booked", []),
        ("Move your visit", []),
        ("Move your visit?", []),
        ("Cancel your visit?", []),
        ("Your visit is cancelled", []),
        ("Your visit", []),
        ("Lost your link?", []),
        ("Lost your link?", []),
        ("Look at your e-mail", []),
        ("We cannot find that page", []),
    ]


def test_the_menu_on_a_phone_opens_without_a_script(site, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"{site.url}/")

    page.get_by_text("Menu").click()
    follow(page.get_by_role("navigation", name="Main").get_by_role("link", name="Conditions"))

    assert urlsplit(page.url).path == "/conditions/"


@pytest.fixture
def closed_until_wednesday(site):
    """The header says as much of its hours as it ever does, whatever day it is."""
    therapist = make_therapist(hours="")
    add_hours(therapist, Weekday.WEDNESDAY, "10:30-17:00")
    # Whole days, tomorrow among them: otherwise the name of the day would be left out.
    today = hours.today(timezone.now())
    span = {"starts_at": hours.day_start(today), "ends_at": hours.day_start(today + 2 * hours.DAY)}
    Closure.objects.create(name="Storm", **span)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_header_takes_two_rows_at_most_on_a_phone_and_one_above(
    site, new_page, closed_until_wednesday, width
):
    page = new_page(viewport={"width": width, "height": 844})
    page.goto(f"{site.url}/")
    assert page.locator(".call .open").text_content() == "opens Wednesday, 10:30 a.m."

    height = page.locator(".top").bounding_box()["height"]

    assert height < (125 if width < 640 else 80)


def test_the_first_tab_stop_skips_to_the_main_content(site, new_page):
    page = new_page()
    page.goto(f"{site.url}/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


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


def test_a_planted_fault_of_the_dark_scheme_alone_is_reported(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title><style>@media (prefers-color-scheme:"
            "dark) {p {color: #222; background: #000}}</style><main><h1>A heading</h1><p>Faint</p>"
        )

        assert faults(page) == ["dark: color-contrast: <p>Faint</p>"]


def test_a_planted_wide_page_with_a_script_is_reported(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title><style>p {width: 600px}</style>"
            "<main><h1>A heading</h1><p>Too wide</p></main><script>1</script>"
        )

        assert faults(page) == ["wider than a small phone", "has a script"]


def test_a_planted_time_over_two_lines_is_reported(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title><main><h1>A heading</h1>"
            "<p style='width: 3rem'>9:30 a.m.</p><p style='width: 3rem'>9:30&nbsp;a.m."
        )

        assert faults(page) == ["at 320 px: broken: 9:30 a.m.", "at 390 px: broken: 9:30 a.m."]


def test_a_planted_telephone_number_over_two_lines_is_reported(browser):
    with open_page(browser) as (page, _):
        page.set_content(
            "<!doctype html><html lang=en><title>Bad</title><main><h1>A heading</h1>"
            "<p style='width: 7rem'><a href=tel:+12125550143>Call (212) 555-0143</a>"
            "<p style='width: 7rem; white-space: nowrap'><a href=tel:+12125550144>Call (212) "
            "555-0144</a><p style='width: 7rem'>Call (212) 555-0145"
        )

        number = "broken: (212) 555-0143"
        assert faults(page) == [f"at 320 px: {number}", f"at 390 px: {number}"]


def test_search_is_accessible_and_fits_a_small_phone(demo, new_page):
    page = new_page(base_url=demo.url)
    found = {}
    for query in ["", "?q=can't+pee", "?q=fever", "?q=xylophone", "?q=back"]:
        page.goto(f"/search/{query}")
        found[query] = faults(page)

    assert found == {query: [] for query in found}


def test_every_step_of_a_question_is_accessible_and_fits_a_small_phone(demo, new_page):
    page = new_page()
    page.goto(f"{demo.url}/contact/question/")
    follow(page.get_by_role("button", name="Send my question"))
    steps = [seen(page)]
    page.get_by_label("No, none of these").check()
    page.get_by_label("Your name").fill("Rosa Marquez")
    page.get_by_label("Telephone number").fill("(212) 555-0199")
    page.get_by_label("Your question").fill("Do you have parking?")
    follow(page.get_by_role("button", name="Send my question"))
    steps.append(seen(page))

    assert steps == [("Ask a question", []), ("Your question is sent", [])]
