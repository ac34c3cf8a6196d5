"""How many visits everybody together may book online in an hour, and a network's share of them."""

from datetime import timedelta
from functools import partial

import pytest

from booking.earlier import offers
from booking.models import Appointment, HourlyCount, TimeOffer
from booking.visits import changes, limits
from booking.visits.refusals import OnlineFull, OverLimit
from tests.builders import (
    NOW,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    sent_by,
    wait,
)
from tests.threads import together


@pytest.fixture
def therapists(db):
    """Enough to book one time with each."""
    make_visit_type()
    return [make_therapist(f"therapist-{number}") for number in range(9)]


def test_everybody_together_books_so_many_an_hour_and_no_more(therapists, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 3
    for number in range(3):
        book(therapists[number], at("9:00"), **sent_by(number))

    for _time in range(2):  # what was refused is not counted
        with pytest.raises(OnlineFull):
            book(therapists[3], at("9:00"), **sent_by(3))
    assert Appointment.objects.count() == 3
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == 3
    next_hour = NOW + timedelta(hours=1)
    book(therapists[3], at("9:00"), **sent_by(3, now=next_hour))
    counted = HourlyCount.objects.get(pk=limits.ALL_ONLINE)
    assert (counted.times, counted.last_at) == (1, next_hour)


def test_moves_and_the_desk_are_none_of_them(therapists, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 1
    ana, ben, *_others = therapists
    visit = book(ana, at("16:00"), **sent_by(1))
    visit = changes.move_by_patient(
        appointment=visit, therapist=ben, starts_at=at("15:00"), now=NOW
    )
    wait(visit)
    offers.look(NOW)
    moved = offers.claim(offer=TimeOffer.objects.with_details().get(), now=NOW)
    changes.cancel_by_desk(appointment=moved, now=NOW)
    book_by_desk(ana, at("16:00"))

    assert moved.pk == visit.pk
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == 1
    assert list(Appointment.objects.values_list("status", flat=True)) == ["cancelled", "booked"]


def test_of_two_limits_that_are_reached_the_senders_own_is_told(therapists, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = settings.BOOKING_LIMIT = 1
    book(therapists[0], at("9:00"), **sent_by(1))

    with pytest.raises(OverLimit) as refused:
        book(therapists[1], at("9:00"), **sent_by(1))
    assert refused.type is OverLimit


@pytest.mark.parametrize(
    ("address", "wide"),
    [
        ("2001:db8:1:2::1", "2001:db8:1::/48"),
        ("2001:db8:1:ffff:aaaa::1", "2001:db8:1::/48"),
        ("2001:db8:2:2::1", "2001:db8:2::/48"),
    ],
)
def test_an_ipv6_address_belongs_to_a_48_too(address, wide):
    assert limits.wide_key(address) == limits.hashed("booking", "wide", wide)


@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "", "unix:"])
def test_any_other_address_is_counted_by_itself_alone(address):
    assert limits.wide_key(address) == ""


@pytest.mark.parametrize(
    ("of_one", "of_all", "of_a_48"),
    [(2, 40, 8), (20, 40, 30), (20, 1000, 80), (20, 4, 3), (20, 1, 1), (0, 40, 0)],
)
def test_a_48_may_more_than_a_64_and_never_all(of_one, of_all, of_a_48):
    assert limits.wide_limit(of_one, of_all) == of_a_48


def test_from_the_networks_of_one_48_so_many_are_booked_and_no_more(therapists, settings):
    settings.BOOKING_LIMIT, settings.ONLINE_BOOKINGS_AN_HOUR = 2, 8  # six of a /48
    for number in range(6):
        book(therapists[number], at("9:00"), **sent_by(number, f"2001:db8:1:{number}::1"))

    with pytest.raises(OverLimit) as refused:
        book(therapists[6], at("9:00"), **sent_by(6, "2001:db8:1:6::1"))
    assert refused.type is OverLimit
    book(therapists[6], at("9:00"), **sent_by(6, "2001:db8:2:6::1"))
    assert Appointment.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_of_many_bookings_at_once_no_more_get_through(settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 4
    make_visit_type()
    therapists = [make_therapist(f"therapist-{number}") for number in range(9)]

    results = together(
        *[
            partial(book, who, at("9:30"), **sent_by(number))
            for number, who in enumerate(therapists)
        ]
    )

    kinds = [type(result) for result in results]
    assert (kinds.count(Appointment), kinds.count(OnlineFull)) == (4, 5)
    assert HourlyCount.objects.get(pk=limits.ALL_ONLINE).times == Appointment.objects.count() == 4


def test_the_row_that_all_wait_for_is_locked_after_every_other(db):
    keys = ["0" * 64, limits.ALL_ONLINE, limits.all_key("a-form"), "f" * 64]
    HourlyCount.objects.bulk_create(HourlyCount(key=key, last_at=NOW) for key in keys)

    by_database = list(HourlyCount.objects.order_by("pk").values_list("pk", flat=True))
    assert by_database == sorted(keys)
    assert by_database[:2] == ["0" * 64, "f" * 64]
