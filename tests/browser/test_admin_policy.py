"""The strict content policy holds on staff pages too, with and without JavaScript."""

import pytest
from django.contrib.auth.models import User

PASSWORD = "a long enough password"
PAGES = [
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/add/",
    "/admin/booking/appointment/",
    "/admin/password_change/",
]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def staff_page(site, new_page, request):
    User.objects.create_superuser("rosa", "rosa@clinic.example", PASSWORD)
    page = new_page(java_script_enabled=request.param, base_url=site.url)
    page.goto("/admin/login/")
    page.fill("[name=username]", "rosa")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    return page


def test_staff_pages_break_no_policy(staff_page):
    statuses = {path: staff_page.goto(path, wait_until="load").status for path in PAGES}

    assert statuses == dict.fromkeys(PAGES, 200)
