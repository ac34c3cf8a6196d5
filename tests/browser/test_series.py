"""A series at the desk in a browser: booked without a script, accessible, whole on a phone."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from booking.models import Appointment, Series
from tests.axe import violations
from tests.builders import add_hours, make_therapist, make_visit_type
from tests.chromium import follow, open_page

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("sqlite")
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture
def signed_in(site):
    """The cookie of a session of the front desk's, at a clinic that is open every day."""
    therapist = make_therapist(hours="9:00-17:00")
    for weekday in (5, 6):
        add_hours(therapist, weekday, "9:00-17:00")
    make_visit_type()
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.set([Group.objects.get(name="Front desk")])
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}


def propose(page, site):
    """Ask for visits on two days of each of three weeks."""
    page.goto(f"{site.url}/admin/desk/series/")
    page.get_by_label("Tuesday").check()
    page.get_by_label("Thursday").check()
    page.get_by_label("Part of the day").select_option("Morning")
    page.get_by_label("For how many weeks").fill("3")
    follow(page.get_by_role("button", name="Propose times"))


def book_all(page):
    page.locator("[name=name]").fill("Omar Haddad")
    page.locator("[name=phone]").fill("(212) 555-0123")
    follow(page.get_by_role("button", name="Book all 6"))


def test_a_series_is_booked_changed_and_cancelled_without_a_script(site, plain_page, signed_in):
    page = plain_page
    page.context.add_cookies([signed_in])
    propose(page, site)
    page.get_by_label("Time of visit 2").select_option(label="10:30\xa0a.m., Ana Ruiz")
    book_all(page)
    walls = [timezone.localtime(row.starts_at).hour for row in visits()]
    assert walls[1] == 10
    assert page.locator(".messagelist").inner_text().startswith("Booked 6 visits for Omar Haddad.")

    follow(page.get_by_role("link", name="Move the rest"))
    page.get_by_label("New start of the first").fill("14:00")
    follow(page.get_by_role("button", name="Propose times"))
    follow(page.get_by_role("button", name="Move all 6"))
    assert timezone.localtime(visits()[0].starts_at).hour == 14

    follow(page.get_by_role("link", name="Cancel from here on").nth(2))
    follow(page.get_by_role("button", name="Cancel all 4"))
    assert [row.status for row in visits()] == ["booked"] * 2 + ["cancelled"] * 4


def visits():
    return list(Appointment.objects.order_by("starts_at"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_whole_and_keep_the_policy(site, browser, signed_in, size, scheme):
    found = {}
    with open_page(browser, viewport=SIZES[size], color_scheme=scheme) as (page, complaints):
        page.context.add_cookies([signed_in])

        def look(name):
            found[name] = (list(complaints), overflow(page), violations(page))
            complaints.clear()  # the checker's own styles break the policy

        page.goto(f"{site.url}/admin/desk/series/")
        look("empty")
        propose(page, site)
        look("times")
        book_all(page)
        look("booked")
        made = Series.objects.get().pk
        page.goto(f"{site.url}/admin/desk/series/{made}/cancel/")
        look("cancel")
        page.goto(f"{site.url}/admin/desk/series/{made}/move/")
        follow(page.get_by_role("button", name="Propose times"))
        look("move")

    assert found == dict.fromkeys(found, ([], 0, []))


def overflow(page):
    """Pixels by which the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
