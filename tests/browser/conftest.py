"""Staff and patients in a browser, and the demo clinic."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from tests import second_factor, shipped
from tests.builders import add_hours, make_location, make_therapist, make_visit_type
from tests.chromium import follow
from tests.settings import VAR
from tests.site import Site

PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def demo(django_db_setup: None) -> Iterator[Site]:
    """The demo clinic, for what looks at pages: every public page has something to show.

    It keeps a database of its own, so that it is made once a run. What a test books there stays:
    each takes the last free time that it finds.
    """
    file = VAR / "demo.sqlite3"
    site = Site(environment={"DEMO": "1", "DATABASE_URL": f"sqlite:///{file}"})
    for command in (["migrate", "-v0"], ["load_content"], ["load_demo"]):
        site.manage(*command).check_returncode()
    yield site
    site.stop()


@pytest.fixture
def sign_in(new_page) -> Callable[..., Page]:
    """Open a page on a running site and sign in as its superuser: `sign_in(site.url)`. Both steps,
    but on the demo, which asks for the password alone.
    """

    def start(url: str, **options: object) -> Page:
        stored = make_password(PASSWORD, hasher="pbkdf2_sha256")  # the site knows no other
        second_factor.give(
            User.objects.create(username="rosa", password=stored, is_staff=True, is_superuser=True)
        )
        page = new_page(base_url=url, **options)
        page.goto("/admin/login/")
        page.fill("[name=username]", "rosa")
        page.fill("[name=password]", PASSWORD)
        follow(page.locator("[type=submit]"))
        if "/second-factor/" in page.url:
            page.fill("[name=code]", second_factor.code())
            follow(page.locator("[type=submit]"))
        page.locator("#user-tools").wait_for()
        return page

    return start


@pytest.fixture
def clinic(db, settings):
    """Open every day, so that the test does not care what day it is."""
    settings.DEMO = True
    make_visit_type()
    therapist = make_therapist(hours="8:00-20:00")
    for weekday in (5, 6):
        add_hours(therapist, weekday, "8:00-20:00", make_location())
    shipped.load()


@pytest.fixture
def walk(site, clinic, serve, new_page):
    """A phone without JavaScript, on a site that shows its example content."""
    demo = serve(environment={"DEMO": "1"})
    demo.empty_mail()
    page = new_page(
        java_script_enabled=False, base_url=demo.url, viewport={"width": 390, "height": 844}
    )
    return demo, page


@pytest.fixture
def hours(db) -> list[datetime]:
    """Two free hours of a therapist who works around the clock, days from now."""
    make_visit_type()
    make_therapist(hours="0:00-12:00 12:00-23:45")
    monday = timezone.now() + timedelta(days=9)  # three days ahead at least: it may be moved
    monday -= timedelta(days=monday.weekday())
    return [monday.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (15, 17)]
