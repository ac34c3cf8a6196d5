"""A visit that has moved says so, on its page and in the e-mail: from when, and to when."""

import re
from html import unescape

import pytest

from booking.earlier import offers
from booking.models import Appointment, TimeOffer
from booking.visits import staff_changes, tokens
from booking.visits.recalling import WAIT
from tests.booking.views.details_form import address, sent
from tests.builders import NOW, at, book, make_therapist, wait
from tests.patients import opened
from tests.reading import tight
from tests.worker import send_due

PROOF = "/appointment/"
HEADING = re.compile(r"<h1>(.*?)</h1>")
FACT = re.compile(r"<dt>(Old|New) time</dt><dd>(?:<s>)?(.*?)(?:</s>)?</dd>")
ASKED = "Is that address wrong, or nothing came?"
WAS, IS = "Monday, November 30, 9:30 a.m.", "Tuesday, December 1, 9 a.m."
AS_BEFORE = "The time is as before. Please look at the place, and who treats you."


@pytest.fixture
def visit(ana):
    return book(ana, at("9:30"))


def proof(client):
    """Title, heading, and the times that the proof tells."""
    html = tight(client.get(PROOF).content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    title = re.search(r"<title>(.*?) – ", html)[1].strip()
    return title, HEADING.search(html)[1], FACT.findall(html)


def held_by(client, visit):
    client.get(f"/m/{tokens.make(visit)}/")
    return client


def move(client, to="ana-ruiz/20261201T1400Z"):
    return client.post("/appointment/move/", {"to": to})


def moved_mail(mailoutbox):
    """The last e-mail: its text by lines, and its HTML."""
    send_due(NOW + WAIT)
    message = mailoutbox[-1]
    assert message.subject.endswith("your visit has moved")
    html = unescape(tight(message.alternatives[0].content)).replace("\N{NO-BREAK SPACE}", " ")
    return message.body.splitlines(), html


def test_a_patients_own_move_says_so_on_the_page(client, visit):
    assert move(held_by(client, visit)).status_code == 303

    told = [("Old", WAS), ("New", IS)]
    assert proof(client) == ("Your visit has moved", "Your visit has moved", told)


def test_so_does_a_move_by_the_desk_whichever_link_is_opened(client, visit, ana):
    link = f"/m/{tokens.make(visit)}/"
    staff_changes.change_by_desk(appointment=visit, therapist=ana, starts_at=at("14:00"), now=NOW)
    client.get(link)

    told = [("Old", WAS), ("New", "Monday, November 30, 2 p.m.")]
    assert proof(client) == ("Your visit has moved", "Your visit has moved", told)


def test_the_second_move_tells_of_the_time_before_it(client, visit):
    move(held_by(client, visit))
    move(client, "ana-ruiz/20261202T1400Z")

    assert proof(client)[2] == [("Old", IS), ("New", "Wednesday, December 2, 9 a.m.")]


def test_an_earlier_time_that_was_taken_says_so_too(client, ana, mailoutbox):
    visit = book(ana, at("14:00"))
    wait(visit)
    offers.look(NOW)
    client.post(opened(client, TimeOffer.objects.get()), {"answer": "yes"})
    visit.refresh_from_db()

    title, heading, [old, new] = proof(client)
    assert (title, heading, old) == (
        "Your visit has moved",
        "Your visit has moved",
        ("Old", "Monday, November 30, 2 p.m."),
    )
    text, _html = moved_mail(mailoutbox)
    assert "Old time: Monday, November 30, 2 p.m." in text
    assert new[1].partition(", ")[0] in " ".join(text)


def test_the_email_tells_both_times(client, visit, mailoutbox):
    move(held_by(client, visit))
    text, html = moved_mail(mailoutbox)

    assert [line for line in text if "time:" in line] == [f"Old time: {WAS}", f"New time: {IS}"]
    assert re.findall(r"(Old|New) time: ?(?:<s[^>]*>)?([^<]*)<", html) == [
        ("Old", WAS),
        ("New", IS),
    ]


def test_where_the_time_stayed_the_page_and_the_email_say_that(client, visit, mailoutbox):
    ben = make_therapist("ben-cole")
    staff_changes.change_by_desk(appointment=visit, therapist=ben, starts_at=at("9:30"), now=NOW)

    assert proof(held_by(client, visit)) == ("Your visit has moved", "Your visit has moved", [])
    text, html = moved_mail(mailoutbox)
    page = client.get(PROOF).content.decode()
    assert [AS_BEFORE in told for told in (text, html, page)] == [True] * 3


def test_a_visit_that_never_moved_is_booked(client, visit):
    assert proof(held_by(client, visit)) == ("Your visit is booked", "Your visit is booked", [])


@pytest.mark.parametrize(("way", "asked"), [("typed", True), ("mail", False)])
def test_only_who_typed_the_address_is_asked_whether_our_email_came(client, ana, way, asked):
    client.post(address(), sent())
    if way == "mail":
        client.cookies.clear()
        held_by(client, Appointment.objects.get())
    html = tight(client.get(PROOF).content.decode())

    assert (ASKED in html, "rosa@example.org" in html) == (asked, True)


def test_a_move_keeps_what_was_asked_for(client, ana):
    client.post(address(), sent(interpreter="Spanish", step_free="on"))
    move(client)
    html = tight(client.get(PROOF).content.decode())

    assert "<li>An interpreter: Spanish</li><li>A way in without steps</li>" in html
