"""One browser may hold several visits: each is shown, and the one opened last comes first."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment, Therapist
from booking.views.cookie import MOST_VISITS
from booking.visits import changes, corrections, tokens
from tests.booking.views.details_form import address, sent
from tests.booking.views.devices import Browser
from tests.builders import NOW, at, book, make_therapist, sent_by
from tests.reading import tight

PROOF, BOOK = "/appointment/", "/book/"
WALLS = ["9:00", "9:45", "10:30", "11:15", "13:00", "13:45", "14:30", "15:15"]
NAMED = re.compile(r"You have a visit on ?<strong>(.*?)</strong> ?with (.*?)\.<")
ALSO = re.compile(r'<p id="also-\d"><strong>(.*?)</strong>')


@pytest.fixture(autouse=True)
def limits(settings, ana):
    settings.OPEN_BOOKINGS_LIMIT, settings.MINIMUM_FILL_SECONDS = 9, 0
    Browser.networks = iter(range(1, 250))


def visits(count):
    """So many visits at Ana's, each of another person, soonest first."""
    ana = Therapist.objects.get(slug="ana-ruiz")
    return [book(ana, at(wall), **sent_by(n)) for n, wall in enumerate(WALLS[:count])]


def holding(rows):
    """A browser in which the links of these were opened, one after the other."""
    browser = Browser()
    for row in rows:
        browser.hold(row)
    return browser


