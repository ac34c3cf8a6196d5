"""Staff in a browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.chromium import follow

PASSWORD = "a long enough password"


@pytest.fixture
def sign_in(new_page) -> Callable[..., Page]:
    """Open a page on a running site and sign in as its superuser: `sign_in(site.url)`."""

    def start(url: str, **options: object) -> Page:
        stored = make_password(PASSWORD, hasher="pbkdf2_sha256")  # the site knows no other
        User.objects.create(username="rosa", password=stored, is_staff=True, is_superuser=True)
        page = new_page(base_url=url, **options)
        page.goto("/admin/login/")
        page.fill("[name=username]", "rosa")
        page.fill("[name=password]", PASSWORD)
        follow(page.locator("[type=submit]"))
        page.locator("#user-tools").wait_for()
        return page

    return start
