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
from tests.reading import Words
from tests.threads import together
from tests.worker import send_due

PATH = "/appointment/lost/"
KNOWN, UNKNOWN = {"email": "rosa@example.org"}, {"email": "nobody@example.org"}
DAY = timedelta(days=1)
QUERIES = 13


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


MESSAGE = """\
Here are the links that you asked for

http://127.0.0.1:8000/m/{first}/
Your visit on Monday, November 30, 9:30 a.m. (Eastern time)
Initial consultation with Ana Ruiz, PT, DPT, Willow Street

http://127.0.0.1:8000/m/{second}/
Your visit on Monday, November 30, 10 a.m. (Eastern time)
Initial consultation with Ben Cole, PT, DPT, Willow Street

http://127.0.0.1:8000/wish/{wish}/
Your place on the earlier-time list
Initial consultation: Mon, Tue, Wed, Thu, Fri, any time of day

The links are yours alone: whoever has them can act for you.
Did you not ask for them? Then do nothing. Questions? Call (212) 555-0143.

If you may be having an emergency, call 911 or go to an emergency room now. Do not write to us.

Is this not for you? Someone may have typed your address by mistake. Call (212) 555-0143.

Willow Street Physical Therapy
"""


def test_one_message_lists_all_coming_visits_and_wishes_of_an_address(client, ana):
    ben, carl = make_therapist("ben-cole"), make_therapist("carl-oh")
    second = book(ben, at("10:00"), patient=replace(PATIENT, email="Rosa@example.org"))
    first = book(ana, at("9:30"))
    book(carl, at("9:30"), patient=replace(PATIENT, email="other@example.org"))
    gone = book(ana, at("14:00"))
    changes.cancel_by_patient(appointment=gone, now=NOW)
    wish = wait_without_visit(replace(PATIENT, name="Her Son"))
    send_due(NOW)
    mail.outbox.clear()
    client.post(PATH, {"email": " rosa@Example.ORG "})
    send_due(NOW)

    [message] = mail.outbox
    subject = "Willow Street Physical Therapy: the links that you asked for"
    assert (message.to, message.subject) == (["rosa@example.org"], subject)
    made = {"first": first, "second": second, "wish": wish}
    made = {name: tokens.make(row) for name, row in made.items()}
    assert message.body == MESSAGE.format(**made)
    [html] = message.alternatives
    links = re.findall(r"http\S+", message.body)
    assert (html.mimetype, Words(html.content).addresses) == ("text/html", links)
    assert "Marquez" not in message.body + html.content


def test_older_links_still_open_the_visit(client, ana):
    appointment = book(ana, at("9:30"))
    client.post(PATH, KNOWN)
    send_due(NOW)

    appointment.refresh_from_db()
    assert (appointment.token_version, tokens.make(appointment) in mail.outbox[-1].body) == (
        1,
        True,
    )


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


def test_all_wishes_that_wait_are_in_one_message(client, ana):
    entries = [wait_without_visit(replace(PATIENT, name=f"Rosa {n}")) for n in range(7)]
    waitlist.leave(wish=entries[6], now=NOW)
    send_due(NOW)
    mail.outbox.clear()
    client.post(PATH, KNOWN)
    send_due(NOW)

    [message] = mail.outbox
    links = re.findall(r"/wish/(\S+)/", message.body)
    assert links == [tokens.make(entry) for entry in entries[:6]]


def test_the_message_hangs_on_the_first_visit_and_without_one_on_the_first_wish(client, ana):
    wish, _another = (wait_without_visit(replace(PATIENT, name=f"Rosa {n}")) for n in range(2))
    client.post(PATH, KNOWN)
    book(ana, at("14:00"))
    visit = book(ana, at("9:00"))
    changes.move_by_patient(appointment=visit, therapist=ana, starts_at=at("10:00"), now=NOW)
    client.post(PATH, KNOWN)

    rows = OutgoingEmail.objects.filter(kind="link").order_by("pk")
    found = list(rows.values_list("wish", "appointment", "sequence"))
    assert found == [(wish.pk, None, 0), (None, visit.pk, 1)]


def test_an_address_that_the_database_alone_takes_for_the_same_gets_no_link_of_hers(client, ana):
    """A dotless i is an i in the eyes of PostgreSQL: both have the same capital."""
    theirs = book(ana, at("9:30"), patient=replace(PATIENT, email="m\u0131ke@example.org"))
    hers = book(ana, at("11:00"), patient=replace(PATIENT, email="mike@example.org"))

    assert sending_again.visits_of(theirs.email, NOW) == [theirs]
    assert sending_again.visits_of(hers.email, NOW) == [hers]


@pytest.mark.parametrize(("visits", "more"), [(0, 0), (1, 2), (4, 2)])
def test_the_page_costs_the_same_however_many_there_are(
    client, ana, django_assert_num_queries, visits, more
):
    for number in range(visits):
        who = replace(PATIENT, name=f"Rosa {number}")
        book(ana, at("9:00", MONDAY + number * DAY), patient=who)
    with django_assert_num_queries(QUERIES + more):
        assert client.post(PATH, KNOWN).status_code == 303


def test_a_visit_that_has_begun_is_not_told_of(client, ana):
    book(ana, at("9:30"))
    with time_machine.travel(at("9:30"), tick=False):
        client.post(PATH, KNOWN)

    assert asked() == []


def test_a_link_is_mailed_of_a_visit_as_it_is_when_it_leaves(client, ana):
    appointment = book(ana, at("9:30"))
    client.post(PATH, KNOWN)
    changes.move_by_patient(appointment=appointment, therapist=ana, starts_at=at("14:00"), now=NOW)
    send_due(NOW)

    assert asked() == [("ana-ruiz", 0, "again-0", "sent")]
    [message] = [found for found in mail.outbox if "the links" in found.subject]
    assert "Your visit on Monday, November 30, 2 p.m. (Eastern time)" in message.body


def test_a_link_to_nothing_is_not_sent(client, ana):
    appointment = book(ana, at("9:30"))
    client.post(PATH, KNOWN)
    changes.cancel_by_patient(appointment=appointment, now=NOW)
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
