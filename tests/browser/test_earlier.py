"""The earlier-time list without JavaScript: join, be asked, say yes or no; axe finds nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.visits.requests import Request
from tests.browser.looks import faults
from tests.browser.waiting import ANY_DAY, ask
from tests.builders import (
    add_hours,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
    wait,
)
from tests.chromium import follow

# What the pages do does not depend on the database; PostgreSQL's process has the time.
pytestmark = pytest.mark.only("postgresql")


@pytest.fixture
def clinic(transactional_db):
    """Open every day, so that the test does not care what day it is."""
    make_visit_type()
    therapist = make_therapist(hours="8:00-20:00")
    for weekday in (5, 6):
        add_hours(therapist, weekday, "8:00-20:00", make_location())
    make_therapist("ben-cole")
    return therapist


@pytest.fixture
def phone(site, clinic, browser, new_page):
    return new_page(
        java_script_enabled=False, base_url=site.url, viewport={"width": 390, "height": 844}
    )


@pytest.fixture
def checked(site, new_page):
    """What is wrong with the page that the phone is on, in a browser that can look."""
    page = new_page(base_url=site.url)

    def check(phone) -> tuple[str, list[str]]:
        page.context.add_cookies(phone.context.cookies())
        page.goto(phone.url)
        return phone.locator("h1").inner_text(), faults(page)

    return check


def link_in(site, about: str = "offer") -> str:
    """The link of an offer, or of a wish, from the newest e-mail that has one."""
    site.manage("send_emails").check_returncode()
    texts = [message.get_body(["plain"]).get_content() for message in site.mail]
    return re.findall(rf"https?://\S+/{about}/\S+/", " ".join(texts))[-1]


def test_a_patient_joins_is_asked_and_says_yes(site, phone, clinic, checked):
    day = timezone.now() + timedelta(days=15)
    start = day.replace(hour=15, minute=0, second=0, microsecond=0)
    visit = book_by_desk(clinic, start, request=Request())
    site.manage("send_emails").check_returncode()
    [confirmation] = site.mail
    text = confirmation.get_body(["plain"]).get_content()
    phone.goto(re.search(r"https?://\S+/m/\S+/", text)[0])
    follow(phone.get_by_role("link", name="Tell me if something sooner comes up"))
    assert checked(phone) == ("Tell me if something sooner comes up", [])
    parts = ("Before noon", "Noon to 5 p.m.", "5 p.m. or later")
    for name in parts:
        phone.get_by_label(name).uncheck()
    follow(phone.get_by_role("button", name="Put me on the list"))
    assert phone.title().startswith("Error: ")
    for name in parts:
        phone.get_by_label(name).check()
    follow(phone.get_by_role("button", name="Put me on the list"))
    assert checked(phone) == ("You are on the earlier-time list", [])

    ask()
    offer = TimeOffer.objects.get()
    phone.context.clear_cookies()
    phone.goto(link_in(site))
    assert checked(phone) == ("A sooner time is free", [])
    follow(phone.get_by_role("button", name="Yes, take this time"))

    assert phone.url == f"{site.url}/appointment/"
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (offer.starts_at, 1)
    phone.goto(f"{site.url}/appointment/")
    local = timezone.localtime(offer.starts_at)
    assert f"{local:%A, %B} {local.day}" in phone.locator("main").inner_text()


def test_somebody_without_a_visit_joins_says_no_and_leaves(site, phone, checked):
    phone.goto("/book/")
    follow(phone.get_by_role("link", name="Tell me when a time that suits me is free"))
    assert checked(phone) == ("Tell me when a time is free", [])
    phone.get_by_label("No, none of these").check()
    for name in ("Tuesday", "Wednesday", "Before noon"):
        phone.get_by_label(name).uncheck()
    phone.fill("[name=name]", "Rosa Marquez")
    phone.fill("[name=phone]", "(212) 555-0199")
    phone.fill("[name=email]", "rosa@example.org")
    follow(phone.get_by_role("button", name="Put me on the list"))
    assert checked(phone) == ("Please check your e-mail", [])
    phone.goto(link_in(site, "wish"))
    assert phone.url == f"{site.url}/wish/"
    assert checked(phone) == ("Shall we look for a time for you?", [])
    follow(phone.get_by_role("button", name="Yes, look for a time"))
    assert checked(phone) == ("You are on the earlier-time list", [])

    ask()
    phone.goto(link_in(site))
    assert checked(phone) == ("A sooner time is free", [])
    follow(phone.get_by_role("button", name="No, not this time"))
    assert checked(phone) == ("You said no to this time", [])
    follow(phone.get_by_role("button", name="Take me off the list"))
    assert WaitlistEntry.objects.get().state == "left"
    phone.goto("/wish/")
    assert checked(phone) == ("You are not on the list", [])
    assert Appointment.objects.count() == 0


def test_a_time_given_away_is_told_kindly(site, phone, clinic, checked):
    day = timezone.now() + timedelta(days=15)
    start = day.replace(hour=15, minute=0, second=0, microsecond=0)
    wait(book_by_desk(clinic, start, request=Request()), ANY_DAY, now=timezone.now())
    ask()
    phone.goto(link_in(site))
    offer = TimeOffer.objects.get()
    book_by_desk(offer.therapist, offer.starts_at, request=Request())
    follow(phone.get_by_role("button", name="Yes, take this time"))

    assert checked(phone) == ("This time is not free any more", [])
    assert "someone else on the telephone" in phone.locator("main").inner_text()
