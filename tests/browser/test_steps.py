"""How much a booking asks of a patient: taps, requests, files and fields, counted in a browser."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page

from booking.calendars import instants
from booking.models import Appointment, Therapist
from tests.axe import violations
from tests.browser.hands import enter, fill, jump, reach, runs_no_script, to_content, write
from tests.builders import visit
from tests.chromium import follow

# What a browser asks for does not depend on the database; PostgreSQL's process has the time.
pytestmark = pytest.mark.only("postgresql")

HTML = "text/html; charset=utf-8"


class Effort:
    """What is asked of the patient from now on, and of the network."""

    def __init__(self, page: Page) -> None:
        self.taps, self.answers, self.files = 0, [], set()
        # Asked for the tab's icon, Chromium tells its devtools, and Playwright does not.
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self.on_request)

    def on_request(self, event: dict) -> None:
        if event.get("type") == "Document":
            self.answers.append(event["request"]["method"])
        else:
            path = urlsplit(event["request"]["url"]).path
            self.files.add(re.sub(r"\.[0-9a-f]{12}\.", ".", path))

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def tap_through(self, target: Locator) -> None:
        self.taps += 1
        follow(target)


def open_condition(page: Page) -> Effort:
    """The condition page, from which the patient's steps are counted; files from it on."""
    effort = Effort(page)
    page.goto("/conditions/back-pain/")
    effort.answers.clear()
    return effort


def send(page: Page, effort: Effort) -> None:
    effort.tap(page.get_by_label("No, none of these"))
    fill(page)
    effort.tap_through(page.get_by_role("button", name="Book this time"))
    assert page.locator("h1").inner_text() == "Your visit is booked"


def test_a_time_beside_the_condition_is_three_taps_and_three_requests_away(walk):
    _site, page = walk
    effort = open_condition(page)
    effort.tap_through(page.locator(".times a").last)  # the first may be too near by now
    send(page, effort)

    assert (effort.taps, effort.answers) == (3, ["GET", "POST", "GET"])


def test_a_chosen_time_takes_four_taps_four_requests_and_seven_files(walk):
    _site, page = walk
    effort = open_condition(page)
    effort.tap_through(page.get_by_role("link", name="Book an initial consultation").first)
    effort.tap_through(page.locator(".day .times a").last)  # of the next day
    required = page.locator("form [required]")
    asked = required.evaluate_all("all => [...new Set(all.map(field => field.name))]")
    send(page, effort)

    assert (effort.taps, effort.answers) == (4, ["GET", "GET", "POST", "GET"])
    assert asked == ["name", "phone", "email"]  # the group of the question says so of itself
    assert effort.files == {
        "/static/css/print.css",
        "/static/drawings/areas.svg",
        "/static/figures.svg",
        "/static/fonts/fraunces.woff2",
        "/static/icon.svg",
    }


def choose_by_keyboard(page: Page) -> None:
    """Mornings alone, and the first of the week's last day."""
    to_content(page)
    reach(page, page.locator(".choose summary"), 80)
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("Time of day"), 4)
    page.keyboard.press("m")  # Morning
    enter(page, page.get_by_role("button", name="Show these times"), 4)
    assert page.locator(".day h3").all_inner_texts() == ["Morning"]
    choose_last_day(page)
    assert page.locator("h1").inner_text() == "Your details"


def choose_last_day(page: Page) -> None:
    """Its first time, past the days by the second link of the page."""
    to_content(page)
    enter(page, page.locator(".days a:not([rel])").last, 10)
    page.keyboard.press("Tab")
    jump(page, page.get_by_role("link", name="Skip to the times"), 1, page.locator("#times"))
    enter(page, page.locator("#times a").first, 1)


