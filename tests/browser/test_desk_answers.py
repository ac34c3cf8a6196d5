"""What the desk is told of what it did is in view, on a long day too, without a script."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from booking.models import Appointment
from tests.axe import violations
from tests.builders import make_therapist, make_visit_type, visit
from tests.chromium import follow, open_page

pytestmark = pytest.mark.only("sqlite")  # what pages look like does not depend on the database
SIZES = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.fixture
def last(site) -> Appointment:
    """The last visit of a long day next week, with ten therapists who are all busy."""
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    day = timezone.make_aware(timezone.datetime(monday.year, monday.month, monday.day))
    make_visit_type()
    for number in range(10):
        therapist = make_therapist(f"therapist-{number}", hours="7:00-20:00")
        starts = [day + timedelta(hours=hour) for hour in range(7, 20)]
        rows = [visit(therapist, start, email="rosa@example.org") for start in starts]
        Appointment.objects.bulk_create(rows)
    return Appointment.objects.order_by("starts_at", "pk").last()


@pytest.fixture
def cookie(site):
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.set([Group.objects.get(name="Front desk")])
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}


def in_view(page: Page, words: str) -> bool:
    """Whether all of what says these words stands within the window, above everything else."""
    said = page.locator(".desk-said li", has_text=words)
    box, size = said.bounding_box(), page.viewport_size
    assert box
    assert size
    middle = [box["x"] + box["width"] / 2, box["y"] + 8]
    on_top = said.evaluate("(it, [x, y]) => it.contains(document.elementFromPoint(x, y))", middle)
    return on_top and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("size", SIZES)
def test_after_each_click_the_answer_is_in_view(site, browser, cookie, last, size):
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "java_script_enabled": False}
    with open_page(browser, **options) as (page, complaints):
        page.context.add_cookies([cookie])
        page.goto(f"{site.url}/admin/desk/?date={timezone.localdate(last.starts_at)}")
        page.locator(f"#at-{last.pk} a").click()
        details = page.locator(f"#visit-{last.pk}")
        follow(details.get_by_role("link", name="Cancel: Someone Else"))
        page.get_by_label("Ill").check()
        follow(page.get_by_role("button", name="Cancel the visit"))
        shown = [in_view(page, "cancelled. You can undo it for ten minutes.")]
        page.locator(".desk-said summary").click()
        shown.append("Your visit is cancelled." in page.locator(".desk-said").inner_text())
        follow(page.locator(".desk-said").get_by_role("button", name="Undo: Someone Else"))
        shown.append(in_view(page, "Someone Else: booked again. Nothing is mailed."))
        follow(details.get_by_role("link", name="Move or change: Someone Else"))
        page.get_by_label("Start, clinic time").fill("20:00")
        follow(page.get_by_role("button", name="Change the visit"))
        page.get_by_label("I know, take it anyway").check()
        shown.append(page.locator(".desk-letter").is_visible())
        follow(page.get_by_role("button", name="Change the visit"))
        shown.append(in_view(page, "Moved to"))
        assert complaints == []

    assert shown == [True] * 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answer_and_the_page_that_was_looked_at_are_accessible(
    site, browser, cookie, last, scheme
):
    with open_page(browser, color_scheme=scheme) as (page, _complaints):
        page.context.add_cookies([cookie])
        page.goto(f"{site.url}/admin/booking/appointment/{last.pk}/move/")
        page.get_by_label("Start, clinic time").fill("20:00")
        follow(page.get_by_role("button", name="Look first"))
        found = [violations(page)]
        page.get_by_label("I know, take it anyway").check()
        follow(page.get_by_role("button", name="Change the visit"))
        page.locator(".desk-said summary").click()
        found.append(violations(page))

    assert found == [[], []]
