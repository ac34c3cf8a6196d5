"""A passkey in a real browser, with an authenticator of its own: made at first, shown, listed."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from booking.models import Passkey
from tests.axe import violations_in_both_schemes

pytestmark = pytest.mark.only("postgresql")

PASSWORD = "a long enough password"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def named_site(serve):
    """A site with a name: browsers make no passkeys for a number."""
    stored = make_password(PASSWORD, hasher="pbkdf2_sha256")  # the site knows no other
    User.objects.create(username="rosa", password=stored, is_staff=True, is_superuser=True)
    return serve(host="localhost", workers=1)


@pytest.fixture
def finger(page):
    """Says whether the authenticator finds its user there: `finger(False)`."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    which = {"authenticatorId": added["authenticatorId"]}

    def found(is_found):
        session.send("WebAuthn.setUserVerified", {**which, "isUserVerified": is_found})

    return found


def with_password(page, site):
    page.goto(f"{site.url}/admin/desk/")
    page.fill("[name=username]", "rosa")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def steps(page, site, finger):
    """Each page of the way, as it is reached, by keyboard alone."""
    with_password(page, site)
    make = page.get_by_role("button", name="Make a passkey")
    make.wait_for()
    yield "set-up"
    finger(False)
    make.press("Enter")
    page.get_by_text("No passkey was made. Try again.").wait_for()
    yield "refused"
    finger(True)
    make.press("Enter")
    page.locator(".sign-in-codes").wait_for()
    yield "codes"
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/admin/desk/**")
    page.locator("#logout-form button").click()
    with_password(page, site)
    show = page.get_by_role("button", name="Use your passkey")
    show.wait_for()
    yield "asked"
    finger(False)
    show.press("Enter")
    page.get_by_text("That passkey did not work.").wait_for()
    yield "wrong"
    finger(True)
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url("**/admin/desk/**")
    page.get_by_role("link", name="Your sign-in").click()
    page.get_by_text("Passkey: Chrome, Linux").wait_for()
    yield "own"
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Make a passkey").press("Enter")
    page.get_by_text("This device has a passkey of yours already.").wait_for()
    yield "add"


WAY = ["set-up", "refused", "codes", "asked", "wrong", "own", "add"]


def test_a_passkey_is_made_and_shown_and_each_page_is_accessible(named_site, page, finger):
    found = {name: violations_in_both_schemes(page) for name in steps(page, named_site, finger)}

    assert found == {name: [] for name in WAY}
    assert Passkey.objects.get().sign_count > 0


def test_without_javascript_the_app_is_set_up_as_ever(named_site, plain_page):
    with_password(plain_page, named_site)
    plain_page.locator(".sign-in-steps").wait_for()

    assert plain_page.get_by_role("button", name="Make a passkey").count() == 0
    assert plain_page.locator("noscript p").is_visible()