class Looker:
    """A page with scripts, in which axe can look at what a page without them shows."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def heading_and_faults(self, shown: Page) -> tuple[str, list[str]]:
        html = shown.content()
        self.page.route("**/shown/", lambda route: route.fulfill(body=html, content_type=HTML))
        self.page.goto("/shown/")
        self.page.unroute("**/shown/")
        return self.page.locator("h1").inner_text(), violations(self.page)


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def stop_by_keyboard(page: Page, looker: Looker) -> None:
    """Say that a sign is there, meet "call 911", and go back to the form, to what it holds."""
    to_content(page)  # the name has the focus
    page.keyboard.type("Rosa Marquez")
    reach(page, page.get_by_label("No, none of these"), 3)
    page.keyboard.press("ArrowDown")  # Yes, at least one
    press_enter(page)
    assert looker.heading_and_faults(page) == ("Call 911 or go to an emergency room now", [])
    to_content(page)
    reach(page, page.get_by_role("link", name="Call 911"), 1)
    enter(page, page.get_by_role("button", name="Go back to the form"), 1)
    assert page.input_value("[name=name]") == "Rosa Marquez"


def send_by_keyboard(page: Page, looker: Looker) -> None:
    """The details with a slip, which is then mended, and with who books; the time is lost."""
    to_content(page)
    write(page, "name", "Rosa Marquez")
    write(page, "phone", "(212) 555-0199")
    write(page, "email", "rosa@")
    reach(page, page.get_by_label("No, none of these"), 1)
    page.keyboard.press("Space")
    press_enter(page)
    assert page.title().startswith("Error: ")

    to_content(page)
    wrong = page.get_by_role("link", name="Enter an e-mail address like")
    jump(page, wrong, 3, page.locator("[name=email]"))
    page.keyboard.press("Control+a")
    page.keyboard.type("rosa@example.org")
    reach(page, page.locator("summary", has_text="For someone else"), 9)
    page.keyboard.press("Enter")
    write(page, "booked_by", "Ana Marquez")
    take(page)
    press_enter(page)
    assert looker.heading_and_faults(page) == ("That time cannot be booked", [])
    to_content(page)
    enter(page, page.locator("button[formaction]").first, 1)
    assert page.locator("h1").inner_text() == "Your visit is booked"


def take(page: Page) -> None:
    """Somebody else books the time of the details that the page shows."""
    slug, code = urlsplit(page.url).path.strip("/").split("/")[1:]
    visit(Therapist.objects.get(slug=slug), instants.parse(code)).save()


def reach_the_limit_by_keyboard(page: Page, looker: Looker) -> None:
    """One visit more than anybody may have open: the telephone, and all that was typed."""
    page.goto("/book/")
    choose_last_day(page)
    to_content(page)  # the name has the focus
    page.keyboard.type("Rosa Marquez")
    write(page, "phone", "(212) 555-0199")
    write(page, "email", "rosa@example.org")
    reach(page, page.get_by_label("No, none of these"), 1)
    page.keyboard.press("Space")
    press_enter(page)
    assert page.locator(".summary h2").inner_text() == "You have a visit already"
    to_content(page)
    with page.expect_response(lambda answer: answer.status == 429):
        enter(page, page.get_by_role("button", name="Book both"), 3)
    assert page.locator(".summary h2").inner_text() == "Please call us to book"
    assert looker.heading_and_faults(page) == ("Your details", [])
    assert page.input_value("[name=email]") == "rosa@example.org"
    page.goto("/appointment/")


def change_by_keyboard(page: Page) -> None:
    """Move the visit to the last day that the page shows, then cancel it."""
    to_content(page)
    enter(page, page.get_by_role("link", name="Move my visit"), 12)
    to_content(page)
    enter(page, page.locator(".days a:not([rel])").last, 10)
    to_content(page)
    # The first may well be the visit's own.
    enter(page, page.locator("#times a").nth(1), 14)
    enter(page, page.get_by_role("button", name="Yes, move my visit"), 40)
    to_content(page)
    enter(page, page.get_by_role("link", name="Cancel my visit"), 12)
    enter(page, page.get_by_role("button", name="Yes, cancel my visit"), 40)


def test_the_whole_way_by_keyboard_alone_on_a_small_phone(clinic, serve, new_page):
    site = serve(environment={"DEMO": "1", "OPEN_BOOKINGS_LIMIT": "1"})
    page = new_page(
        java_script_enabled=False, base_url=site.url, viewport={"width": 320, "height": 640}
    )
    policy = page.goto("/book/").headers["content-security-policy"]
    assert runs_no_script(policy)

    looker = Looker(new_page(base_url=site.url))
    choose_by_keyboard(page)
    stop_by_keyboard(page, looker)
    send_by_keyboard(page, looker)
    reach_the_limit_by_keyboard(page, looker)
    change_by_keyboard(page)

    assert page.locator("h1").inner_text() == "Your visit is cancelled"
    rows = Appointment.objects.order_by("pk").values_list("name", "booked_by", "status")
    assert list(rows) == [
        ("Someone Else", "", "booked"),
        ("Rosa Marquez", "Ana Marquez", "cancelled"),
    ]
