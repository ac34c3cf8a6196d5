"""Signing in for the first time and again: without JavaScript, by keyboard; and for everybody."""

from base64 import b32decode

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from tests.axe import violations_in_both_schemes
from tests.second_factor import code

pytestmark = pytest.mark.only("postgresql")

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def rosa(site):
    stored = make_password(PASSWORD, hasher="pbkdf2_sha256")  # the site knows no other
    User.objects.create(username="rosa", password=stored, is_staff=True, is_superuser=True)


def with_password(page, site):
    page.goto(f"{site.url}/admin/desk/")
    page.fill("[name=username]", "rosa")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def steps(page, site):
    """Each page of the way, as it is reached."""
    with_password(page, site)
    page.locator(".sign-in-steps").wait_for()
    yield "set-up"
    secret = page.locator(".sign-in-steps code").inner_text().replace(" ", "")
    page.fill("[name=code]", code(b32decode(secret).hex()))
    page.press("[name=code]", "Enter")
    page.locator(".sign-in-codes").wait_for()
    yield "codes"
    paper = page.locator(".sign-in-codes li").first.inner_text()
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/admin/desk/**")
    page.get_by_role("link", name="Your sign-in").click()
    page.get_by_role("heading", name="Where you are signed in").wait_for()
    yield "own"
    page.locator("#logout-form button").click()
    with_password(page, site)
    page.wait_for_url("**/admin/second-factor/**")
    yield "asked"
    page.keyboard.type("123456")  # the field has the focus
    page.keyboard.press("Enter")
    page.locator(".errorlist").wait_for()
    yield "wrong"
    page.fill("[name=code]", paper)
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/admin/desk/**")


WAY = ["set-up", "codes", "own", "asked", "wrong"]


def test_both_steps_work_without_javascript(site, plain_page):
    assert list(steps(plain_page, site)) == WAY


def test_each_page_of_the_way_is_accessible_in_both_schemes(site, page):
    found = {name: violations_in_both_schemes(page) for name in steps(page, site)}

    assert found == {name: [] for name in WAY}
