"""The earlier-time list at the desk: who waits, who was asked, what they said; giving it away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.earlier import offers, standing, waitlist
from booking.models import Appointment, OutgoingEmail, TimeOffer, WaitlistEntry
from booking.visits import staff_changes
from tests.builders import (
    MONDAY,
    NOW,
    ask_without_visit,
    at,
    book,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.reading import said, texts

LIST = reverse("admin:booking_waitlistentry_changelist")
OFFERS = reverse("admin:booking_timeoffer_changelist")
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def ana():
    return make_therapist(hours="9:00-9:45")


@pytest.fixture
def asked(ana):
    """Thursday's visit, whose patient is asked about Monday at nine."""
    visit = book(ana, at("9:00", THURSDAY))
    wait(visit)
    offers.look(NOW)
    return TimeOffer.objects.get()


def change(row):
    return reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])


def test_the_list_says_who_waits_for_what(desk, ana, asked):
    wait_without_visit()
    page = desk.get(LIST)

    assert texts(page, "field-who") == ["Rosa Marquez", "Rosa Marquez"]
    assert texts(page, "field-visit_link") == ["None yet", "Thu, Dec 3, 9 a.m., Ana Ruiz"]
    assert texts(page, "field-days") == ["Mon, Tue, Wed, Thu, Fri"] * 2
    assert texts(page, "field-parts") == ["any time of day"] * 2
    assert texts(page, "field-state") == ["Waiting"] * 2


def test_the_list_says_who_has_not_confirmed_yet(desk, ana):
    ask_without_visit()
    assert texts(desk.get(LIST), "field-confirmed") == ["-"]
    waitlist.confirm(wish=WaitlistEntry.objects.get(), now=NOW)

    assert texts(desk.get(LIST), "field-confirmed") == ["Nov 27, noon"]


@pytest.mark.parametrize("words", ["marquez", "0199", "rosa@example.org"])
@pytest.mark.parametrize("address", [LIST, OFFERS])
def test_who_waits_is_found_by_name_or_number(desk, asked, address, words):
    found = desk.post(address, {"find": words}, follow=True)
    assert (found.redirect_chain[0][0], texts(found, "field-who")) == (
        f"{address}?q=*".replace("*", "%2A"),
        ["Rosa Marquez"],
    )

    assert texts(desk.post(address, {"find": "nobody"}, follow=True), "field-who") == []


def test_a_wish_says_what_was_offered_and_answered(desk, asked):
    page = desk.get(change(asked.entry))
    assert (
        "Mon, Nov 30, 9 a.m. with Ana Ruiz, asked Nov 27, noon: Asked (until 1 p.m.)"
        in (texts(page, "desk-mail")[0])
    )

    offers.decline(offer=asked, now=NOW)
    assert "noon: No, Nov 27, noon" in texts(desk.get(change(asked.entry)), "desk-mail")[0]
    assert texts(desk.get(OFFERS), "field-stands") == ["No"]


def test_what_has_run_out_says_so_before_a_worker_has_looked(desk, asked):
    TimeOffer.objects.update(expires_at=NOW)
    offer, visit = desk.get(change(asked)), desk.get(change(asked.entry.appointment))

    assert texts(desk.get(OFFERS), "field-stands") == ["No answer"]
    assert "No answer" in texts(offer, "field-stands")[0]
    assert "asked Nov 27, noon: No answer" in texts(visit, "desk-mail")[1]
    assert TimeOffer.objects.get().state == "open"


def test_a_visit_shows_its_wish(desk, asked):
    page = desk.get(change(asked.entry.appointment))

    assert "Mon, Tue, Wed, Thu, Fri, any time of day: Waiting" in texts(page, "desk-mail")[1]


