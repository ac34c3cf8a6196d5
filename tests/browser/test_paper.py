"""Staff pages on paper, as Chromium prints them; and what they are on a screen."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment, StaffPlace
from tests.axe import violations_in_both_schemes
from tests.builders import NEW_YORK, add_hours, make_location, make_therapist, visit

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("postgresql")

WORDS = "Rosa’s words " * 30
COLOURS = """sheets => [...sheets.querySelectorAll('*'), sheets].flatMap(part => {
  const style = getComputedStyle(part);
  return [style.color, style.backgroundColor, style.borderTopColor];
})"""


@pytest.fixture
def day(site):
    """A day with one visit each of two therapists, and thirty of a third, far from any clock."""
    day = (timezone.now() + timedelta(days=3)).astimezone(NEW_YORK).replace(hour=9, minute=0)
    day = day.replace(second=0, microsecond=0)
    for slug, count in {"ana-ruiz": 1, "ben-cole": 1, "cy-dee": 30}.items():
        therapist = make_therapist(slug, hours="")
        add_hours(therapist, day.weekday(), "9:00-17:00")
        for number in range(count):
            starts_at = day + timedelta(minutes=15 * number)
            row = visit(therapist, starts_at, 15, reference=f"{slug[:2]}{number:05}", note="A note")
            row.reason = WORDS
            row.save()
    return day.date()


def pages(page, paper):
    return len(re.findall(rb"/Type /Page\b", page.pdf(format=paper)))


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_each_therapist_has_pages_of_their_own(site, sign_in, day, paper):
    page = sign_in(site.url)
    page.goto(f"/admin/desk/paper/?date={day}")
    assert pages(page, paper) > 3
    alone = {}
    for slug in ("ana-ruiz", "ben-cole", "cy-dee"):
        page.goto(f"/admin/desk/paper/?date={day}&therapist={slug}")
        alone[slug] = pages(page, paper)

    page.goto(f"/admin/desk/paper/?date={day}")
    assert (alone["ana-ruiz"], alone["ben-cole"], alone["cy-dee"] > 1) == (1, 1, True)
    assert pages(page, paper) == sum(alone.values())


def test_on_paper_is_all_that_is_known_in_black_and_nothing_of_the_menu(site, sign_in, day):
    page = sign_in(site.url)
    page.goto(f"/admin/desk/paper/?date={day}&therapist=ana-ruiz")
    page.emulate_media(media="print", color_scheme="dark")

    shown = page.locator("body").inner_text()
    assert [word in shown for word in (WORDS.strip(), "A note", "Someone Else", "printed")] == [
        True
    ] * 4
    assert [word in shown for word in ("Log out", "To do", "Before", "Print")] == [False] * 4
    colours = set(page.locator(".paper-sheet").evaluate(COLOURS))
    channels = [re.findall(r"\d+", colour)[:3] for colour in colours]
    assert [row for row in channels if len(set(row)) > 1] == []
    assert page.locator(".paper-lines i").count() == 3


def test_the_button_prints_and_without_a_script_is_none(site, sign_in, day):
    page = sign_in(site.url)
    page.goto(f"/admin/desk/paper/?date={day}")
    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("document.body.dataset.printed") == "yes"

    page.route("**/print*.js", lambda route: route.abort())
    page.goto(f"/admin/desk/paper/?date={day}")
    assert not page.get_by_role("button", name="Print").is_visible()


def test_the_week_paper_and_calls_are_accessible(site, sign_in, day):
    oak = make_location("oak-avenue", name="Oak Avenue")
    Appointment.objects.filter(therapist__slug="ben-cole").update(location=oak, email="")
    page = sign_in(site.url)
    found = {}
    for address in ("week/", "paper/", "calls/", "", "paper/?week=1"):
        page.goto(f"/admin/desk/{address}{'&' if '?' in address else '?'}date={day}")
        found[address] = violations_in_both_schemes(page)
    assert StaffPlace.objects.count() == 0

    assert found == {address: [] for address in found}


def test_a_week_by_keyboard_leads_to_a_day_and_back(site, sign_in, day):
    page = sign_in(site.url)
    page.goto(f"/admin/desk/?date={day}")
    page.get_by_role("link", name=re.compile("Ana Ruiz.*week")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/week/**")
    assert page.locator("h1").inner_text().startswith("Ana Ruiz, ")

    page.locator(".board-visit a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/?date=**")
    assert page.locator(".desk-visit:target").inner_text().find("Someone Else") > 0
