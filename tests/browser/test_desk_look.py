"""The front desk's own pages: accessible in both schemes."""

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from booking.brand import palettes
from booking.models import Appointment, Clinic
from booking.visits import changes
from tests.axe import violations, violations_in_both_schemes
from tests.chromium import follow

# What the pages look like does not depend on the database.
pytestmark = pytest.mark.only("postgresql")

GROUND = "part => getComputedStyle(part).backgroundColor"


@pytest.fixture
def visit(site, settings):
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    return Appointment.objects.filter(status="booked").latest("starts_at")


def test_the_desk_pages_are_accessible_in_both_schemes(site, sign_in, visit):
    page = sign_in(site.url)
    appointment = "/admin/booking/appointment"
    paths = [
        "/admin/",
        f"/admin/desk/?date={visit.starts_at:%Y-%m-%d}",
        f"{appointment}/estimates/",
        f"{appointment}/twice/",
        "/admin/booking/closure/add/",
        f"{appointment}/add/",
        f"{appointment}/{visit.pk}/change/",
        f"{appointment}/{visit.pk}/move/",
        f"{appointment}/{visit.pk}/cancel/",
        f"{appointment}/{visit.pk}/contact/",
        "/admin/booking/onlinebooking/",
        "/admin/booking/outgoingemail/",
    ]
    found = {}
    for path in paths:
        assert page.goto(f"{site.url}{path}").status == 200
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if wrong := violations(page):
                found[f"{path} {scheme}"] = wrong

    assert found == {}


def test_the_page_of_a_visit_that_changed_meanwhile_is_accessible(site, sign_in, visit):
    page = sign_in(site.url)
    changes.cancel_by_desk(appointment=visit, now=timezone.now())
    page.goto(f"{site.url}/admin/booking/appointment/{visit.pk}/change/")
    Appointment.objects.filter(pk=visit.pk).update(sequence=F("sequence") + 2)
    follow(page.get_by_role("button", name=f"Undo the cancellation: {visit.name}"))

    assert page.locator("h1").inner_text() == "Look again"
    assert violations_in_both_schemes(page) == []


def test_staff_pages_take_the_clinics_colour_and_can_be_read_in_it(serve, sign_in):
    lightest = palettes.nearest("calm", "#ffcc00")  # white on it has little more than it must
    Clinic.objects.update(colour=lightest)
    site = serve()
    page = sign_in(site.url)
    found = {}
    for path in ("/admin/booking/appointment/", "/admin/password_change/"):
        page.goto(path)
        found[path] = violations_in_both_schemes(page)
        page.emulate_media(color_scheme="light")
        found[path].append(page.locator("#header").evaluate(GROUND))

    ground = ", ".join(str(int(lightest[place : place + 2], 16)) for place in (1, 3, 5))
    assert found == {path: [f"rgb({ground})"] for path in found}


def test_the_sign_in_page_is_accessible(site, new_page):
    page = new_page()
    page.goto(f"{site.url}/admin/login/")

    assert violations(page) == []
