"""One person's second visit: the device that holds the first is asked, nobody else learns of it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment
from booking.visits import changes, tokens
from booking.visits.requests import Patient
from tests.booking.views.details_form import KEPT, address, sent, values
from tests.builders import NOW, at, book, make_therapist
from tests.reading import tight

TOKEN = re.compile('csrfmiddlewaretoken" value="([^"]*)"')
ASKED = "You have a visit already"
OTHER = {"name": "Ben Marquez", "phone": "(212) 555-0188", "email": "ben@example.org"}
MADE_UP = {"name": "Mia Weiss", "phone": "(212) 555-0177", "email": "mia@example.org"}
BEN = Patient(phone_e164="+12125550188", **OTHER)


@pytest.fixture(autouse=True)
def nobody_waits(settings):
    settings.MINIMUM_FILL_SECONDS = 0


@pytest.fixture
def first(client, ana):
    """Rosa's visit at 9:30, booked in this browser."""
    make_therapist("ben-cole")
    client.post(address(), sent())
    return Appointment.objects.get()


def times() -> list:
    return list(Appointment.objects.values_list("starts_at", flat=True))


def answer(page) -> dict[str, str]:
    """What the button that books both would send."""
    found = re.search(r'form="typed" name="(both)" value="([^"]*)"', page.content.decode())
    return {found[1]: found[2]}


@pytest.mark.parametrize("wall", ["10:00", "13:00"], ids=["overlapping", "a second first visit"])
def test_who_holds_the_first_is_asked_and_keeps_the_typing(client, first, wall):
    page = client.post(address(wall, "ben-cole"), sent())

    html = tight(page.content.decode())
    assert (page.status_code, times(), values(page)) == (200, [at("9:30")], KEPT)
    assert f"<h2>{ASKED}</h2>" in html
    assert "You have a visit on Monday, November 30, 9:30\N{NO-BREAK SPACE}a.m. with Ana" in html
    assert "<title>Error: Your details" in html


def moves(page) -> dict[str, str]:
    """What the button that moves the first visit would send."""
    html = page.content.decode()
    assert '<button class="button" form="move">Move it</button>' in html
    form = html.split('<form id="move" method="post" action="/appointment/open/">')[1]
    typed = re.findall(r'name="(\w+)" value="([^"]+)"', form.split("</form>")[0])
    return {name: value for name, value in typed if name != "csrfmiddlewaretoken"}


def test_move_it_leads_to_the_move_to_the_time_that_was_asked_for(client, first):
    to = moves(client.post(address("13:00", "ben-cole"), sent()))

    asks = client.post("/appointment/open/", to, follow=True)
    assert "Yes, move my visit" in asks.content.decode()
    form = {"to": to["to"], "reference": first.reference, "sequence": 0}
    assert client.post("/appointment/move/", form).status_code == 303
    moved = Appointment.objects.get()
    assert (moved.pk, moved.starts_at, moved.therapist.slug) == (first.pk, at("13:00"), "ben-cole")


def test_move_it_moves_the_visit_that_clashes_not_the_one_opened_last(client, first):
    """Rosa and Ben share a device: his visit was booked after hers, and she asks for another."""
    client.post(address("15:00"), sent(**OTHER))
    to = moves(client.post(address("13:00", "ben-cole"), sent()))
    asks = client.post("/appointment/open/", to, follow=True).content.decode()
    seen = dict(re.findall(r'name="(to|reference|sequence)" value="([^"]*)"', asks))
    assert client.post("/appointment/move/", seen).status_code == 303

    told = Appointment.objects.order_by("pk").values_list("name", "starts_at")
    assert list(told) == [("Rosa Marquez", at("13:00")), ("Ben Marquez", at("15:00"))]


@pytest.mark.parametrize("to", ["nobody/20261130T1800Z", "ben-cole/soon", "//example.org/"])
def test_a_move_to_what_is_no_time_leads_nowhere(client, first, to):
    asked = {"reference": first.reference, "to": to}

    assert client.post("/appointment/open/", asked).status_code == 404


