"""What is asked before a form is done: is the address right, is it one visit or two."""

import pytest

from booking.models import Appointment
from tests.browser.looks import faults
from tests.browser.shown import TYPED, slot
from tests.chromium import follow

# What the pages look like does not depend on the database; PostgreSQL's process has the time.
pytestmark = pytest.mark.only("postgresql")

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
TITLE = "Error: Your details – Willow Street Physical Therapy"


@pytest.fixture(params=SIZES)
def page(request, site, new_page):
    size = SIZES[request.param]
    return new_page(base_url=site.url, viewport=size)


def send_details(page, path: str, **changes: str) -> None:
    page.goto(path)
    page.get_by_label("No, none of these").check()
    for name in ("name", "phone", "email"):
        page.fill(f"[name={name}]", (TYPED | changes)[name])
    follow(page.get_by_role("button", name="Book this time"))


def asked(page) -> tuple[str, str, list[str]]:
    return page.title(), page.locator("[role=alert] h2").inner_text(), faults(page)


def press(page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))


def emails() -> list[str]:
    return list(Appointment.objects.values_list("email", flat=True))


def test_a_slip_is_asked_about_and_the_address_corrected_later(page, hours):
    send_details(page, slot(hours[0]), email="rosa@gmial.com")
    assert asked(page) == (TITLE, "Did you mean rosa@gmail.com?", [])
    press(page, "Yes, use rosa@gmail.com")
    assert (page.locator("h1").inner_text(), emails()) == (
        "Your visit is booked",
        ["rosa@gmail.com"],
    )

    follow(page.get_by_role("link", name="Correct my e-mail address"))
    assert (page.locator("h1").inner_text(), faults(page)) == ("Correct my e-mail address", [])
    page.fill("[name=email]", "rosa@hotmial.com")
    press(page, "Use this address")
    assert asked(page)[1:] == ("Did you mean rosa@hotmail.com?", [])
    press(page, "No, mine is right")
    assert (page.locator("h1").inner_text(), emails()) == (
        "Your visit is booked",
        ["rosa@hotmial.com"],
    )
    assert faults(page) == []


@pytest.mark.parametrize("answer", ["Move it", "Book both"])
def test_a_second_visit_is_asked_about_and_either_answer_leads_on(page, hours, answer):
    first, second = hours
    send_details(page, slot(first))
    send_details(page, slot(second))
    assert asked(page) == (TITLE, "You have a visit already", [])
    assert page.input_value("[name=email]") == TYPED["email"]
    if answer == "Move it":
        press(page, answer)
        assert (page.locator("h1").inner_text(), faults(page)) == ("Move your visit?", [])
        press(page, "Yes, move my visit")
    else:
        press(page, answer)

    times = list(Appointment.objects.values_list("starts_at", flat=True))
    assert times == ([second] if answer == "Move it" else [first, second])
    said = "Your visit has moved" if answer == "Move it" else "Your visit is booked"
    assert page.locator("h1").inner_text() == said