def test_the_desk_takes_somebody_off_the_list(desk, asked):
    address = reverse("admin:booking_waitlistentry_close", args=[asked.entry_id])
    assert address in desk.get(change(asked.entry)).content.decode()
    page = desk.post(address, follow=True)

    assert said(page) == ["Rosa Marquez: taken off the list."]
    assert (WaitlistEntry.objects.get().state, TimeOffer.objects.get().state) == ("closed", "gone")
    assert address not in page.content.decode()
    history = desk.get(reverse("admin:booking_waitlistentry_history", args=[asked.entry_id]))
    assert "Closed by the desk" in history.content.decode()
    assert "front-desk" in history.content.decode()


def test_wishes_and_offers_are_for_reading(desk, asked):
    for row in (asked, asked.entry):
        assert desk.post(change(row), {"state": "left"}).status_code == 403
    assert WaitlistEntry.objects.get().state == "open"


def day(client):
    return client.get(reverse("desk:day"), {"date": MONDAY.isoformat()})


def test_the_day_shows_the_offered_time_which_the_desk_may_still_give(desk, asked):
    page = day(desk)

    assert texts(page, "board-offer") == ["9 a.m. offered until 1 p.m. to Rosa Marquez"]
    assert "start=20261130T1400Z" in page.content.decode()


def test_a_therapist_sees_that_and_not_to_whom(sign_in, ana, asked):
    page = day(sign_in("Therapist", therapist=ana))

    assert texts(page, "desk-closed") == ["9 a.m.–9:45 a.m. offered to somebody until 1 p.m."]


def caller(**changes):
    typed = {
        "visit_type": "initial-consultation",
        "therapist": "ana-ruiz",
        "day": "2026-11-30",
        "time": "09:00",
        "name": "Ben Hill",
        "phone": "(212) 555-0111",
    }
    return typed | changes


def test_giving_it_to_a_caller_asks_first_and_the_offer_says_so(desk, asked):
    add = reverse("admin:booking_appointment_add")
    page = desk.post(add, caller())
    doubt = "Until 1 p.m. this time is offered to Rosa Marquez, who may still say yes."
    assert doubt in texts(page, "desk-doubts")[0]
    assert Appointment.objects.count() == 1
    tick = re.search(r'name="confirm"\s+value="([^"]+)"', page.content.decode())[1]
    desk.post(add, caller(confirm=tick))

    assert Appointment.objects.filter(name="Ben Hill").count() == 1
    assert standing.of(TimeOffer.objects.with_details().get(), NOW) == "given"
    said_before = texts(desk.get(OFFERS), "field-stands")
    offers.look(NOW)
    assert said_before == texts(desk.get(OFFERS), "field-stands")[-1:] == ["Given to a caller"]


def test_the_desk_may_say_yes_for_the_patient(asked):
    visit = asked.entry.appointment
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=asked.therapist,
        starts_at=asked.starts_at,
        now=NOW,
    )

    assert standing.of(TimeOffer.objects.with_details().get(), NOW) == "claimed"
    standing.settle(NOW)
    assert (TimeOffer.objects.get().state, WaitlistEntry.objects.get().state) == (
        "claimed",
        "booked",
    )


def test_the_outbox_leads_to_the_offer(desk, asked):
    page = desk.get(reverse("admin:booking_outgoingemail_changelist"))

    assert texts(page, "field-about")[0] == "Rosa Marquez"
    assert change(asked) in page.content.decode()
    assert OutgoingEmail.objects.filter(kind="offer").count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_and_pages_take_a_fixed_number_of_queries(desk, rows):
    for number in range(rows):
        therapist = make_therapist(f"therapist-{number}", hours="9:00-9:45")
        wait(book(therapist, at("9:00", THURSDAY)))
    offers.look(NOW)
    first = TimeOffer.objects.first()
    pages = [LIST, OFFERS, change(first), change(first.entry)]
    counts = []
    for address in pages:
        desk.get(address)  # content types are kept by the process
        with CaptureQueriesContext(connection) as found:
            desk.get(address)
        counts.append(len(found))
    assert counts == [11, 10, 8, 10]