def shown(browser, path=PROOF):
    return tight(browser.get(path).content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def proof_of(browser):
    """The reference of the visit whose proof is shown, and the times of the others."""
    html = shown(browser)
    times = [when.partition(", ")[2] for when in ALSO.findall(html)]
    return re.search(r'class="reference">(.*?)<', html)[1], times


def clock(wall):
    return f"November 30, {wall} a.m."


def test_the_proof_shows_the_visit_opened_last_and_those_to_come_beside_it():
    first, second, third = visits(3)

    assert proof_of(holding([third, second, first])) == (
        first.reference,
        [clock("9:45"), clock("10:30")],
    )


def test_a_button_leads_to_another_one_and_no_address_says_which():
    first, second = visits(2)
    browser = holding([first, second])

    answer = browser.post("/appointment/open/", {"reference": first.reference})

    assert (answer.status_code, answer["Location"]) == (303, PROOF)
    assert proof_of(browser) == (first.reference, [clock("9:45")])


@pytest.mark.parametrize("reference", ["", "ZZZ-ZZZ", "another's"])
def test_it_opens_none_that_the_browser_does_not_hold(reference):
    first, second = visits(2)
    asked = second.reference if reference == "another's" else reference
    browser = holding([first])

    assert browser.post("/appointment/open/", {"reference": asked}).status_code == 409
    assert proof_of(browser) == (first.reference, [])


def test_only_those_to_come_stand_beside_it():
    past, cancelled, coming, last = visits(4)
    changes.cancel_by_patient(appointment=cancelled, now=NOW)
    browser = holding([past, cancelled, coming, last])

    with time_machine.travel(at("9:30"), tick=False):
        assert proof_of(browser) == (last.reference, [clock("10:30")])


def test_a_visit_to_come_is_shown_before_one_that_is_over_and_its_pages_are_about_it():
    past, coming = visits(2)
    browser = holding([coming, past])

    with time_machine.travel(at("9:30"), tick=False):
        assert proof_of(browser)[0] == coming.reference
        assert "9:45 a.m." in shown(browser, "/appointment/cancel/")


def test_a_visit_that_was_cancelled_just_now_is_shown_once_more_than_one_to_come():
    coming, cancelled = visits(2)
    browser = holding([coming, cancelled])
    asked = {"reference": cancelled.reference, "sequence": 0}

    for _sent_twice in range(2):
        done = browser.post("/appointment/cancel/", asked, follow=True)
        assert "<h1>Your visit is cancelled</h1>" in done.content.decode()
    assert proof_of(browser) == (coming.reference, [])


def test_the_link_of_a_cancelled_visit_shows_that_one():
    coming, cancelled = visits(2)
    changes.cancel_by_patient(appointment=cancelled, now=NOW)
    browser = holding([coming])

    page = browser.get(f"/m/{tokens.current(cancelled)}/", follow=True)

    assert "<h1>Your visit is cancelled</h1>" in page.content.decode()
    assert proof_of(browser) == (coming.reference, [])


def test_ones_own_time_leads_to_the_visit_at_that_time():
    first, second = visits(2)
    browser = holding([first, second])

    html = tight(browser.get(address("9:00")).content.decode())

    assert "<h1>You have booked this time</h1>" in html
    [reference] = re.findall(r'name="reference" value="(.*?)"', html)
    browser.post("/appointment/open/", {"reference": reference})
    assert proof_of(browser)[0] == first.reference


def test_a_visit_whose_link_was_made_anew_makes_room_for_the_next():
    first, second = visits(2)
    browser = holding([second, first])

    corrections.correct(appointment=first, changes={"email": "new@example.org"}, now=NOW)

    assert proof_of(browser) == (second.reference, [])


def test_each_is_named_for_whom_where_it_was_typed_and_nowhere_else():
    browser = Browser()
    make_therapist("ben-cole")
    browser.post(address("9:30"), sent(name="Rosa Marquez"))
    other = book(Appointment.objects.get().therapist, at("14:00"), **sent_by(7))
    browser.hold(other)

    html = shown(browser)

    assert ("For Rosa Marquez" in html, "Patient 7" in html) == (True, False)
    browser.post("/appointment/open/", {"reference": Appointment.objects.earliest("pk").reference})
    html = shown(browser)
    assert ("Rosa Marquez" in html, "Patient 7" in html) == (True, False)


def test_who_came_by_the_mail_of_one_has_proved_nothing_of_another():
    """Typed here, it waits for room in the mailbox though another visit's link was opened since."""
    browser = Browser()
    browser.post(address("9:30"), sent())
    own = Appointment.objects.get()
    browser.hold(book(own.therapist, at("14:00"), **sent_by(7)))
    browser.post("/appointment/open/", {"reference": own.reference})

    browser.post("/appointment/earlier/", {"weekdays": ["0"], "parts": ["morning"]})

    assert [wish.confirmed_at for wish in own.wishes.all()] == [None]


def test_a_browser_holds_so_many_and_the_cookie_stays_small():
    rows = visits(MOST_VISITS + 2)
    browser = holding(rows)
    held = browser.cookies["appointment"].value

    reference, times = proof_of(browser)
    assert (reference, len(times)) == (rows[-1].reference, MOST_VISITS - 1)
    assert len(held) < 1_000


def test_the_same_visit_is_held_once_however_it_is_opened():
    browser = Browser()
    browser.post(address("9:30"), sent())
    visit = Appointment.objects.get()

    for _time in range(2):
        browser.hold(visit)

    assert browser.cookies["appointment"].value == tokens.make(visit)


def test_the_cookie_says_nothing_of_anybody():
    browser = Browser()
    browser.post(address("9:30"), sent())
    visit = Appointment.objects.get()
    held = browser.cookies["appointment"]

    for private in ("Rosa", "rosa", visit.reference, "2026", visit.phone, "ana-ruiz"):
        assert private not in held.value
    assert (held["httponly"], held["samesite"], held["expires"]) == (True, "Lax", "")


@pytest.mark.parametrize("junk", ["", "|", "||||", "x" * 4000, "a.b:c|", "|".join("x" * 99)])
def test_what_the_site_did_not_sign_is_left_aside(junk):
    [visit] = visits(1)
    browser = Browser()
    browser.cookies["appointment"] = f"{tokens.make(visit)}|{junk}"

    assert proof_of(browser) == (visit.reference, [])


def test_a_made_up_signature_opens_nothing():
    first, second = visits(2)
    browser = holding([first])
    browser.cookies["appointment"] = f"{tokens.make(first)}|{second.uuid.hex}.1:{'x' * 43}"

    assert proof_of(browser) == (first.reference, [])


def test_a_cookie_of_one_visit_from_before_holds_still_and_takes_others():
    first, second = visits(2)
    browser = Browser()
    browser.cookies["appointment"] = tokens.make(first)
    browser.hold(second)

    assert proof_of(browser) == (second.reference, [clock("9")])


def test_booking_names_the_visits_to_come_soonest_first():
    first, second = visits(2)
    html = shown(holding([first, second]), BOOK)

    assert NAMED.findall(html) == [
        ("Monday, November 30, 9 a.m.", "Ana Ruiz"),
        ("Monday, November 30, 9:45 a.m.", "Ana Ruiz"),
    ]
    buttons = re.findall(r'action="/appointment/open/".*?name="reference" value="(.*?)"', html)
    assert buttons == [first.reference, second.reference]


@pytest.mark.parametrize("what", ["nothing", "cancelled", "begun", "forgotten"])
def test_booking_names_no_visit_without_one_to_come(what):
    [visit] = visits(1)
    browser = Browser() if what == "nothing" else holding([visit])
    if what == "cancelled":
        changes.cancel_by_patient(appointment=visit, now=NOW)
    if what == "forgotten":
        browser.post("/appointment/forget/")
    with time_machine.travel(at("9:00") if what == "begun" else NOW, tick=False):
        answer = browser.get(BOOK)

    assert NAMED.findall(tight(answer.content.decode())) == []
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_page_that_names_a_visit_is_kept_by_nobody(settings):
    settings.PAGE_CACHE_SECONDS = 60
    [visit] = visits(1)
    stranger, holder = Browser(), holding([visit])
    before = stranger.get(BOOK).content
    answer = holder.get(BOOK)

    assert answer["Cache-Control"] == "no-store"
    assert stranger.get(BOOK).content == before
    assert NAMED.findall(shown(holder, BOOK)) != []


def test_naming_the_visits_costs_one_query():
    rows = visits(3)

    counts = []
    for browser in (Browser(), holding(rows[:1]), holding(rows)):
        with CaptureQueriesContext(connection) as asked:
            browser.get(BOOK)
        counts.append(len(asked))

    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]
