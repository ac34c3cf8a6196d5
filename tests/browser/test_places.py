"""Rows below a form of the admin change places by buttons, from the keyboard too."""

import pytest
from playwright.sync_api import Page

from conditions.models import Cause, Condition
from tests.browser.hands import reach
from tests.chromium import follow
from tests.conditions.builders import make_condition, make_emergency_line

# What a form does in a browser does not depend on the database.
pytestmark = pytest.mark.only("sqlite")


@pytest.fixture
def condition(site) -> Condition:
    make_emergency_line()
    condition = make_condition()
    for place, title in enumerate(["one", "two", "three"]):
        Cause.objects.create(condition=condition, group="common", title=title, order=place * 5)
    return condition


@pytest.fixture
def opened(site, condition, sign_in):
    """The form of the condition, in a browser."""

    def start(**options) -> Page:
        page = sign_in(site.url, **options)
        page.goto(f"/admin/conditions/condition/{condition.pk}/change/")
        return page

    return start


def button(page: Page, row: str, text: str):
    return page.locator(f"#{row}").get_by_role("button", name=text, exact=True)


def save(page: Page) -> list[tuple[str, int]]:
    follow(page.locator("[name=_save]"))
    assert page.locator(".errornote").count() == 0
    return list(Cause.objects.values_list("title", "order"))


def test_a_row_goes_up_by_a_key_and_only_two_places_change(opened):
    page = opened()
    page.locator("[name='causes-2-order']").focus()
    up = button(page, "causes-2", "Up")
    reach(page, up, 1)
    page.keyboard.press("Enter")
    shown = page.locator("#causes-group .inline-related:not(.empty-form)")
    ids = shown.evaluate_all("rows => rows.map(row => row.id)")

    assert ids == ["causes-0", "causes-2", "causes-1", "causes-3"]
    assert up.evaluate("element => element === document.activeElement")
    assert save(page) == [("one", 0), ("three", 5), ("two", 10)]


def test_a_row_with_a_signature_of_its_own_goes_down(opened, condition):
    for text in ("first", "second"):
        make_emergency_line(condition=condition, text=text, state="draft", order=1)
    page = opened()
    button(page, "urgency_lines-0", "Down").click()
    save(page)

    lines = condition.urgency_lines.values_list("text", "order")
    assert list(lines) == [("second", 1), ("first", 2)]


def test_the_first_row_goes_no_higher(opened):
    page = opened()
    button(page, "causes-0", "Up").click()

    assert save(page) == [("one", 0), ("two", 5), ("three", 10)]


def test_a_new_row_is_moved_and_another_taken_out_and_no_stored_row_is_lost(opened):
    page = opened()
    page.locator("#causes-group .add-row a").click()
    for row, title in ((3, "four"), (4, "five")):
        page.locator(f"[name='causes-{row}-group']").select_option("common")
        page.locator(f"[name='causes-{row}-title']").fill(title)
    for _step in range(3):
        button(page, "causes-4", "Up").click()
    page.locator("#causes-3 .inline-deletelink").click()

    assert [title for title, _place in save(page)] == ["one", "five", "two", "three"]


def test_without_a_script_the_number_is_typed(opened):
    page = opened(java_script_enabled=False)
    page.locator("[name='causes-2-order']").fill("3")

    assert page.get_by_role("button", name="Up", exact=True).count() == 0
    assert save(page) == [("one", 0), ("three", 3), ("two", 5)]
