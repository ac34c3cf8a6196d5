"""The proof on paper and on a phone: one sheet, and every part of it within reach."""

import re

import pytest
from playwright.sync_api import expect

from booking.models import Location, VisitType
from tests.browser.hands import choose_last_time, fill
from tests.browser.looks import faults
from tests.chromium import follow

# What is printed does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

LONG = "Level entrance from the street, wide doors, a lift to every floor, and a bus at the door. "


@pytest.fixture
def proof(walk):
    """The proof of a visit that has all that one can have, without a script."""
    _site, page = walk
    Location.objects.update(access=LONG * 2, parking=LONG * 2, map_url="https://maps.example/w")
    VisitType.objects.update(price=120)
    page.goto("/book/")
    choose_last_time(page)
    page.get_by_label("No, none of these").check()
    page.locator("summary", has_text="For someone else").click()
    fill(page, booked_by="Ana Marquez", interpreter="Spanish")
    page.get_by_label("I need a way in without steps").check()
    page.get_by_label("I pay myself").check()
    follow(page.get_by_role("button", name="Book this time"))
    expect(page.locator("h1")).to_have_text("Your visit is booked")
    return page


def sheets(page, paper):
    return len(re.findall(rb"/Type /Page\b", page.pdf(format=paper)))


def test_it_prints_on_one_sheet_without_what_paper_cannot_do(proof):
    printed = [sheets(proof, paper) for paper in ("Letter", "A4")]
    proof.emulate_media(media="print")
    gone = ["Google", "Forget on this device", "Cancel my visit"]
    kept = ["Ana Marquez", "An interpreter: Spanish", "A photo ID", "Getting here", "$120"]

    assert [proof.get_by_text(words).first.is_visible() for words in gone] == [False] * 3
    assert [proof.get_by_text(words).first.is_visible() for words in kept] == [True] * 5
    proof.emulate_media(media="screen")
    assert printed == [1, 1]


def test_twice_as_much_would_not_fit_a_sheet(proof):
    Location.objects.update(access=LONG * 30)
    proof.reload()

    assert sheets(proof, "Letter") > 1


def test_nothing_is_broken_on_a_phone_or_in_a_wide_window(proof, new_page):
    page = new_page(storage_state=proof.context.storage_state())  # axe needs scripts
    page.goto(proof.url)
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert (width, faults(page)) == (width, [])


def test_the_calendar_file_comes_without_a_script(proof):
    with proof.expect_download() as download:
        proof.get_by_role("link", name="Apple or other").click()

    assert download.value.suggested_filename == "appointment.ics"
