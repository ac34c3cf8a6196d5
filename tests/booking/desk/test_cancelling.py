"""Many visits cancelled at once, by when and how they were booked."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail
from booking.visits import attendance, changes, corrections, staff_changes, versions
from tests.builders import NOW, at, book, book_by_desk, make_therapist, make_visit_type, sent_by
from tests.reading import texts

PAGE = reverse("admin:booking_appointment_cancel_many")
SPAN = {"since": "2026-11-27T12:00", "until": "2026-11-27T12:04", "source": "online"}
ADDRESS = f"{PAGE}?since=2026-11-27T12:00&until=2026-11-27T12:04&source=online"
CHANGED = "Somebody changed this visit meanwhile. See how it is now."


@pytest.fixture
def flood(now):
    """Patient 0 to 4, booked online a minute after the other from NOW on."""
    make_visit_type(reminder_hours="24")
    visits = []
    for number in range(5):
        booked_at = NOW + timedelta(minutes=number)
        now.move_to(booked_at)
        who = make_therapist(f"therapist-{number}")
        visits.append(book(who, at("16:00"), **sent_by(number, now=booked_at)))
    return visits


def listed(page):
    return re.findall(r'name="visit" value="([^"]+)"', page.content.decode())


def names(page):
    return [text for text in texts(page, "label") if text.startswith("Patient")]


def tick(visit):
    return f"{visit.pk}/{versions.shown(visit)}"


def by_status():
    rows = Appointment.objects.order_by("pk").values_list("status", flat=True)
    return ["x" if status == "cancelled" else "-" for status in rows]


def kinds(state="owed"):
    rows = OutgoingEmail.objects.filter(state=state).order_by("kind", "pk")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"since": "2026-11-27T12:01", "until": "2026-11-27T12:03"}, [1, 2, 3]),
        ({"until": "2026-11-27T11:59"}, []),
        ({"source": "desk"}, []),
    ],
)
def test_it_lists_what_was_booked_in_the_span_all_ticked(desk, flood, changes, found):
    page = desk.get(PAGE, SPAN | changes)

    assert names(page) == [f"Patient {number}" for number in found]
    assert listed(page) == [tick(flood[number]) for number in found]
    assert page.content.decode().count("checked") == len(found)
    assert by_status() == ["-"] * 5


def test_of_the_desks_own_bookings_it_lists_those_alone(desk, flood):
    own = book_by_desk(flood[0].therapist, at("9:00"))

    assert listed(desk.get(PAGE, SPAN | {"source": "desk"})) == [tick(own)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"since": ""}, "This field is required."),
        ({"since": "noon"}, "Enter a valid date/time."),
        ({"until": "9999-12-31T23:59"}, "Check the year: that day is too far away."),
        ({"since": "0001-01-01T00:00"}, "Check the year: that day is too far away."),
        ({"source": "elsewhere"}, "Select a valid choice."),
    ],
)
def test_a_span_that_is_none_is_told_kindly(desk, flood, changes, said):
    page = desk.get(PAGE, SPAN | changes)

    assert (page.status_code, listed(page)) == (200, [])
    assert said in texts(page, "errornote")[0]


def test_what_stays_ticked_is_cancelled_with_one_message_each(desk, flood):
    before = listed(desk.get(ADDRESS))
    page = desk.post(ADDRESS, {"visit": before[1:], "tell": "yes"})

    assert (page.status_code, by_status()) == (200, ["-", "x", "x", "x", "x"])
    assert texts(page, "desk-ask") == ["4 visits are cancelled."]
    assert names(page) == ["Patient 0"]
    assert kinds() == ["cancelled"] * 4 + ["confirmation"] + ["reminder"]
    again = desk.post(ADDRESS, {"visit": before[1:], "tell": "yes"})  # sent twice
    assert (again.status_code, kinds().count("cancelled")) == (200, 4)


def test_it_can_tell_nobody(desk, flood):
    page = desk.post(ADDRESS, {"visit": listed(desk.get(ADDRESS)), "tell": "no"})

    assert texts(page, "desk-ask") == ["5 visits are cancelled."]
    assert by_status() == ["x"] * 5
    assert (kinds(), kinds("superseded")) == ([], ["confirmation"] * 5 + ["reminder"] * 5)


def test_who_has_no_address_is_to_be_called(desk, flood):
    Appointment.objects.filter(pk=flood[0].pk).update(email="")
    page = desk.post(ADDRESS, {"visit": listed(desk.get(ADDRESS)), "tell": "yes"})

    assert texts(page, "desk-ask") == [
        "5 visits are cancelled. These have no e-mail address: please tell them by telephone."
        " Patient 0, (212) 555-0199"
    ]


def moved(visit, now):
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("9:00"), now=now
    )


def corrected(visit, now):
    corrections.correct(appointment=visit, changes={"note": "Called: she is real"}, now=now)


def confirmed(visit, now):
    attendance.confirm(appointment=visit, now=now)


def arrived(visit, now):
    attendance.set_status(appointment=visit, status="arrived", now=now)


@pytest.mark.parametrize("change", [moved, corrected, confirmed, arrived])
def test_what_changed_since_the_list_was_shown_is_left_as_it_is(desk, flood, change):
    before = listed(desk.get(ADDRESS))
    change(flood[2], NOW + timedelta(minutes=5))
    page = desk.post(ADDRESS, {"visit": before, "tell": "yes"})

    assert (page.status_code, by_status()) == (409, ["x", "x", "-", "x", "x"])
    assert texts(page, "desk-ask") == [
        "4 visits are cancelled. These were left as they are. Look at each of them."
        f" Patient 2, {flood[2].reference}: {CHANGED}"
    ]


def test_what_has_begun_since_the_list_was_shown_is_left_as_it_is(desk, flood, now):
    before = listed(desk.get(ADDRESS))
    now.move_to(at("16:00"))
    page = desk.post(ADDRESS, {"visit": before[:1], "tell": "yes"})

    assert (page.status_code, by_status()) == (409, ["-"] * 5)
    assert texts(page, "desk-ask")[0].endswith(f"{flood[0].reference}: It has begun, or is past.")


def test_past_visits_and_those_that_came_are_not_listed(desk, flood, now):
    arrived(flood[0], NOW)
    changes.cancel_by_desk(appointment=flood[1], now=NOW)
    assert names(desk.get(ADDRESS)) == ["Patient 2", "Patient 3", "Patient 4"]
    now.move_to(at("16:00"))

    assert names(desk.get(ADDRESS)) == []


@pytest.mark.parametrize("tell", ["", "perhaps", None])
def test_without_one_of_the_two_buttons_nothing_is_done(desk, flood, tell):
    sent = {"visit": listed(desk.get(ADDRESS))} | ({} if tell is None else {"tell": tell})

    assert desk.post(ADDRESS, sent).status_code == 200
    assert by_status() == ["-"] * 5


@pytest.mark.parametrize("junk", ["", "/", "1/", "9" * 40 + "/x", "x/y", "\x00"])
def test_rubbish_cancels_nothing(desk, flood, junk):
    wrong = ["1/2:nothing", junk, f"{flood[0].pk}/"]

    assert desk.post(ADDRESS, {"visit": wrong, "tell": "yes"}).status_code in (200, 409)
    assert by_status() == ["-"] * 5


def test_more_than_one_form_takes_are_cancelled_in_turn(desk, flood, monkeypatch):
    monkeypatch.setattr("booking.desk.cancelling.MOST", 3)
    page = desk.get(ADDRESS)

    assert names(page) == ["Patient 0", "Patient 1", "Patient 2"]
    assert "There are more. Cancel these first, then the others." in page.content.decode()
    page = desk.post(ADDRESS, {"visit": listed(page), "tell": "no"})
    assert names(page) == ["Patient 3", "Patient 4"]
    assert "There are more." not in page.content.decode()


def test_each_visit_costs_what_a_single_cancellation_costs(desk, flood):
    def queries(act):
        with CaptureQueriesContext(connection) as context:
            act()
        return len(context)

    ticked = listed(desk.get(ADDRESS))
    desk.get(ADDRESS)
    single = queries(lambda: changes.cancel_by_desk(appointment=flood[0], now=NOW))
    one = queries(lambda: desk.post(ADDRESS, {"visit": ticked[1:2], "tell": "yes"}))
    three = queries(lambda: desk.post(ADDRESS, {"visit": ticked[2:], "tell": "yes"}))

    assert three - one <= 2 * (single + 2)  # the savepoint of each, in a test's transaction


def test_notice_and_switch_lead_here(desk, flood, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 5
    found = ADDRESS.replace("&", "&amp;")

    assert f'href="{found}"' in desk.get(reverse("admin:index")).content.decode()
    switch = desk.get(reverse("admin:booking_onlinebooking_changelist")).content.decode()
    assert f'href="{PAGE}"' in switch


@pytest.mark.parametrize(("said", "kept"), [("weather", "weather"), ("", ""), ("made up", "")])
def test_it_asks_why_and_keeps_the_reason_of_each(desk, flood, said, kept):
    assert "Why" in texts(desk.get(PAGE, SPAN), "label")
    ticked = [tick(visit) for visit in flood[:2]]
    desk.post(ADDRESS, {"visit": ticked, "tell": "no", "reason": said})

    assert list(Appointment.objects.order_by("pk").values_list("status", "cancel_reason")) == [
        *[("cancelled", kept)] * 2,
        *[("booked", "")] * 3,
    ]
