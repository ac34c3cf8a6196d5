"""The proof, and changing one's mind: only for the browser that holds the cookie."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from booking.models import Appointment, VisitType
from booking.visits import changes, corrections, tokens
from booking.visits.requests import Request
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import tight


def rows():
    return list(Appointment.objects.values_list("therapist__slug", "starts_at", "status"))


@pytest.fixture
def booked(client, ana):
    """A booking, whose link this client has followed."""
    appointment = book(ana, at("9:30"))
    client.get(f"/m/{tokens.make(appointment)}/")
    return appointment


def test_the_link_sets_the_cookie_and_changes_nothing(client, ana):
    appointment = book(ana, at("9:30"))
    before = Appointment.objects.values().get()
    answer = client.get(f"/m/{tokens.make(appointment)}/")

    assert (answer.status_code, answer["Location"]) == (303, "/appointment/")
    assert answer.cookies["appointment"].value == tokens.make(appointment)
    assert Appointment.objects.values().get() == before


@pytest.mark.parametrize("kept", [True, False])
def test_a_link_outlives_the_key_that_made_it(client, ana, settings, kept):
    appointment = book(ana, at("9:30"))
    token = tokens.make(appointment)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if kept else []
    settings.SECRET_KEY = "the-next-key"
    client.get(f"/m/{token}/")

    assert appointment.reference in client.get("/appointment/").content.decode()


def test_unknown_expired_and_revoked_links_answer_alike(client, ana):
    appointment = book(ana, at("9:30"))
    token = tokens.make(appointment)
    with time_machine.travel("2026-12-02 00:00Z"):
        expired = client.get(f"/m/{token}/")
    new = {"email": "new@example.org"}
    corrections.correct(appointment=appointment, changes=new, now=NOW)
    revoked = client.get(f"/m/{token}/")
    unknown = client.get(f"/m/{'x' * 43}/")

    assert {answer.status_code for answer in (expired, revoked, unknown)} == {404}
    assert expired.content == revoked.content == unknown.content


def test_the_proof_says_everything_the_patient_needs(client, booked):
    page = client.get("/appointment/")

    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert page.status_code == 200
    for part in [
        "Your visit is booked",
        "Monday, November 30, 2026 9:30 a.m. (Eastern time) with Ana Ruiz, PT, DPT",
        "Initial consultation, 45 minutes",
        "12 Willow Street, Springfield, NY 10001",
        "(212) 555-0143",
        booked.reference,
        "rosa@example.org",
        "Your referral, if you have one",
        "Until Sunday, November 29, 9:30 a.m.",
    ]:
        assert part in text
    assert "no-store" in page["Cache-Control"]


def test_the_proof_says_how_long_this_visit_is(client, booked):
    VisitType.objects.update(minutes=60)

    assert "Initial consultation, 45 minutes" in client.get("/appointment/").content.decode()


def test_without_the_cookie_nothing_is_disclosed(booked):
    stranger = Client(headers={"host": "127.0.0.1"})
    for path in ["/appointment/", "/appointment/cancel/", "/appointment/move/", "/appointment.ics"]:
        page = stranger.get(path)
        assert page.status_code == 200
        assert "If you just booked, it worked" in page.content.decode()
        assert booked.reference not in page.content.decode()
    for path in ["/appointment/cancel/", "/appointment/move/"]:
        answer = stranger.post(path, {"to": "ana-ruiz/20261130T1600Z"})
        assert answer.status_code == 409
        assert "Nothing was changed." in answer.content.decode()
        assert "it worked" not in answer.content.decode()
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]


def test_forgetting_takes_the_cookie_and_keeps_the_visit(client, booked):
    answer = client.post("/appointment/forget/")

    assert answer.status_code == 303
    assert "If you just booked" in client.get("/appointment/").content.decode()
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]


def test_cancelling_asks_first(client, booked):
    assert client.get("/appointment/cancel/").status_code == 200
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    assert client.post("/appointment/cancel/").status_code == 303
    assert rows() == [("ana-ruiz", at("9:30"), "cancelled")]
    assert "Your visit is cancelled" in client.get("/appointment/").content.decode()


def test_cancelling_twice_mails_once(client, booked):
    answers = [client.post("/appointment/cancel/") for _time in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert booked.emails.filter(kind="cancelled").count() == 1


@pytest.mark.parametrize("path", ["/appointment/cancel/", "/appointment/move/"])
def test_a_cancelled_visit_says_so_and_offers_another(client, booked, path):
    changes.cancel_by_desk(appointment=booked, now=NOW)
    html = tight(client.get(path).content.decode())

    assert "<h1>Your visit is cancelled</h1>" in html
    assert "<title>Your visit is cancelled" in html
    assert "too late" not in html
    assert "Book another time" in html


@pytest.mark.parametrize(
    ("path", "question"),
    [("/appointment/cancel/", "Cancel your visit?"), ("/appointment/move/", "Move your visit?")],
)
def test_a_stale_form_asks_again_with_a_fresh_token(booked, path, question):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.cookies["appointment"] = tokens.make(booked)
    form = {"to": "ana-ruiz/20261130T1600Z"}
    page = client.post(path, form)
    html = tight(page.content.decode())

    assert page.status_code == 403
    assert f"<h1>{question}</h1>" in html
    assert "Please send the form once more" in html
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    assert client.post(path, form | {"csrfmiddlewaretoken": token}).status_code == 303


@pytest.mark.parametrize("to", ["", "ana-ruiz/20261130T1605Z"])
def test_a_stale_move_to_no_time_changes_nothing(booked, to):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    client.cookies["appointment"] = tokens.make(booked)

    assert client.post("/appointment/move/", {"to": to}).status_code in (200, 409)
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/appointment/cancel/", "Cancel your visit?"),
        ("/appointment/move/?to=ana-ruiz/20261130T1900Z", "Move your visit?"),
    ],
)
def test_a_form_left_open_in_another_tab_never_changes_another_visit(
    client, booked, ana, path, question
):
    html = client.get(path).content.decode().split('<form method="post"')[1]
    form = dict(re.findall(r'name="(reference|to)" value="([^"]+)"', html))
    other = book(ana, at("11:00"))
    client.get(f"/m/{tokens.make(other)}/")
    page = client.post(path, form)

    html = tight(page.content.decode())
    assert page.status_code == 409
    assert f"<h1>{question}</h1>" in html
    assert "Nothing was changed." in html
    assert "11\N{NO-BREAK SPACE}a.m." in html
    assert rows() == [("ana-ruiz", at("9:30"), "booked"), ("ana-ruiz", at("11:00"), "booked")]
    assert client.post(path, form | {"reference": other.reference}).status_code == 303


def test_a_visit_of_a_staff_only_type_is_moved_by_its_link(client, ana):
    follow_up = make_visit_type("follow-up", name="Follow-up", minutes=30, online=False)
    appointment = book_by_desk(ana, at("9:30"), visit_type=follow_up, request=Request(now=NOW))
    client.get(f"/m/{tokens.make(appointment)}/")
    assert (
        "Move your visit?"
        in client.get("/appointment/move/?to=ana-ruiz/20261130T2130Z").content.decode()
    )
    client.post("/appointment/move/", {"to": "ana-ruiz/20261130T2130Z"})

    appointment.refresh_from_db()
    assert (appointment.starts_at, appointment.ends_at) == (at("16:30"), at("17:00"))


def test_moving_looks_once_more_and_then_moves(client, booked):
    make_therapist("ben-cole")
    page = client.get("/appointment/move/").content.decode()
    assert 'href="/appointment/move/?to=' in page
    asked = client.get("/appointment/move/?to=ben-cole/20261201T1400Z")
    assert "Move your visit?" in asked.content.decode()
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]

    answer = client.post("/appointment/move/", {"to": "ben-cole/20261201T1400Z"})

    assert answer.status_code == 303
    assert rows() == [("ben-cole", at("9:00", NOW.date().replace(month=12, day=1)), "booked")]


def test_a_move_to_where_the_visit_is_says_so_and_changes_nothing(client, booked):
    own = {"to": "ana-ruiz/20261130T1430Z"}
    page = client.get("/appointment/move/", own)
    html = page.content.decode().split("<main")[1]

    assert page.status_code == 200
    assert "<h1>You have booked this time</h1>" in html
    assert re.findall(r'class="button[^"]*" href="([^"]+)"', html) == [
        "/appointment/move/",
    ]
    assert f'name="reference" value="{booked.reference}"' in html
    assert client.post("/appointment/move/", own).status_code == 303
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]
    assert booked.emails.filter(kind="moved").count() == 0


def test_a_move_sent_twice_is_answered_as_before_though_it_is_too_late_by_then(client, booked):
    with time_machine.travel(at("9:00", MONDAY - timedelta(days=1)), tick=False):
        form = {"to": "ana-ruiz/20261130T1400Z", "reference": booked.reference, "sequence": "0"}
        answers = [client.post("/appointment/move/", form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert rows() == [("ana-ruiz", at("9:00"), "booked")]


def test_a_move_to_another_place_says_so(client, booked):
    oak = make_location("oak-avenue", name="Oak Avenue", street="1 Oak Avenue")
    ben = make_therapist("ben-cole", hours="")
    add_hours(ben, 0, "9:00-10:00")
    add_hours(ben, 1, "9:00-10:00", oak)
    targets = ["ben-cole/20261130T1400Z", "ben-cole/20261201T1400Z"]
    here, there = (
        client.get("/appointment/move/", {"to": target}).content.decode() for target in targets
    )

    words = ["The new time is at another place.", "Willow Street, 12 W", "Oak Avenue, 1 Oak Avenue"]
    assert [word in here for word in words] == [False, False, False]
    assert [word in there for word in words] == [True, True, True]


def test_a_move_to_a_lost_time_keeps_the_old_one(client, booked, ana):
    book(ana, at("11:00"))
    for answer in (
        client.post("/appointment/move/", {"to": "ana-ruiz/20261130T1600Z"}),
        client.get("/appointment/move/?to=ana-ruiz/20261130T1600Z"),
    ):
        assert answer.status_code == 409
        assert len(re.findall(r"\?to=ana-ruiz/", answer.content.decode())) == 3
    assert ("ana-ruiz", at("9:30"), "booked") in rows()


@pytest.mark.parametrize(
    "to", ["nobody/20261130T1600Z", "ana-ruiz/soon", "ana-ruiz", "\x00/20261130T1600Z"]
)
def test_a_move_to_nonsense_is_404(client, booked, to):
    assert client.get("/appointment/move/", {"to": to}).status_code in (400, 404)
    assert client.post("/appointment/move/", {"to": to}).status_code == 404


def test_inside_the_change_window_the_telephone_is_offered(client, booked):
    with time_machine.travel("2026-11-29 15:00Z"):
        page = tight(client.get("/appointment/").content.decode())
        assert (
            "<p>Your visit is less than 24 hours away."
            ' To change it,<a href="tel:+12125550143">call (212) 555-0143</a>.</p>'
        ) in page
        assert "too late" not in page
        for path, data in [
            ("/appointment/cancel/", {}),
            ("/appointment/move/", {"to": "ana-ruiz/20261130T1600Z"}),
        ]:
            answer = client.post(path, data)
            assert answer.status_code == 409
            assert "(212) 555-0143" in answer.content.decode()
    assert rows() == [("ana-ruiz", at("9:30"), "booked")]


def test_the_calendar_file_holds_the_instant(client, booked):
    answer = client.get("/appointment.ics")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]

    assert answer["Content-Type"].startswith("text/calendar")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (at("9:30"), at("10:15"))


@pytest.mark.parametrize(
    "path",
    [
        "/m/{token}/",
        "/m/{token}/?next=come",
        "/appointment/come/",
        "/appointment/cancel/",
        "/appointment/move/",
        "/appointment/move/?to=ana-ruiz/20261130T1600Z",
        "/appointment.ics",
        "/appointment/lost/?email=rosa@example.org",
    ],
)
def test_no_get_writes(client, booked, path):
    address = path.format(token=tokens.make(booked))
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code in (200, 303)
    words = {query["sql"].split()[0].strip("(") for query in context.captured_queries}
    assert words <= {"SELECT"}


def test_a_get_never_writes(client, booked, django_assert_num_queries):
    with django_assert_num_queries(7) as context:
        client.get("/appointment/")
    assert {query["sql"].split()[0] for query in context.captured_queries} == {"SELECT"}
