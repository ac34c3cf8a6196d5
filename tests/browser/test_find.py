"""Find in a browser: "/" jumps to it, all by keyboard; accessible, and whole on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from booking.models import Appointment
from tests.axe import violations
from tests.builders import PATIENT, make_therapist, visit

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

DAY, FIND = "/admin/desk/", "/admin/desk/find/"
FIELD = "#staff-find"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture
def rosas(site) -> list[Appointment]:
    """A visit to come and two that are past."""
    ana, now = make_therapist(), timezone.now().replace(second=0, microsecond=0)
    rosa = {"name": PATIENT.name, "phone": PATIENT.phone, "phone_e164": PATIENT.phone_e164}
    rows = [visit(ana, now + timedelta(days=days), **rosa) for days in (3, -3, -30)]
    for row in rows[1:]:
        row.status = "fulfilled"
    return Appointment.objects.bulk_create(rows)


def test_a_slash_jumps_to_find_and_enter_finds(site, sign_in, rosas):
    page = sign_in(site.url)
    page.goto(DAY)
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator(FIELD)).to_have_attribute("aria-keyshortcuts", "/")
    page.keyboard.type("1/2 ros")
    expect(page.locator(FIELD)).to_have_value("1/2 ros")
    page.locator(FIELD).fill("ros")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-found-name")).to_have_text(["Rosa Marquez"] * 3)
    assert page.url == f"{site.url}{FIND}?q=%2A"


def test_n_opens_a_new_visit_from_the_day_but_not_while_somebody_types(site, sign_in, rosas):
    page = sign_in(site.url)
    page.goto(DAY)
    expect(page.locator("#new-visit")).to_have_attribute("aria-keyshortcuts", "n")
    page.locator(FIELD).focus()
    page.keyboard.press("n")
    expect(page.locator(FIELD)).to_have_value("n")
    page.locator("h1").click()
    page.keyboard.press("n")
    page.wait_for_url("**/admin/booking/appointment/add/?visit=*")


def test_the_keys_can_be_turned_off_and_stay_off(site, sign_in, rosas):
    page = sign_in(site.url)
    page.goto(FIND)
    page.get_by_role("button", name="Do not let the keys").click()
    for address in (FIND, DAY):
        page.goto(address)
        page.locator("h1").click()
        page.keyboard.press("n")
        page.keyboard.press("/")
        expect(page.locator(FIELD)).not_to_be_focused()
    assert page.url.endswith(DAY)
    page.goto(FIND)
    page.get_by_role("button", name="Let the keys").click()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator(FIELD)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_accessible_and_whole(site, sign_in, rosas, size, scheme):
    page = sign_in(site.url, viewport=SIZES[size], color_scheme=scheme)
    faults = {}
    for address in (f"{FIND}?q=rosa", f"{FIND}?q=rsoa", f"/admin/desk/person/{rosas[0].pk}/"):
        page.goto(address)
        faults[address] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (wide, page.locator(".desk-found li").count()) == (0, 3), address
    assert faults == {address: [] for address in faults}


def test_without_a_script_it_is_the_same(site, sign_in, rosas):
    page = sign_in(site.url, java_script_enabled=False)
    page.goto(DAY)
    page.locator(FIELD).fill("0199")
    page.locator(FIELD).press("Enter")
    expect(page.locator(".desk-found-name")).to_have_text(["Rosa Marquez"] * 3)
    page.get_by_role("link", name="All visits: Rosa Marquez").first.click()
    expect(page.locator(".desk-totals")).to_have_text("1 to come 2 seen 0 missed 0 cancelled")
