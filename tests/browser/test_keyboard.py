"""The other forms by keyboard alone, on a small phone without scripts: each slip, and the way out.

The pages are the running site's own, reached by typing and pressing; booking, moving and cancelling
are in `test_steps`.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from booking.models import Appointment, Enquiry, OutgoingEmail, Therapist, TimeOffer, WaitlistEntry
from booking.visits import tokens
from booking.visits.requests import Request
from tests.browser.hands import jump, reach, runs_no_script, to_content, write
from tests.browser.looks import PAGE_IS_WIDER
from tests.browser.shown import SAID, Shown
from tests.browser.waiting import ANY_DAY, ask
from tests.builders import book_by_desk, wait_without_visit

# What the keys do does not depend on the database; PostgreSQL's process has the time.
pytestmark = pytest.mark.only("postgresql")

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
FOCUS_IS_SEEN = """element => {
  const style = getComputedStyle(element);
  return element.matches(":focus-visible") && style.outlineStyle === "solid"
    && parseFloat(style.outlineWidth) >= 2;
}"""


class Phone:
    """A small phone whose owner has keys alone. Each page that a key led to is kept in `shown`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown: list[str] = []

    def open(self, path: str) -> None:
        policy = self.page.goto(path).headers["content-security-policy"]
        assert runs_no_script(policy)
        to_content(self.page)

    def go_to(self, target: Locator, most: int = 6) -> None:
        reach(self.page, target, most)
        assert (str(target), target.evaluate(FOCUS_IS_SEEN)) == (str(target), True)

    def tick(self, label: str, most: int = 6) -> None:
        target = self.page.get_by_label(label)
        self.go_to(target, most)
        self.page.keyboard.press("Space")
        assert (label, target.is_checked()) == (label, True)

    def take_out(self, label: str, most: int = 3) -> None:
        target = self.page.get_by_label(label)
        self.go_to(target, most)
        self.page.keyboard.press("Space")
        assert (label, target.is_checked()) == (label, False)

    def write(self, **typed: str) -> None:
        for name, text in typed.items():
            write(self.page, name, text)

    def send(self) -> str:
        """Press Enter where one is, and go to the content of what follows; gives its words."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert (self.page.url, self.page.evaluate(PAGE_IS_WIDER)) == (self.page.url, False)
        self.shown.append(self.page.content())
        to_content(self.page)  # from the top: no fragment of the form's address is left
        return self.page.evaluate(SAID)

    def press(self, name: str, most: int = 25) -> str:
        """The same at a button."""
        self.go_to(self.page.get_by_role("button", name=name, exact=True), most)
        return self.send()

    def mend(self, error: str, field: Locator) -> None:
        """From the summary of what is wrong to the field that it is about."""
        assert self.page.title().startswith("Error: ")
        jump(self.page, self.page.get_by_role("link", name=error), 3, field)


@pytest.fixture
def phone(site, new_page, hours) -> Iterator[Phone]:
    """A phone on the running site; in the end, no page that it showed has a fault."""
    small = {"width": 320, "height": 640}
    phone = Phone(new_page(java_script_enabled=False, base_url=site.url, viewport=small))
    yield phone
    # Not before: a second page takes the focus from the first.
    looker = Shown(new_page(), site)
    assert [fault for html in phone.shown for fault in looker.look(html)[1]] == []


EMAIL = "Enter an e-mail address like name@example.com"


def test_a_question_is_asked_by_keyboard_alone(phone):
    page = phone.page
    phone.open("/contact/question/")
    phone.tick("No, none of these")
    page.keyboard.press("ArrowDown")  # Yes, at least one
    phone.write(name="Rosa Marquez")
    assert phone.send() == "Call 911 or go to an emergency room now"
    assert phone.press("Go back to the form") == "Ask a question"
    assert page.input_value("[name=name]") == "Rosa Marquez"

    phone.tick("No, none of these")
    phone.write(name="", email="rosa@")
    assert phone.send() == "There is a problem"
    phone.mend(EMAIL, page.locator("[name=email]"))
    page.keyboard.press("End")
    page.keyboard.type("example.org")
    phone.write(message="Is there parking?")
    page.context.clear_cookies()
    assert phone.press("Send my question") == "Please send the form once more"
    assert phone.press("Send my question") == "Your question is sent"
    assert list(Enquiry.objects.values_list("name", "email", "message")) == [
        ("Rosa Marquez", "rosa@example.org", "Is there parking?")
    ]


def test_a_lost_link_is_asked_for_by_keyboard_alone(phone, hours):
    page = phone.page
    book_by_desk(Therapist.objects.get(), hours[0], request=Request())
    phone.open("/appointment/lost/")
    assert phone.press("Send me the link") == "There is a problem"
    phone.mend("Enter", page.locator("[name=email]"))
    page.keyboard.type("rosa@example.org")
    page.context.clear_cookies()
    assert phone.send() == "Please send the form once more"
    assert phone.press("Send me the link") == "Look at your e-mail"
    assert OutgoingEmail.objects.filter(kind="link").count() == 1


def test_the_list_is_joined_and_left_by_keyboard_alone(phone):
    page = phone.page
    phone.open("/book/earlier/")
    phone.tick("No, none of these")
    for day in DAYS:
        phone.take_out(day)
    phone.go_to(page.locator("[name=name]"), 12)  # past the parts of a day
    page.keyboard.type("Rosa Marquez")
    phone.write(phone="(212) 555-0199", email="rosa@example.org")
    assert phone.send() == "There is a problem"
    phone.mend("Choose at least one day", page.get_by_label("Monday"))
    page.keyboard.press("Space")
    page.context.clear_cookies()
    assert phone.press("Put me on the list") == "Please send the form once more"
    assert phone.press("Put me on the list") == "Please check your e-mail"
    assert phone.press("Take me off the list") == "You are not on the list"
    assert WaitlistEntry.objects.get().state == "left"


def test_somebody_with_a_visit_joins_and_leaves_by_keyboard_alone(phone, hours):
    page = phone.page
    start = hours[1] + timedelta(days=7)
    visit = book_by_desk(Therapist.objects.get(), start, request=Request())
    page.goto(f"/m/{tokens.make(visit)}/")
    phone.open("/appointment/earlier/")
    for part in ("Before noon", "Noon to 5 p.m.", "5 p.m. or later"):
        phone.take_out(part, 20)
    assert phone.press("Put me on the list") == "There is a problem"
    phone.mend("part of the day", page.get_by_label("Before noon"))
    page.keyboard.press("Space")
    assert phone.send() == "You are on the earlier-time list"
    assert phone.press("Take me off the list") == "Tell me if something sooner comes up"
    assert WaitlistEntry.objects.get().state == "left"


@pytest.fixture
def offer(hours) -> TimeOffer:
    """Somebody without a visit is asked about a time."""
    wait_without_visit(wish=ANY_DAY, now=timezone.now())
    ask()
    return TimeOffer.objects.get()


def test_an_offer_is_taken_by_keyboard_alone(phone, offer):
    page = phone.page
    phone.open(f"/offer/{tokens.make(offer)}/")
    assert phone.press("Yes, take this time") == "There is a problem"
    phone.mend("Say whether any", page.get_by_label("No, none of these"))
    page.keyboard.press("Space")
    page.context.clear_cookies(name="csrftoken")
    assert phone.press("Yes, take this time") == "Please send the form once more"
    assert phone.press("Yes, take this time") == "Your visit is booked"
    assert Appointment.objects.get().starts_at == offer.starts_at


def test_an_offer_is_declined_and_the_list_left_by_keyboard_alone(phone, offer):
    phone.open(f"/offer/{tokens.make(offer)}/")
    assert phone.press("No, not this time") == "You said no to this time"
    assert phone.press("Take me off the list") == "You said no to this time"
    assert WaitlistEntry.objects.get().state == "left"


def test_an_offer_that_is_gone_is_told_by_keyboard_alone(phone, offer):
    phone.open(f"/offer/{tokens.make(offer)}/")
    phone.tick("No, none of these")
    book_by_desk(offer.therapist, offer.starts_at, request=Request())
    assert phone.press("Yes, take this time") == "This time is not free any more"
    assert phone.press("Take me off the list") == "You said no to this time"
    assert WaitlistEntry.objects.get().state == "left"
