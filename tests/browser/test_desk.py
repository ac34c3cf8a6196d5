"""The desk's pages in a browser: accessible in both schemes, whole on a phone, without a script."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page

from booking.models import Appointment, Closure, OutgoingEmail, PatientChange, VisitType
from booking.visits import bookings, changes
from booking.visits.requests import Request
from tests.axe import violations
from tests.builders import PATIENT, add_hours, make_location, make_therapist, make_visit_type
from tests.chromium import follow, open_page

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

DAY = "/admin/desk/"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
PAGES = [
    "",
    "booking/appointment/",
    "desk/",
    "desk/to-do/",
    "booking/appointment/add/",
    "booking/appointment/add/?again={visit}",
    "desk/next-free/",
    "desk/next-free/?moving={visit}&weekday=1",
    "booking/appointment/to-deal-with/",
    "booking/appointment/{visit}/change/",
    "booking/appointment/{visit}/history/",
    "booking/appointment/{visit}/move/",
    "booking/appointment/{visit}/cancel/",
    "booking/appointment/{visit}/contact/",
    "booking/onlinebooking/",
    "booking/outgoingemail/",
    "booking/closure/add/",
]


@pytest.fixture
def visit(site) -> Appointment:
    """A visit later today, in a closure, whose message was given up."""
    now = timezone.now().replace(second=0, microsecond=0)
    therapist = make_therapist(hours="9:00-17:00")
    for weekday in (5, 6):
        add_hours(therapist, weekday, "9:00-17:00")
    visit = bookings.book_by_desk(
        visit_type=make_visit_type(),
        therapist=therapist,
        starts_at=now,
        patient=PATIENT,
        request=Request(now=now),
        location=make_location(),
    )
    Closure.objects.create(name="Snow", starts_at=visit.starts_at, ends_at=visit.ends_at)
    OutgoingEmail.objects.update(state="given-up", last_error="SMTPServerDisconnected")
    return visit


@pytest.fixture
def changed(visit) -> list[Appointment]:
    """That visit was moved there by its patient, and tomorrow's was cancelled."""
    VisitType.objects.update(change_window_hours=0)
    now = timezone.now()
    tomorrow = bookings.book_by_desk(
        visit_type=visit.visit_type,
        therapist=visit.therapist,
        starts_at=visit.starts_at + timedelta(days=1),
        patient=replace(PATIENT, name="Bartholomew Featherstonehaugh-Cholmondeley"),
        request=Request(now=now),
    )
    changes.cancel_by_patient(appointment=tomorrow, now=now)
    was = {"was_starts_at": tomorrow.starts_at, "was_therapist": visit.therapist}
    PatientChange.objects.create(appointment=visit, made_at=now, **was)
    return [visit, tomorrow]


@pytest.fixture
def signed_in(site):
    """The cookie of a session in which somebody of the front desk is signed in."""
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.set([Group.objects.get(name="Front desk")])
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}


@pytest.fixture
def plain_desk(plain_page, signed_in) -> Page:
    """A page of the front desk's, JavaScript off."""
    plain_page.context.add_cookies([signed_in])
    return plain_page


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_accessible_whole_and_keep_the_policy(
    site, browser, signed_in, visit, changed, size, scheme
):
    found = {}
    with open_page(browser, viewport=SIZES[size], color_scheme=scheme) as (page, complaints):
        page.context.add_cookies([signed_in])
        for path in PAGES:
            page.goto(f"{site.url}/admin/{path.format(visit=visit.pk)}")
            found[path] = (list(complaints), overflow(page), violations(page))
            complaints.clear()  # the checker's own styles break the policy

    assert found == dict.fromkeys(PAGES, ([], 0, []))


def test_what_patients_changed_is_marked_as_seen_without_a_script(site, plain_desk, changed):
    page = plain_desk
    page.goto(f"{site.url}/admin/")
    shown = page.locator(".desk-change")
    assert [line.is_visible() for line in shown.all()] == [True, True]
    asked = f"date={timezone.localdate(changed[0].starts_at)}&open={changed[0].pk}"
    page.goto(f"{site.url}{DAY}?{asked}")
    marks = page.locator(".desk-changed")
    assert (shown.first.is_visible(), marks.count()) == (False, 1)
    page.get_by_text("2 visits were changed by their patients since you last looked.").click()
    follow(page.get_by_role("button", name="I have seen these changes"))

    assert (urlsplit(page.url).path, shown.count(), marks.count()) == (DAY, 0, 0)
    assert page.locator(".messagelist").inner_text() == "Marked as seen."


