"""A patient's whole way without JavaScript: condition page, times, details, proof, change."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from booking.models import Appointment, Enquiry
from tests.browser.hands import choose_last_time, fill
from tests.chromium import follow


def book(page):
    """From the condition page to the proof; gives how many pages were asked for."""
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto("/conditions/back-pain/")
    follow(page.get_by_role("link", name="Book an initial consultation").first)
    choose_last_time(page)
    page.get_by_label("No, none of these").check()
    fill(page)
    follow(page.get_by_role("button", name="Book this time"))
    return asked.count("document")


def test_a_patient_books_and_holds_the_proof(walk):
    site, page = walk
    documents = book(page)

    appointment = Appointment.objects.get()
    local = timezone.localtime(appointment.starts_at)
    assert (page.url, documents) == (f"{site.url}/appointment/", 6)  # the fifth is a 303
    assert page.locator("h1").inner_text() == "Your visit is booked"
    proof = page.locator("main").inner_text()
    for part in [
        f"{local:%A, %B} {local.day}, {local.year}",
        "Ana Ruiz, PT, DPT",
        appointment.reference,
        "rosa@example.org",
    ]:
        assert part in proof
    assert appointment.condition.slug == "back-pain"

    site.manage("send_emails").check_returncode()
    [message] = site.mail
    assert message["To"] == "rosa@example.org"
    event = Calendar.from_ical(
        next(part for part in message.walk() if part.get_content_type() == "text/calendar")
        .get_payload(decode=True)
        .decode()
    ).walk("VEVENT")[0]
    assert event.decoded("dtstart") == appointment.starts_at
    link = re.search(r"https?://\S+/m/\S+/", message.get_body(["plain"]).get_content())[0]
    page.context.clear_cookies()
    page.goto(link)
    assert (page.url, page.locator(".reference").inner_text()) == (
        f"{site.url}/appointment/",
        appointment.reference,
    )


@pytest.mark.only("postgresql")
def test_a_patient_books_and_asks_under_the_real_guards(clinic, serve, new_page):
    """Two seconds before a form may come back, as on a live site; a form sent sooner is kept."""
    site = serve(environment={"DEMO": "1", "MINIMUM_FILL_SECONDS": "2"})
    page = new_page(java_script_enabled=False, base_url=site.url)
    page.goto("/contact/")
    follow(page.get_by_role("link", name="Ask a question"))
    page.wait_for_timeout(2000)
    page.get_by_label("No, none of these").check()
    page.get_by_label("Your name").fill("Rosa Marquez")
    page.get_by_label("E-mail").fill("rosa@example.org")
    page.get_by_label("Your question").fill("Do you have parking?")
    follow(page.get_by_role("button", name="Send my question"))
    assert page.locator("h1").inner_text() == "Your question is sent"

    page.goto("/book/")
    choose_last_time(page)
    page.get_by_label("No, none of these").check()
    fill(page)
    page.locator("[name=homepage]").evaluate("field => field.value = 'filled by a browser'")
    page.wait_for_timeout(2000)
    follow(page.get_by_role("button", name="Book this time"))
    assert page.locator(".summary h2").inner_text() == "Please send the form once more"
    assert page.input_value("[name=name]") == "Rosa Marquez"
    follow(page.get_by_role("button", name="Book this time"))

    assert page.locator("h1").inner_text() == "Your visit is booked"
    assert (Appointment.objects.count(), Enquiry.objects.get().name) == (1, "Rosa Marquez")


def test_the_front_desk_sees_the_booking(walk, sign_in):
    site, page = walk
    book(page)
    desk = sign_in(site.url)
    desk.goto("/admin/booking/appointment/?q=0199")

    assert "Rosa Marquez" in desk.locator("#changelist").inner_text()


def test_a_patient_moves_and_then_cancels(walk):
    site, page = walk
    book(page)
    before = Appointment.objects.get()
    follow(page.get_by_role("link", name="Move my visit"))
    follow(page.get_by_role("link", name="Later dates").first)
    choose_last_time(page)
    follow(page.get_by_role("button", name="Yes, move my visit"))
    moved = Appointment.objects.get()
    assert moved.pk == before.pk
    assert moved.starts_at > before.starts_at
    follow(page.get_by_role("link", name="Cancel my visit"))
    follow(page.get_by_role("button", name="Yes, cancel my visit"))

    assert page.locator("h1").inner_text() == "Your visit is cancelled"
    assert Appointment.objects.get().status == "cancelled"
    site.manage("send_emails").check_returncode()
    assert [message["To"] for message in site.mail] == ["rosa@example.org"]


def test_a_wrong_field_is_mended_and_booked(walk):
    _site, page = walk
    page.goto("/book/")
    choose_last_time(page)
    fill(page, email="rosa@")
    follow(page.get_by_role("button", name="Book this time"))
    assert page.title().startswith("Error: ")
    follow(page.get_by_role("link", name="Enter an e-mail address like name@example.com"))
    assert page.evaluate("document.activeElement.name") == "email" or "#id_email" in page.url
    page.get_by_label("No, none of these").check()
    page.fill("[name=email]", "rosa@example.org")
    follow(page.get_by_role("button", name="Book this time"))

    assert page.locator("h1").inner_text() == "Your visit is booked"


def test_an_emergency_leads_to_911_and_back(walk):
    _site, page = walk
    page.goto("/book/")
    choose_last_time(page)
    fill(page)
    page.get_by_label("Yes, at least one").check()
    follow(page.get_by_role("button", name="Book this time"))
    assert page.get_by_role("link", name="Call 911").get_attribute("href") == "tel:911"
    assert Appointment.objects.count() == 0
    follow(page.get_by_role("button", name="Go back to the form"))

    assert page.input_value("[name=name]") == "Rosa Marquez"
    assert not page.get_by_label("Yes, at least one").is_checked()


def test_a_time_lost_meanwhile_costs_one_more_tap(walk):
    _site, page = walk
    page.goto("/book/")
    choose_last_time(page)
    page.get_by_label("No, none of these").check()
    fill(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("No, none of these").check()
    fill(other, name="Someone Faster")
    follow(other.get_by_role("button", name="Book this time"))
    follow(page.get_by_role("button", name="Book this time"))
    assert page.locator("h1").inner_text() == "That time cannot be booked"
    page.keyboard.press("Enter")
    assert Appointment.objects.count() == 1
    follow(page.locator("button[formaction]").first)

    assert page.locator("h1").inner_text() == "Your visit is booked"
    assert sorted(Appointment.objects.values_list("name", flat=True)) == [
        "Rosa Marquez",
        "Someone Faster",
    ]
    first, second = Appointment.objects.order_by("starts_at")
    assert second.starts_at - first.starts_at >= timedelta(minutes=45)
