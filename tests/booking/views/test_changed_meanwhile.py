"""A page left open while the visit changed: its button does nothing to what it did not show."""

import re
from datetime import timedelta

import pytest
import time_machine

from booking.earlier import offers
from booking.models import Appointment
from booking.visits import changes, staff_changes, tokens
from tests.builders import MONDAY, NOW, at, book, wait
from tests.reading import texts

WEEK = timedelta(days=7)
THURSDAY = MONDAY + timedelta(days=3)
MOVE = "/appointment/move/?to=ana-ruiz/20261201T1400Z"
QUESTIONS = {
    "/appointment/cancel/": "Cancel your visit?",
    MOVE: "Move your visit?",
    "/appointment/come/": "Your visit has moved",  # as the desk did meanwhile
}
CHANGED = (
    "Your visit has changed since you opened this page. Nothing was changed now."
    " See below how it is, then choose again."
)


@pytest.fixture
def visit(client, ana):
    """Thursday's visit, whose link this client has followed."""
    appointment = book(ana, at("9:00", THURSDAY))
    client.cookies["appointment"] = tokens.make(appointment)
    return appointment


def hidden(page):
    """What the page's first form posts, but for its token."""
    [form] = re.findall(r'<form method="post".*?</form>', page.content.decode(), re.S)[:1]
    return dict(re.findall(r'name="(reference|sequence|to)" value="([^"]+)"', form))


def move(visit, starts_at):
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=visit.therapist,
        starts_at=starts_at,
        now=NOW,
    )


def rows():
    return list(Appointment.objects.values_list("starts_at", "status", "confirmed_at"))


@pytest.mark.parametrize("path", QUESTIONS)
def test_what_the_desk_moved_meanwhile_is_asked_about_once_more(client, visit, path):
    open_page = hidden(client.get(path))
    move(visit, at("9:00", THURSDAY + WEEK))
    page = client.post(path, open_page)

    assert (page.status_code, texts(page, "h1")) == (409, [QUESTIONS[path]])
    assert texts(page, "summary")[-1] == f"Please look again {CHANGED}"
    visit_now = " ".join([*texts(page, "facts"), *texts(page, "visit")])  # the proof has a card
    assert "Thursday, December 10" in visit_now
    assert rows() == [(at("9:00", THURSDAY + WEEK), "booked", None)]

    assert client.post(path, hidden(page)).status_code == 303
    assert rows() != [(at("9:00", THURSDAY + WEEK), "booked", None)]


def test_a_sooner_time_that_was_taken_meanwhile_is_not_cancelled(client, visit):
    open_page = hidden(client.get("/appointment/cancel/"))
    wait(visit)
    offers.look(NOW)
    taken = offers.claim(offer=visit.wishes.get().offers.get(), now=NOW)
    page = client.post("/appointment/cancel/", open_page)

    assert page.status_code == 409
    assert rows() == [(taken.starts_at, "booked", None)]


@pytest.mark.parametrize("path", QUESTIONS)
def test_what_the_desk_cancelled_meanwhile_is_cancelled(client, visit, path):
    open_page = hidden(client.get(path))
    changes.cancel_by_desk(appointment=visit, now=NOW)
    page = client.post(path, open_page)

    # To cancel what is cancelled was done before.
    assert page.status_code == (303 if path == "/appointment/cancel/" else 409)
    if page.status_code == 409:
        assert texts(page, "h1") == ["Your visit is cancelled"]
    assert rows() == [(at("9:00", THURSDAY), "cancelled", None)]


@pytest.mark.parametrize("path", QUESTIONS)
def test_what_is_too_near_by_now_says_to_call(client, visit, path):
    open_page = hidden(client.get(path))
    move(visit, at("9:00"))
    with time_machine.travel(at("8:00"), tick=False):
        page = client.post(path, open_page)

    assert page.status_code == 409
    assert "(212) 555-0143" in page.content.decode()
    assert rows() == [(at("9:00"), "booked", None)]


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_form_sent_twice_is_answered_as_before(client, visit, path):
    form = hidden(client.get(path))
    assert form["sequence"] == "0"
    answers = [client.post(path, form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert visit.emails.exclude(kind="confirmation").count() == (path != "/appointment/come/")


@pytest.mark.parametrize("path", QUESTIONS)
@pytest.mark.parametrize("sequence", ["", "x", "-1", "9" * 5000])
def test_rubbish_is_about_no_visit(client, visit, path, sequence):
    page = client.post(path, hidden(client.get(path)) | {"sequence": sequence})

    assert page.status_code == 409
    assert rows() == [(at("9:00", THURSDAY), "booked", None)]