def test_a_caller_is_booked_and_arrives_without_a_script(site, plain_desk, visit):
    changes.cancel_by_desk(appointment=visit, now=timezone.now())
    Closure.objects.all().delete()
    page = plain_desk
    page.goto(f"{site.url}/admin/")
    follow(page.get_by_role("link", name="Today's visits"))
    follow(page.get_by_role("link", name="Next day"))
    follow(page.get_by_role("link", name="Book 9:30 a.m. with Ana Ruiz"))
    page.get_by_label("Name").fill("Omar Haddad")
    page.locator("#id_phone").fill("(212) 555-0123")
    follow(page.get_by_role("button", name="Book this visit"))

    assert page.locator(".messagelist").inner_text().startswith("Booked Omar Haddad")
    booked = Appointment.objects.get(name="Omar Haddad")
    follow(page.get_by_role("link", name="Cancel: Omar Haddad"))
    follow(page.get_by_role("button", name="Cancel the visit"))
    follow(page.get_by_role("button", name="Undo the cancellation: Omar Haddad"))
    booked.refresh_from_db()
    assert (booked.status, booked.source) == ("booked", "desk")


def test_a_visit_opens_beside_the_grid_without_a_script(site, plain_desk, visit):
    page = plain_desk
    page.goto(f"{site.url}{DAY}?date={timezone.localdate(visit.starts_at)}")
    details = page.locator(f"#visit-{visit.pk}")
    shown = [details.is_visible()]
    follow(page.locator(f"#at-{visit.pk} a"))
    shown.append(details.is_visible())
    assert details.get_by_role("link", name="Move or change: Rosa Marquez").is_visible()
    follow(details.get_by_role("link", name="Close"))
    shown.append(details.is_visible())

    assert shown == [False, True, False]


def test_a_visit_opens_by_keyboard_and_its_buttons_come_next(site, plain_desk, visit):
    page = plain_desk
    page.goto(f"{site.url}{DAY}?date={timezone.localdate(visit.starts_at)}")
    with page.expect_navigation():
        page.locator(f"#at-{visit.pk} a").press("Enter")
    page.keyboard.press("Tab")

    assert page.locator(":focus").inner_text() == "Rosa Marquez"


def test_ten_therapists_stand_side_by_side_and_scroll_inside_the_board(site, plain_desk):
    for number in range(10):
        make_therapist(f"therapist-{number}", hours="8:00-18:00")
    make_visit_type()
    page = plain_desk
    measured = {}
    for width, height in ((1280, 800), (768, 1024), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}{DAY}?date=2026-11-30")
        tops = {box["y"] for box in map(Locator.bounding_box, page.locator(".board-column").all())}
        measured[width] = (len(tops), overflow(page))
        if width == 1280:
            board = page.locator(".board-scroll")
            measured["sideways"] = board.evaluate("it => it.scrollWidth - it.clientWidth")
            board.evaluate("it => it.scrollTo(0, 600)")
            head, above = page.locator(".board-head").nth(1).bounding_box(), board.bounding_box()
            measured["head stays"] = abs(head["y"] - above["y"]) < 3

    assert measured == {1280: (1, 0), "sideways": 0, "head stays": True, 768: (1, 0), 390: (1, 0)}


def test_one_click_in_the_list_sets_a_status_without_a_script(site, plain_desk, visit):
    page = plain_desk
    found = f"{site.url}/admin/booking/appointment/?q=0199"
    page.goto(found)
    follow(page.get_by_role("button", name="Arrived: Rosa Marquez"))

    visit.refresh_from_db()
    assert visit.status == "arrived"
    assert page.url.startswith(found)


def test_a_day_prints_names_and_times_alone(site, plain_desk, visit):
    page = plain_desk
    day = timezone.localdate(visit.starts_at)  # which may be yesterday by now
    page.goto(f"{site.url}/admin/desk/?date={day}")
    page.emulate_media(media="print")

    seen = {
        name: page.locator(name).first.is_visible()
        for name in (
            ".board-visit strong",
            ".board-visit time",
            ".desk-clicks",
            ".desk-days",
            "#header",
        )
    }
    assert seen == {
        ".board-visit strong": True,
        ".board-visit time": True,
        ".desk-clicks": False,
        ".desk-days": False,
        "#header": False,
    }
