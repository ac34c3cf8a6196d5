"""Back, forward and reload, without JavaScript: nothing typed is lost, nothing booked twice."""

import pytest

from booking.calendars import instants
from booking.models import Appointment, Therapist, WaitlistEntry
from booking.visits.requests import Request
from tests.browser.hands import choose_last_time, fill
from tests.builders import book
from tests.chromium import follow

pytestmark = pytest.mark.only("postgresql")
FIELDS = ["name", "phone", "email", "reason"]
TYPED = ["Rosa Marquez", "(212) 555-0199", "rosa@example.org", "My back hurts"]


def open_form(page):
    """The details of the last free time of the week, filled in; returns its address."""
    page.goto("/book/")
    choose_last_time(page)
    fill(page)
    page.locator("summary", has_text="For someone else").click()
    page.fill("[name=reason]", TYPED[-1])
    page.get_by_label("No, none of these").check()
    return page.url


def kept(page):
    assert page.get_by_label("No, none of these").is_checked()
    return [page.input_value(f"[name={name}]") for name in FIELDS]


def heading(page):
    return page.locator("h1").inner_text()


def test_back_and_reload_on_the_way_to_the_proof(walk):
    site, page = walk
    form = open_form(page)
    page.go_back()
    assert page.url.startswith(f"{site.url}/book/?from=")
    page.go_forward()
    assert (page.url, kept(page)) == (form, TYPED)

    wrong = [*TYPED[:2], "rosa@", TYPED[3]]
    page.fill("[name=email]", "rosa@")
    follow(page.get_by_role("button", name="Book this time"))
    assert (page.title()[:7], kept(page)) == ("Error: ", wrong)
    page.reload()  # sends the form again
    assert (page.title()[:7], kept(page)) == ("Error: ", wrong)
    page.go_back()
    assert (heading(page), kept(page)) == ("Your details", wrong)

    page.fill("[name=email]", TYPED[2])
    follow(page.get_by_role("button", name="Book this time"))
    assert heading(page) == "Your visit is booked"
    page.reload()
    assert heading(page) == "Your visit is booked"
    page.go_back()
    assert (page.url, heading(page)) == (form, "You have booked this time")
    page.reload()
    assert (page.url, heading(page)) == (form, "You have booked this time")
    follow(page.get_by_role("button", name="See your visit"))
    assert heading(page) == "Your visit is booked"
    assert Appointment.objects.count() == 1


def test_reloading_the_page_of_a_lost_time(walk):
    _site, page = walk
    form = open_form(page)
    book(Therapist.objects.get(), instants.parse(form.split("/")[5]), request=Request())
    follow(page.get_by_role("button", name="Book this time"))
    for _time in range(2):
        assert (heading(page), kept(page)) == ("That time cannot be booked", TYPED)
        page.reload()
    follow(page.locator("button[formaction]").first)
    assert heading(page) == "Your visit is booked"
    page.reload()

    assert heading(page) == "Your visit is booked"
    assert Appointment.objects.count() == 2


def test_back_and_reload_on_the_way_to_the_list(walk):
    _site, page = walk
    page.goto("/book/earlier/")
    fill(page)
    page.get_by_label("Monday").check()
    follow(page.get_by_role("button", name="Put me on the list"))
    for _time in range(2):
        assert page.title().startswith("Error: ")
        assert page.input_value("[name=name]") == "Rosa Marquez"
        assert page.get_by_label("Monday").is_checked()
        page.reload()
    page.go_back()
    assert page.input_value("[name=name]") == "Rosa Marquez"
    assert page.get_by_label("Monday").is_checked()

    page.get_by_label("Before noon").check()
    page.get_by_label("No, none of these").check()
    follow(page.get_by_role("button", name="Put me on the list"))
    page.reload()
    assert WaitlistEntry.objects.count() == 1