def test_book_both_books_both_and_twice_is_once(client, first):
    form = sent()
    page = client.post(address("13:00", "ben-cole"), form)
    both = form | answer(page)
    done = [client.post(address("13:00", "ben-cole"), both).status_code for _again in range(2)]
    assert (done, times()) == ([303, 303], [at("9:30"), at("13:00")])


def test_an_error_beside_the_answer_never_asks_again(client, first):
    form = sent()
    both = answer(client.post(address("13:00", "ben-cole"), form))
    wrong = client.post(address("13:00", "ben-cole"), form | both | {"name": "."})
    kept = dict(re.findall(r'type="hidden" name="(both)" value="([^"]*)"', wrong.content.decode()))
    assert (kept, ASKED in wrong.content.decode()) == (both, False)


def test_an_answer_about_one_visit_is_none_about_another(client, first):
    form = sent()
    both = answer(client.post(address("13:00", "ben-cole"), form))
    client.post(address("13:00", "ben-cole"), form | both)
    page = client.post(address("15:00"), sent() | both)

    assert "1\N{NO-BREAK SPACE}p.m. with Ben Cole" in page.content.decode()
    second = Appointment.objects.get(starts_at=at("13:00"))
    assert answer(page) == {"both": second.reference} != both
    assert f'value="{first.reference}"' not in page.content.decode()


def test_too_late_to_move_it_says_call(client, first):
    first.visit_type.change_window_hours = 24 * 7
    first.visit_type.save()
    page = client.post(address("13:00", "ben-cole"), sent()).content.decode()
    assert (ASKED in page, "/appointment/move/" in page) == (True, False)
    assert "It is too late to move it here. To move it, call (212) 555-0143." in tight(page)


def test_a_time_that_is_gone_is_said_before_anything_is_asked(client, ana, first):
    book(ana, at("13:00"), patient=BEN)
    page = client.post(address("13:00"), sent())
    assert (page.status_code, ASKED in page.content.decode()) == (409, False)
    assert values(page) == KEPT


@pytest.mark.parametrize("cancelled", [True, False])
def test_nothing_is_asked_of_another_person_or_after_a_cancellation(client, first, cancelled):
    if cancelled:
        changes.cancel_by_patient(appointment=first, now=NOW)
    page = client.post(address("13:00"), sent(**({} if cancelled else OTHER)))
    assert (page.status_code, len(times())) == (303, 2)


def test_the_link_of_a_mail_is_asked_too(first):
    browser = stranger(tokens.make(first))
    assert ASKED in browser.post(address("13:00"), sent()).content.decode()


COOKIES = {
    "none": lambda ana: "",
    "of nothing": lambda ana: "x" * 43,
    "of another visit": lambda ana: tokens.make(book(ana, at("15:00"), patient=BEN)),
}


def stranger(cookie: str = "") -> Client:
    browser = Client(headers={"host": "127.0.0.1"})
    if cookie:
        browser.cookies["appointment"] = cookie
    return browser


def seen_by(browser: Client, typed: dict) -> tuple:
    """All that the browser is shown of a booking, but for what was typed; and how many queries."""
    with CaptureQueriesContext(connection) as queries:
        done = browser.post(address("13:00", "ben-cole"), sent(**typed))
        asked = len(queries)
    assert done.status_code == 303
    visit = Appointment.objects.get(starts_at=at("13:00"))
    proof = browser.get("/appointment/").content.decode()
    for own in (visit.reference, visit.name, visit.email, *TOKEN.findall(proof)):
        proof = proof.replace(own, "")
    visit.delete()
    headers = {name: value for name, value in done.headers.items() if name != "Set-Cookie"}
    return asked, done.content, headers, list(done.cookies), proof


@pytest.mark.parametrize("cookie", COOKIES.values(), ids=COOKIES)
def test_a_stranger_who_types_it_all_sees_no_difference(ana, first, cookie):
    held = cookie(ana)
    # What a process asks once, the first has asked.
    _first, hers, made_up = [seen_by(stranger(held), typed) for typed in (MADE_UP, {}, MADE_UP)]
    assert hers == made_up
    assert Appointment.objects.get(pk=first.pk).sequence == 0
