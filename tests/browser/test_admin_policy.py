"""The strict content policy holds on staff pages too, with and without JavaScript."""

import pytest

PAGES = [
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/auth/group/add/",
    "/admin/booking/appointment/",
    "/admin/password_change/",
]


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def staff_page(site, sign_in, request):
    return sign_in(site.url, java_script_enabled=request.param)


def test_staff_pages_break_no_policy(staff_page):
    shown = {}
    for path in PAGES:
        status = staff_page.goto(path, wait_until="load").status
        shown[path] = (status, staff_page.url.endswith(path))

    assert shown == dict.fromkeys(PAGES, (200, True))
