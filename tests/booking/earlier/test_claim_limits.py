"""An offered time that is taken as a first visit, and a wish for one, count as bookings do."""

from dataclasses import replace

import pytest

from booking.earlier import networks, offers, waitlist
from booking.models import Appointment, HourlyCount, OutgoingEmail, TimeOffer, WaitlistEntry
from booking.visits import limits
from booking.visits.refusals import OnlineFull, OverLimit
from booking.visits.requests import Request
from tests.builders import (
    ANY_DAY,
    NOW,
    PATIENT,
    at,
    book,
    make_therapist,
    make_visit_type,
    sent_by,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    make_visit_type()
    for number in range(5):
        make_therapist(f"therapist-{number}", hours="9:00-17:00")


def wish_from(address, number):
    """A wish of a person of their own, from that address on the internet."""
    contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
    return waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=f"Patient {number}", **contact),
        wish=ANY_DAY,
        request=Request(now=NOW, **limits.sender(address, waitlist.FORM)),
        networks=networks.of(address),
    )


def offered(count):
    """So many people, each asked about a time."""
    for number in range(count):
        waitlist.confirm(wish=wish_from(f"203.0.113.{number}", number), now=NOW)
    offers.look(NOW)
    rows = list(TimeOffer.objects.with_details().order_by("pk"))
    assert len(rows) == count
    return rows


def claim(offer, address):
    """What became of it: the refusal, or nothing."""
    try:
        offers.claim(offer=offer, now=NOW, **limits.sender(address))
    except OverLimit as refused:
        return type(refused)
    return None


def test_who_takes_offered_times_from_one_network_is_counted_with_its_bookings(settings):
    settings.BOOKING_LIMIT = 2
    first, second, third = offered(3)
    therapist = make_therapist("another", hours="9:00-17:00")
    book(therapist, at("16:00"), **sent_by(99, "198.51.100.7"))

    assert claim(first, "198.51.100.7") is None
    assert claim(second, "198.51.100.7") is OverLimit
    assert claim(second, "198.51.100.8") is None
    assert claim(third, "198.51.100.7") is OverLimit


def test_from_one_48_no_more_offered_times_are_taken_than_are_booked(settings):
    settings.BOOKING_LIMIT = 1
    *four, fifth = offered(5)

    taken = [claim(offer, f"2001:db8:1:{number}::1") for number, offer in enumerate(four)]
    assert taken == [None] * 4
    assert claim(fifth, "2001:db8:1:9::1") is OverLimit
    assert claim(fifth, "2001:db8:2:9::1") is None


def test_once_all_have_booked_what_an_hour_takes_an_offer_waits_and_the_desk_knows(settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 3
    asked = offered(3)
    book(make_therapist("another"), at("16:00"), **sent_by(99))

    taken = [claim(offer, f"198.51.100.{number}") for number, offer in enumerate(asked)]
    asked[2].refresh_from_db()

    assert (taken, asked[2].state) == ([None, None, OnlineFull], "open")
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == Appointment.objects.count() == 3
    [told] = OutgoingEmail.objects.filter(kind="desk-full")
    assert told.appointment.key == asked[1].uuid


def test_an_answer_that_is_sent_twice_is_counted_once():
    [offer] = offered(1)
    for _time in range(2):
        offer.refresh_from_db()
        assert claim(offer, "198.51.100.7") is None

    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == 1


def test_from_one_48_so_many_go_on_the_list_and_no_more(settings):
    settings.BOOKING_LIMIT = 1
    for number in range(4):
        wish_from(f"2001:db8:1:{number}::1", number)

    with pytest.raises(OverLimit) as refused:
        wish_from("2001:db8:1:4::1", 4)
    assert refused.type is OverLimit
    wish_from("2001:db8:2:4::1", 4)
    assert WaitlistEntry.objects.count() == 5


def test_everybody_together_goes_on_the_list_so_often_and_books_apart_from_it(settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 3
    for number in range(3):
        wish_from(f"198.51.100.{number}", number)

    with pytest.raises(OnlineFull):
        wish_from("198.51.100.3", 3)
    book(make_therapist("another"), at("16:00"), **sent_by(99))
    counted = HourlyCount.objects.filter(pk__startswith=limits.ALL_ONLINE)
    assert dict(counted.values_list("pk", "times")) == {"online": 1, "online:earlier": 3}
