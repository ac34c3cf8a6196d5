"""A program on paper: two letter pages at most, made without a script."""

import re

import pytest
from playwright.sync_api import expect

from conditions.models import Condition, Exercise, State
from conditions.pages import uses
from conditions.pages.program import MOST_EXERCISES, path
from tests import shipped
from tests.browser.looks import faults
from tests.chromium import follow

# What is printed does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

FORM = "/exercises/program/"


@pytest.fixture
def longest(transactional_db, settings):
    """The exercises that take the most room on a sheet, the longest first: `longest(5)`."""
    settings.DEMO = True
    shipped.load()
    rows = Exercise.objects.filter(state=State.EXAMPLE).with_parts()
    ordered = sorted(rows, key=length, reverse=True)
    return lambda count: ordered[:count]


def length(exercise):
    lines = [*exercise.steps.all(), *exercise.safety_lines.all()]
    told = [exercise.start_position, uses.note(exercise), *(line.text for line in lines)]
    return sum(len(words) for words in told)


def pages(page, **paper):
    return len(re.findall(rb"/Type /Page\b", page.pdf(**paper)))


def test_any_choice_prints_on_two_letter_pages_at_most(demo, longest, new_page):
    page = new_page(base_url=demo.url)
    most = longest(MOST_EXERCISES)
    printed = []
    for exercises in [most[:1], most[:5], most[::-1], most]:
        page.goto(path(exercises))
        printed.append(pages(page, format="Letter"))
    page.locator(".exercise").evaluate_all("all => all.forEach(one => one.after(one.cloneNode(1)))")
    printed.append(pages(page, format="Letter"))

    # The last is twice as many as the form allows: it shows that pages are counted.
    assert (printed[:-1], printed[-1] > 2) == ([1, 2, 2, 2], True)


def test_sheet_of_every_condition_prints_on_two_letter_pages_at_most(demo, longest, new_page):
    """With the doses and cautions of its page, and a line that names it."""
    page = new_page(base_url=demo.url)
    printed = {}
    for condition in Condition.objects.published():
        used = uses.for_condition(condition.slug)[:MOST_EXERCISES]
        page.goto(path([use.exercise for use in used], condition.slug))
        printed[condition.slug] = pages(page, format="Letter")

    assert len(printed) == 10
    assert {slug: count for slug, count in printed.items() if count > 2} == {}


def test_program_is_made_and_changed_without_a_script(demo, new_page):
    page = new_page(base_url=demo.url, java_script_enabled=False)
    page.goto("/exercises/")
    follow(page.get_by_role("link", name="Make a program to print"))
    for name in ["Bridge", "Cat-cow"]:
        page.get_by_role("checkbox", name=name).check()
    follow(page.get_by_role("button", name="Make my sheet").first)
    expect(page.locator(".sheet .exercise h2")).to_have_text(["1. Cat-cow", "2. Bridge"])
    follow(page.get_by_role("link", name="Change the exercises"))

    expect(page.locator("input:checked + label")).to_have_text(["Cat-cow", "Bridge"])


def test_program_is_accessible_and_fits_a_small_phone(demo, longest, new_page):
    page = new_page(base_url=demo.url)
    found = {}
    addresses = [FORM, f"{FORM}?exercise=", f"{FORM}?for=back-pain", path(longest(2))]
    for address in [*addresses, f"{addresses[-1]}&exercise=no-such-move"]:
        page.goto(address)
        found[address] = faults(page)

    assert found == {address: [] for address in found}
