"""`/appointment/lost/`: the same answer for every address, and the link for who booked."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from booking.earlier import waitlist
from booking.models import Appointment, HourlyCount, OutgoingEmail
from booking.visits import changes, sending_again, tokens
from tests.booking.messages.test_emails import Words
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.threads import together
from tests.worker import send_due

PATH = "/appointment/lost/"
KNOWN, UNKNOWN = {"email": "rosa@example.org"}, {"email": "nobody@example.org"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_waits(settings):
    settings.MINIMUM_FILL_SECONDS = 0


def asked():
    """The links that are owed, by therapist."""
    rows = OutgoingEmail.objects.filter(kind="link").order_by("pk")
    return list(rows.values_list("appointment__therapist__slug", "sequence", "occasion", "state"))


def test_whosever_the_address_is_the_answer_is_the_same(client, ana):
    book(ana, at("9:30"))
    answers = [client.post(PATH, typed) for typed in (KNOWN, UNKNOWN)]

    assert {(row.status_code, row["Location"]) for row in answers} == {(303, f"{PATH}sent/")}
    assert answers[0].headers == answers[1].headers
    page = client.get(f"{PATH}sent/")
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert (
        "Is that address on a coming visit, or on the earlier-time list?" in page.content.decode()
    )
    assert asked() == [("ana-ruiz", 0, "again-0", "owed")]
    assert mail.outbox == []  # the worker's doing, not the page's


def test_the_link_of_each_coming_visit_is_mailed_to_its_own_address_alone(client, ana):
    ben, carl = make_therapist("ben-cole"), make_therapist("carl-oh")
    first, second = book(ana, at("9:30")), book(ben, at("10:00"))
    book(carl, at("9:30"), patient=replace(PATIENT, email="other@example.org"))
    gone = book(ana, at("14:00"))
    changes.cancel_by_patient(appointment=gone, now=NOW)
    send_due(NOW)
    mail.outbox.clear()
    client.post(PATH, {"email": " Rosa@Example.ORG "})
    send_due(NOW)

    assert [(message.to, message.subject.partition(": ")[2]) for message in mail.outbox] == [
        (["rosa@example.org"], "the link to your visit")
    ] * 2
    for message, visit in zip(mail.outbox, (first, second), strict=True):
        link = f"http://127.0.0.1:8000/m/{tokens.make(visit)}/"
        html = message.alternatives[0].content
        assert [link in message.body, link in Words(html).addresses] == [True, True]
        assert [part.mimetype for part in message.alternatives] == ["text/html"]
        assert "Marquez" not in message.body + html


def test_the_link_of_a_wish_without_a_visit_is_mailed_too(client, ana):
    entry = wait_without_visit(replace(PATIENT, email="Rosa@example.org"))
    wait_without_visit(replace(PATIENT, name="Her Son", email="other@example.org"))
    wait(book(ana, at("9:30"), patient=replace(PATIENT, name="Ben Hill", email="ben@x.org")))
    send_due(NOW)
    mail.outbox.clear()
    answers = [client.post(PATH, typed) for typed in (KNOWN, UNKNOWN)]
    send_due(NOW)

    assert {(row.status_code, row["Location"]) for row in answers} == {(303, f"{PATH}sent/")}
    [message] = mail.outbox
    assert message.to == ["Rosa@example.org"]
    for body in (message.body, message.alternatives[0].content):
        assert f"http://127.0.0.1:8000/wish/{tokens.make(entry)}/" in body


def test_only_the_newest_wishes_that_wait_are_mailed(client, ana):
    entries = [wait_without_visit(replace(PATIENT, name=f"Rosa {n}")) for n in range(7)]
    waitlist.leave(wish=entries[6], now=NOW)
    client.post(PATH, KNOWN)

    rows = OutgoingEmail.objects.filter(kind="wish", occasion="again-1").order_by("-wish")
    assert [row.wish for row in rows] == entries[5:0:-1]


def test_a_visit_that_has_begun_is_not_told_of(client, ana):
    book(ana, at("9:30"))
    with time_machine.travel(at("9:30"), tick=False):
        client.post(PATH, KNOWN)

    assert asked() == []


def test_a_link_that_a_move_overtakes_is_not_sent(client, ana):
    appointment = book(ana, at("9:30"))
    client.post(PATH, KNOWN)
    changes.move_by_patient(appointment=appointment, therapist=ana, starts_at=at("14:00"), now=NOW)
    send_due(NOW)

    assert asked() == [("ana-ruiz", 0, "again-0", "superseded")]


@pytest.mark.parametrize("typed", [KNOWN, UNKNOWN])
def test_one_address_is_written_to_three_times_an_hour(client, ana, typed):
    book(ana, at("9:30"))
    before = [client.post(PATH, typed).status_code for _time in range(3)]
    over = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="198.51.100.7").post(PATH, typed)

    assert (before, over.status_code) == ([303] * 3, 429)
    assert "(212) 555-0143" in over.content.decode()
    assert len(asked()) == (3 if typed is KNOWN else 0)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert client.post(PATH, typed).status_code == 303


def test_one_client_asks_only_so_often(client, ana, settings):
    settings.BOOKING_LIMIT = 2
    answers = [
        client.post(PATH, {"email": f"someone-{number}@example.org"}).status_code
        for number in range(3)
    ]

    assert answers == [303, 303, 429]
    assert "someone" not in str(HourlyCount.objects.values())


@pytest.mark.parametrize("typed", ["", "rosa", "rosa@example.org\nBcc: x@example.org", "a\x00@b.c"])
def test_what_is_no_address_is_asked_for_again(client, ana, typed):
    book(ana, at("9:30"))
    page = client.post(PATH, {"email": typed})

    assert (page.status_code, asked()) == (200, [])
    assert "<title>Error: Lost your link?" in page.content.decode()


@pytest.mark.parametrize("obstacle", [{"homepage": "spam"}, {}])
def test_a_machine_is_asked_again_and_the_typing_kept(client, ana, settings, obstacle):
    settings.MINIMUM_FILL_SECONDS = 0 if obstacle else 2
    book(ana, at("9:30"))
    page = client.post(PATH, KNOWN | obstacle)
    html = page.content.decode()

    assert (page.status_code, asked()) == (200, [])
    assert ("Please send the form once more" in html, 'value="rosa@example.org"' in html) == (
        True,
        True,
    )


def test_a_stale_form_is_shown_again_with_a_fresh_token(ana):
    book(ana, at("9:30"))
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    page = client.post(PATH, KNOWN)
    html = page.content.decode()

    assert (page.status_code, asked(), 'value="rosa@example.org"' in html) == (403, [], True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    assert client.post(PATH, KNOWN | {"csrfmiddlewaretoken": token}).status_code == 303


def test_a_get_changes_nothing(client, ana):
    book(ana, at("9:30"))
    before = [list(rows.objects.values()) for rows in (Appointment, HourlyCount)]
    for path in (PATH, f"{PATH}sent/", f"{PATH}?email=rosa@example.org"):
        assert client.get(path).status_code == 200

    after = [list(rows.objects.values()) for rows in (Appointment, HourlyCount)]
    assert (after, asked()) == (before, [])


def test_who_has_lost_the_cookie_is_led_there(client, ana):
    assert f'href="{PATH}"' in client.get("/appointment/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_once_is_no_error():
    therapist = make_therapist()
    book(therapist, at("9:30", MONDAY + 7 * DAY))
    calls = [
        lambda number=number: sending_again.send(
            email="rosa@example.org", client=f"{number:064}", now=NOW
        )
        for number in range(3)
    ]

    assert together(*calls) == [None] * 3
    assert [row[2] for row in asked()] == ["again-0", "again-1", "again-2"]
