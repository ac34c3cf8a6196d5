"""Whom the earlier-time list could ask about which time: turns, days and shares."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.earlier import matches, networks, offers, waitlist
from booking.models import TimeOff, TimeOffer
from booking.visits import changes
from booking.visits.requests import Request
from tests.builders import (
    ANY_DAY,
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    make_therapist,
    make_visit_type,
    wait,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY, THURSDAY = MONDAY + DAY, MONDAY + 3 * DAY


def wish(number, address="198.51.100.1", **suits):
    """A confirmed wish of a person of its own, from that address on the internet."""
    contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
    row = waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=f"Patient {number}", **contact),
        wish=replace(ANY_DAY, **suits),
        request=Request(now=NOW),
        networks=networks.of(address),
    )
    return waitlist.confirm(wish=row, now=NOW)


def asked():
    return list(TimeOffer.objects.order_by("pk").values_list("entry", flat=True))


def asked_on(day):
    held = TimeOffer.objects.filter(starts_at__date=day).order_by("starts_at")
    return list(held.values_list("therapist__slug", "starts_at"))


def test_the_last_place_among_those_asked_at_once_is_given(monkeypatch):
    make_therapist(hours="9:00-17:00")
    monkeypatch.setattr(matches, "ASKED_AT_ONCE", 2)
    first, second, _third = (wish(number) for number in range(3))

    assert [offers.look(NOW), offers.look(NOW)] == [2, 0]
    assert asked() == [first.pk, second.pk]


def test_the_last_place_is_given_at_a_later_look_too(monkeypatch):
    make_therapist(hours="9:00-17:00")
    monkeypatch.setattr(matches, "ASKED_AT_ONCE", 1)
    wish(1)

    assert offers.look(NOW) == 1


def test_who_is_asked_already_counts_for_their_network_at_the_next_look():
    make_visit_type(horizon_days=4)
    ana = make_therapist(hours="9:00-9:45")
    tuesday = book(ana, at("9:00", TUESDAY))
    one, _same_network = wish(1), wish(2)
    elsewhere = wish(3, "203.0.113.9")
    offers.look(NOW)
    changes.cancel_by_desk(appointment=tuesday, now=NOW)
    offers.look(NOW)

    assert asked() == [one.pk, elsewhere.pk]


def test_a_time_on_the_day_of_the_visit_is_no_earlier_day():
    ana = make_therapist(hours="9:00-10:30")
    TimeOff.objects.create(therapist=ana, starts_at=at("0:00"), ends_at=at("0:00", THURSDAY))
    wait(book(ana, at("9:45", THURSDAY)))

    assert offers.look(NOW) == 0


def test_times_that_touch_do_not_overlap():
    ana = make_therapist()

    def slot(wall):
        return Slot(at(wall), at(wall) + timedelta(minutes=45), ana, 1, 0)

    pairs = [("9:00", "9:45"), ("9:45", "9:00"), ("9:00", "9:30"), ("9:30", "9:00")]
    assert [matches.overlap(slot(one), slot(other)) for one, other in pairs] == [
        False,
        False,
        True,
        True,
    ]


def test_a_day_of_which_one_time_hides_a_tenth_keeps_no_second():
    make_therapist(hours="9:00-12:00")
    for number in range(3):
        wish(number)
    offers.look(NOW)

    assert asked_on(MONDAY) == [("ana-ruiz", at("9:00"))]


def test_what_somebody_is_asked_about_is_not_shown_to_others():
    ana = make_therapist(hours="9:00-9:45")
    wish(1)
    offers.look(NOW)
    kind, start = make_visit_type(), at("9:00")

    assert asked_on(MONDAY) == [("ana-ruiz", start)]
    assert start not in [slot.starts_at for slot in free_times.next_slots(kind, NOW)]
    calendars = free_times.calendar_of_day(kind, ana, start, NOW)
    assert calendars.slot_at(kind, ana, start) is None
