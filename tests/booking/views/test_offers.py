"""The page behind an offer's link: take the time, or keep what one has."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.earlier import offers
from booking.models import Appointment, Estimate, TimeOffer, VisitType, WaitlistEntry
from booking.visits import corrections, staff_changes, tokens
from conditions.models import Condition
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.conditions.builders import make_emergency_line
from tests.patients import Form, opened
from tests.reading import tight

THURSDAY = MONDAY + timedelta(days=3)
LATER = NOW + timedelta(minutes=61)


@pytest.fixture
def offer(ana):
    """Thursday's visit, and the offer of today's first time."""
    wait(book(ana, at("9:30", THURSDAY)))
    offers.look(NOW)
    return TimeOffer.objects.get()


PAGE = "/offer/"


@pytest.fixture
def link(client, offer):
    """Where the link in the e-mail leads, which this client has followed."""
    return opened(client, offer)


def heading(answer):
    return re.search(r"<h1>(.*?)</h1>", tight(answer.content.decode()))[1]


def rows():
    return list(Appointment.objects.values_list("starts_at", "status", "sequence"))


def test_the_link_shows_both_times_and_changes_nothing(client, offer, link):
    before = TimeOffer.objects.values().get()
    page = client.get(link)
    text = page.content.decode()

    assert (page.status_code, heading(page)) == (200, "A sooner time is free")
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    for words in (
        "Friday, November 27, 4\N{NO-BREAK SPACE}p.m.",
        "Thursday, December 3, 9:30\N{NO-BREAK SPACE}a.m.",
        "1\N{NO-BREAK SPACE}p.m.",
    ):
        assert words in text
    assert TimeOffer.objects.values().get() == before
    assert rows() == [(at("9:30", THURSDAY), "booked", 0)]


def test_yes_moves_the_visit_and_shows_it(client, offer, link):
    answer = client.post(link, {"answer": "yes"})

    assert (answer.status_code, answer["Location"]) == (303, "/appointment/")
    assert rows() == [(offer.starts_at, "booked", 1)]
    assert "Friday, November 27, 2026" in client.get("/appointment/").content.decode()
    assert client.get(link)["Location"] == "/appointment/"
    assert client.post(link, {"answer": "yes"})["Location"] == "/appointment/"
    assert rows() == [(offer.starts_at, "booked", 1)]


@pytest.mark.parametrize("page", ["link", "first_visit"])
def test_a_yes_takes_at_most_twenty_four_queries(
    page, request, client, settings, django_assert_max_num_queries
):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    address = request.getfixturevalue(page)
    VisitType.objects.update(reminder_hours="72, 24")
    with django_assert_max_num_queries(24):
        answer = client.post(address, YES)

    assert (answer.status_code, TimeOffer.objects.get().state) == (303, "claimed")


def test_no_keeps_the_visit(client, link):
    answer = client.post(link, {"answer": "no"})
    page = client.get(link)

    assert (answer.status_code, answer["Location"]) == (303, link)
    assert (heading(page), page.status_code) == ("You keep your visit", 200)
    assert rows() == [(at("9:30", THURSDAY), "booked", 0)]
    late = client.post(link, {"answer": "yes"})
    assert (late.status_code, rows()) == (409, [(at("9:30", THURSDAY), "booked", 0)])


def test_the_list_can_be_left_from_the_offer(client, link):
    client.post(link, {"answer": "leave"})

    assert "not on the list any more" in client.get(link).content.decode()
    assert WaitlistEntry.objects.get().state == "left"


def run_out(offer):
    return LATER


def given(offer):
    book_by_desk(offer.therapist, offer.starts_at)


def gone(offer):
    offer.therapist.working_hours.all().delete()


def withdrawn(offer):
    VisitType.objects.update(active=False)


def test_a_visit_that_the_desk_moved_as_soon_is_kept_and_says_so(client, offer, link):
    visit = Appointment.objects.get()
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=visit.therapist,
        starts_at=offer.ends_at,
        now=NOW,
    )
    pages = [client.get(link), client.post(link, {"answer": "yes"})]

    assert [page.status_code for page in pages] == [200, 409]
    for page in pages:
        text = page.content.decode()
        assert heading(page) == "Your visit is as soon as this time"
        assert "Your visit has moved since we wrote to you. You keep it" in text
        assert (
            "Your visit: Friday, November 27, 4:45\N{NO-BREAK SPACE}p.m. with Ana Ruiz, PT, DPT."
            in text
        )
        assert "You stay on the list for other sooner times." in text
    assert rows() == [(offer.ends_at, "booked", 1)]


@pytest.mark.parametrize(
    ("change", "expected", "words"),
    [
        (run_out, "We have asked someone else", "we could keep this time for you"),
        (given, "This time is not free any more", "someone else on the telephone"),
        (gone, "This time is not free any more", "It cannot be booked now"),
        (withdrawn, "This time is not free any more", "It cannot be booked now"),
    ],
)
def test_a_time_that_is_gone_is_told_kindly(client, offer, link, change, expected, words):
    now = change(offer) or NOW
    with time_machine.travel(now, tick=False):
        pages = [client.get(link), client.post(link, {"answer": "yes"})]

    assert [page.status_code for page in pages] == [200, 409]
    for page in pages:
        text = page.content.decode()
        assert heading(page) == expected
        assert words in text
        assert "Thursday, December 3, 9:30\N{NO-BREAK SPACE}a.m." in text
        assert [link in text for link in ('href="/book/"', "(212) 555-0143")] == [True, True]
    assert (at("9:30", THURSDAY), "booked", 0) in rows()


def test_unknown_old_and_revoked_links_answer_alike(client, offer):
    visit, address = Appointment.objects.get(), f"/offer/{tokens.make(offer)}/"
    corrections.correct(appointment=visit, changes={"email": "new@example.org"}, now=NOW)
    revoked = client.get(address)
    Appointment.objects.update(token_version=1)
    with time_machine.travel(offer.ends_at + timedelta(days=1), tick=False):
        old = client.get(address)

    assert {old.status_code, revoked.status_code, client.get("/offer/x/").status_code} == {404}
    assert client.post(address, {"answer": "yes"}).status_code == 405


def test_the_link_leaves_the_address_bar_and_changes_nothing(client, offer):
    before = TimeOffer.objects.values().get()
    answer = client.get(f"/offer/{tokens.make(offer)}/")

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert answer["Cache-Control"] == "no-store"
    cookie = answer.cookies["offer"]
    assert tokens.make(offer) not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert TimeOffer.objects.values().get() == before


@pytest.mark.parametrize("value", ["", "x", "{uuid}.mail", "{uuid}.mail:forged"])
def test_without_a_cookie_that_the_site_signed_nothing_is_said_or_done(client, offer, value):
    client.cookies["offer"] = value.format(uuid=offer.uuid.hex)
    page, answer = client.get(PAGE), client.post(PAGE, {"answer": "yes"})

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "This device does not know your visit." in page.content.decode()
    assert (rows(), TimeOffer.objects.get().state) == (
        [(at("9:30", THURSDAY), "booked", 0)],
        "open",
    )


def test_an_answer_about_another_offer_than_the_one_last_opened_does_nothing(client, link, ana):
    page = Form(client.get(link).content.decode())
    wait_without_visit(replace(PATIENT, name="Ben Hill", email="ben@example.org"))
    offers.look(NOW)
    opened(client, TimeOffer.objects.exclude(uuid=page.values["about"]).get())
    answer = client.post(link, page.values | {"answer": "yes"})

    assert (answer.status_code, rows()) == (409, [(at("9:30", THURSDAY), "booked", 0)])
    assert "You have opened another link of ours in this browser since." in tight(
        answer.content.decode()
    )


def test_a_stale_form_is_asked_again(offer):
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    link = opened(browser, offer)
    answer = browser.post(link, {"answer": "yes"})
    form = Form(answer.content.decode())

    assert (answer.status_code, rows()[0][2]) == (403, 0)
    assert browser.post(link, form.values | {"answer": "yes"}).status_code == 303


@pytest.fixture
def first_visit(client, ana):
    """An offer to somebody who has no visit, whose link this client has followed."""
    VisitType.objects.update(price="165.00")
    wait_without_visit()
    offers.look(NOW)
    return opened(client, TimeOffer.objects.get(state="open"))


def test_a_first_visit_asks_the_safety_question_and_books(client, first_visit):
    asked = client.post(first_visit, {"answer": "yes"})
    assert asked.content.decode().count("<title>Error: ") == 1
    emergency = client.post(first_visit, {"answer": "yes", "red_flags": "yes"})
    assert "Call 911" in emergency.content.decode()
    assert rows() == []
    answer = client.post(first_visit, {"answer": "yes", "red_flags": "no"})

    assert answer["Location"] == "/appointment/"
    assert client.get(first_visit)["Location"] == "/appointment/"
    assert len(rows()) == 1
    assert "Rosa Marquez" not in client.get("/appointment/").content.decode()
    visit = Appointment.objects.get()
    corrections.correct(appointment=visit, changes={"email": "n@x.org"}, now=NOW)
    assert heading(client.get(first_visit)) == "Your visit"
    assert "This device does not know your visit." in client.get(first_visit).content.decode()


def test_a_first_visit_shows_the_signs_of_an_emergency_that_are_published(
    client, first_visit, settings
):
    settings.DEMO = True  # examples show
    make_emergency_line(text="a sign of this clinic")
    page = client.get(first_visit).content.decode()

    assert re.findall(r"<li>(.*?)</li>", page[page.index("emergency-heading") :])[:1] == [
        "a sign of this clinic"
    ]


MORE = {
    "booked_by": "Luz Marquez",
    "interpreter": "Spanish",
    "wants_gender": "woman",
    "step_free": "on",
    "reason": "My back hurts.",
    "payment": "self-pay",
}
YES = {"answer": "yes", "red_flags": "no"}


def details():
    visit = Appointment.objects.get()
    needs = [visit.booked_by, visit.interpreter, visit.wants_gender, visit.step_free]
    return [*needs, visit.reason, visit.payment]


def test_a_first_visit_asks_what_booking_asks_and_requires_no_more(client, first_visit):
    page = client.get(first_visit).content.decode()
    names = set(re.findall(r'name="(\w+)"', page[page.index("<main") : page.index("</main>")]))
    assert names == {"csrfmiddlewaretoken", "about", "red_flags", "answer", *MORE}
    assert "You have a right to a good-faith estimate." in page
    assert "The price of this visit is $165" in page
    client.post(first_visit, YES)

    assert details() == ["", "", "", False, "", ""]
    assert Estimate.objects.count() == 0


def test_what_was_typed_goes_with_the_first_visit_and_self_pay_owes_the_estimate(
    client, first_visit
):
    client.post(first_visit, YES | MORE)

    assert details() == ["Luz Marquez", "Spanish", "woman", True, "My back hurts.", "self-pay"]
    assert Estimate.objects.get().appointment == Appointment.objects.get()
    assert "You get it from us by" in client.get("/appointment/").content.decode()


def test_a_wrong_choice_is_asked_again_and_the_typing_kept(client, first_visit):
    page = client.post(first_visit, YES | MORE | {"payment": "gold"}).content.decode()

    assert (page.count("<title>Error: "), rows()) == (1, [])
    assert [text in page for text in ('value="Luz Marquez"', "My back hurts.")] == [True, True]
    assert "<details open>" in page


def test_the_condition_on_the_way_goes_with_the_first_visit(client, ana, settings):
    settings.DEMO = True  # examples show
    condition = Condition.objects.create(slug="sciatica", title="Sciatica", state="example")
    page = "/book/earlier/?for=sciatica"
    form = client.get(page).content.decode()
    assert f'action="{page}"' in form
    typed = {"weekdays": ["0", "4"], "parts": ["morning", "afternoon"], "red_flags": "no"}
    contact = {"name": "Rosa", "phone": "(212) 555-0199", "email": "rosa@example.org"}
    client.post(page, typed | contact)
    WaitlistEntry.objects.update(confirmed_at=NOW)
    offers.look(NOW)
    client.post(opened(client, TimeOffer.objects.get()), YES)

    assert Appointment.objects.get().condition == condition


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_emergency_comes_before_any_other_check(client, first_visit, answer):
    stale = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    opened(stale, TimeOffer.objects.get())
    typed = MORE | {"answer": answer, "red_flags": "yes"}
    pages = [browser.post(first_visit, typed) for browser in (client, stale)]

    assert [page.status_code for page in pages] == [200, 200]
    for page in pages:
        assert heading(page) == "Call 911 or go to an emergency room now"
        # The way back leads to the form: the answer has to be given once more.
        assert 'name="answer"' not in page.content.decode()
    assert (rows(), TimeOffer.objects.get().state) == ([], "open")
    form = Form(pages[1].content.decode())
    back = stale.post(first_visit, form.values | {"back": "1"})
    assert heading(back) == "A sooner time is free"
    again = stale.post(first_visit, YES | MORE | {"csrfmiddlewaretoken": "stale"})
    for page in (back, again):
        kept = page.content.decode()
        assert [text in kept for text in ('value="Luz Marquez"', "My back hurts.")] == [True, True]
        assert re.findall(r'value="([\w-]+)"[^>]*checked', kept)[-2:] == ["on", "self-pay"]


@pytest.fixture
def visit_before(ana):
    """A first visit that was offered and taken before the wish."""
    with time_machine.travel(NOW - timedelta(minutes=1), tick=False):
        wait_without_visit()
        offers.look(NOW)
        return offers.claim(offer=TimeOffer.objects.get(), now=NOW)


def test_one_visit_too_many_is_told_kindly_and_the_offer_stays(
    client, visit_before, first_visit, settings
):
    settings.OPEN_BOOKINGS_LIMIT = 1
    answer = client.post(first_visit, {"answer": "yes", "red_flags": "no"})
    text = answer.content.decode()

    assert (answer.status_code, heading(answer)) == (429, "A sooner time is free")
    assert "You can have a few visits booked online at a time." in text
    assert "Call (212) 555-0143" in text
    assert re.findall(r'name="red_flags" value="(\w+)"[^>]*checked', text) == ["no"]
    assert rows() == [(visit_before.starts_at, "booked", 0)]
    assert list(TimeOffer.objects.order_by("pk").values_list("state", flat=True)) == [
        "claimed",
        "open",
    ]


def test_a_get_never_writes(client, link, django_assert_num_queries):
    make_therapist("ben-cole")
    with django_assert_num_queries(9) as context:
        client.get(link)
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in context.captured_queries)
