"""No dead ends, on a phone and on a desk: one's visits, moved visits, loose links, searches."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from booking.models import Appointment
from booking.visits import tokens
from tests.browser.hands import fill
from tests.browser.looks import faults
from tests.chromium import follow

# What is shown does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

SIZES = [{"width": 390, "height": 844}, {"width": 1280, "height": 800}]
WHEN = re.compile(r"You have a visit on (\w+, \w+ \d+, \S+ \S+) with")


@pytest.fixture(params=SIZES, ids=["phone", "desk"])
def page(request, site, clinic, serve, new_page):
    """A browser on a site that shows its example content."""
    url = serve(environment={"DEMO": "1", "MINIMUM_FILL_SECONDS": "0"}).url
    return new_page(base_url=url, viewport=request.param)


def book(page, nth, **typed):
    """A visit of next week: what is near can be changed by telephone alone."""
    page.goto(f"/book/?from={timezone.localdate() + timedelta(days=7)}")
    follow(page.locator(".day .times a").nth(nth))
    page.get_by_label("No, none of these").check()
    fill(page, **typed)
    follow(page.get_by_role("button", name="Book this time"))
    expect(page.locator("h1")).to_have_text("Your visit is booked")


def heading(page):
    return page.locator("h1").inner_text()


def test_two_visits_of_one_device_are_named_shown_and_moved(page):
    book(page, -1)
    book(page, -6, name="Luis Marquez", email="luis@example.org", phone="(212) 555-0142")
    expect(page.get_by_text("You also have")).to_be_visible()
    assert faults(page) == []

    page.goto("/book/")
    named = page.locator(".notice").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert len(WHEN.findall(named)) == 2
    first = page.locator("#times a").first.bounding_box()
    assert first["y"] + first["height"] <= page.viewport_size["height"]
    assert faults(page) == []
    follow(page.get_by_role("button", name="See, move or cancel it").last)
    assert "Rosa Marquez" in page.locator(".visit").inner_text()
    follow(page.get_by_role("button", name="See this visit"))
    assert "Luis Marquez" in page.locator(".visit").inner_text()

    follow(page.get_by_role("link", name="Move my visit"))
    follow(page.locator(".day .times a").first)
    follow(page.get_by_role("button", name="Yes, move my visit"))
    assert heading(page) == "Your visit has moved"
    facts = page.locator("dl.facts").inner_text()
    assert ("Old time" in facts, "New time" in facts) == (True, True)
    assert faults(page) == []

    follow(page.get_by_role("button", name="Forget on this device"))
    page.goto("/book/")
    expect(page.get_by_text("You have a visit")).to_have_count(0)


def test_a_loose_link_opens_the_visit_and_a_dead_one_leads_to_another(page):
    book(page, -1)
    token = tokens.make(Appointment.objects.get())
    page.context.clear_cookies()
    for copied in (".", ")", ",", ">", "%3E", "/)", "/."):
        page.goto(f"/m/{token}{copied}")
        assert (copied, heading(page)) == (copied, "Your visit is booked")
        page.context.clear_cookies()
    assert "nothing came?" not in page.locator("main").inner_text()

    page.goto(f"/m/{'x' * 43}/")
    assert heading(page) == "We cannot find that page"
    follow(page.get_by_role("link", name="Have the link to your visit sent again"))
    assert heading(page) == "Lost your link?"


def test_the_menu_leads_to_the_visit_and_capitals_to_the_page(page):
    page.goto("/BOOK/")
    assert page.url.endswith("/book/")
    menu = page.locator(".nav")
    if not menu.get_by_role("link", name="Your visit").is_visible():
        menu.get_by_role("button", name="Menu").click()
    follow(menu.get_by_role("link", name="Your visit"))
    follow(page.get_by_role("link", name="Have the link sent again"))
    assert heading(page) == "Lost your link?"


@pytest.mark.parametrize(
    ("query", "first", "says"),
    [
        ("what to wear", "/first-visit/", "Ask a person"),
        ("mattress", "/conditions/back-pain/", "Back pain"),
        ("lost my link", "/appointment/lost/", "Ask a person"),
        ("knee pain", "", "We have no page on this part yet: knee"),
        ("xylophone", "", "We found nothing for these words."),
        ("suicide", "", "You can call or text 988 at any hour."),
    ],
)
def test_a_search_is_answered(page, query, first, says):
    page.goto("/search/")
    page.fill("#search", query)
    follow(page.locator("main [role=search] button"))
    main = page.locator("main")

    assert says in main.inner_text()
    assert main.locator("[href^='tel:']").count() > 0
    assert faults(page) == []
    if first:
        card = page.locator(".found li").first
        box = card.bounding_box()
        with page.expect_navigation():
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
        assert page.url.endswith(first)
