"""Whose bookings are counted together, and how many there may be."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from booking.models import Appointment, HourlyCount, Source
from booking.visits import changes, limits
from booking.visits.limits import client_key, contact_keys, network
from booking.visits.refusals import OnlineFull, OverLimit
from booking.visits.requests import Request
from tests.builders import (
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    sent_by,
)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:cccc:dddd:eeee", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_client_is_its_network(address, counted_as):
    assert network(address) == counted_as


def test_the_key_hides_the_address_and_tells_clients_apart():
    keys = {client_key(address) for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"]}

    assert len(keys) == 3
    assert not any("192" in key and "." in key for key in keys)


def test_a_contact_is_hidden_too_and_told_apart_by_form():
    keys = contact_keys("rosa@example.org", "+12125550199")
    other_form = contact_keys("rosa@example.org", "+12125550199", form="question")

    assert len({*keys, *other_form}) == 4
    assert {len(key) for key in keys} == {64}
    assert contact_keys("", "") == []


def online(number, **changes):
    """Somebody's booking from an address of its own; nobody else has this name."""
    request = Request(client=client_key(f"192.0.2.{number}"), now=NOW)
    return {"request": request, "patient": replace(PATIENT, name=f"Name {number}", **changes)}


STARTS = ["9:00", "9:45", "10:30", "13:00", "13:45"]


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist()


@pytest.mark.parametrize("other", ["email", "phone_e164"])
def test_bookings_are_limited_by_e_mail_and_by_telephone(ana, settings, other):
    settings.BOOKING_LIMIT = 2
    for number in (0, 1):
        book(ana, at(STARTS[number]), **online(number))

    with pytest.raises(OverLimit):
        book(ana, at(STARTS[2]), **online(2, **{other: ""}))
    book(ana, at(STARTS[3]), **online(3, email="else@example.org", phone_e164="+12125550100"))
    assert Appointment.objects.count() == 3


def test_one_mailbox_is_one_person_however_it_is_written(ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1
    rosa = online(0, email="rosa.marquez@gmail.com", phone_e164="")
    book(ana, at(STARTS[0]), **rosa)
    again = replace(rosa["patient"], email="RosaMarquez+x@gmail.com", phone_e164="+12125550100")
    with pytest.raises(OverLimit):
        book(ana, at(STARTS[1]), **(online(1) | {"patient": again}))
    other = replace(rosa["patient"], email="rosa.marquez@example.org")
    book(ana, at(STARTS[1]), **(online(1) | {"patient": other}))
    assert Appointment.objects.count() == 2


def three_booked(ana):
    for number in (0, 1, 2):
        patient = replace(PATIENT, name=" rosa  MÁRQUEZ")
        book(ana, at(STARTS[number]), **(online(number) | {"patient": patient}))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "Rosa Marquez"},
        {"email": "ROSA@example.org", "phone_e164": "+12125550100"},
        {"email": "else@example.org"},
    ],
)
def test_one_person_has_so_many_open_bookings_and_no_more(ana, changes, settings):
    settings.OPEN_BOOKINGS_LIMIT = 3
    three_booked(ana)
    patient = replace(PATIENT, **changes)

    with pytest.raises(OverLimit):
        book(ana, at(STARTS[3]), **(online(3) | {"patient": patient}))
    assert Appointment.objects.count() == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Luis Marquez"},
        {"email": "else@example.org", "phone_e164": "+12125550100"},
    ],
)
def test_family_and_namesakes_are_other_people(ana, changes):
    three_booked(ana)

    book(ana, at(STARTS[3]), **(online(3) | {"patient": replace(PATIENT, **changes)}))
    assert Appointment.objects.count() == 4


@pytest.mark.parametrize("how", ["cancelled", "past", "by the desk", "a higher limit"])
def test_only_coming_visits_booked_online_are_open(ana, settings, how):
    settings.OPEN_BOOKINGS_LIMIT = 3
    three_booked(ana)
    first = Appointment.objects.first()
    later = online(3) | {"patient": PATIENT}
    if how == "cancelled":
        changes.cancel_by_patient(appointment=first, now=NOW)
    elif how == "past":
        later["request"] = replace(later["request"], now=first.starts_at)
    elif how == "by the desk":
        Appointment.objects.filter(pk=first.pk).update(source=Source.DESK)
    else:
        settings.OPEN_BOOKINGS_LIMIT = 4

    book(ana, at(STARTS[4]), **later)
    assert Appointment.objects.count() == 4


def test_the_desk_is_not_limited_and_leaves_no_count(ana, settings):
    settings.BOOKING_LIMIT = settings.OPEN_BOOKINGS_LIMIT = 0

    book_by_desk(ana, at("9:00"))
    assert (Appointment.objects.count(), HourlyCount.objects.count()) == (1, 0)


def test_what_was_refused_is_not_counted(ana):
    three_booked(ana)
    for _time in range(2):
        with pytest.raises(OverLimit):
            book(ana, at(STARTS[3]), **(online(3) | {"patient": PATIENT}))

    times = sorted(HourlyCount.objects.values_list("times", flat=True))
    # Three addresses; one e-mail address, one telephone number; all together.
    assert times == [1, 1, 1, 3, 3, 3]


def test_an_hour_later_the_count_begins_anew(ana, settings):
    settings.BOOKING_LIMIT = 1
    book(ana, at(STARTS[0]), **online(0))
    later = online(0)
    later["request"] = replace(later["request"], now=NOW + timedelta(hours=1))

    book(ana, at(STARTS[1]), **later)
    assert Appointment.objects.count() == 2


def taken(key, limit, moments):
    """After which of these spans from NOW a sending was counted."""
    counted = []
    for after in moments:
        with suppress(OverLimit, OnlineFull), transaction.atomic():
            limits.count_each({key: limit}, NOW + after)
            counted.append(after)
    return counted


@pytest.mark.parametrize("key", [limits.ALL_ONLINE, "a network"])
def test_around_the_end_of_an_hour_there_is_no_more_than_in_any_other(db, key):
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    late = [59 * minute + n * second for n in range(50, 60)]
    edge = [60 * minute + n * second for n in range(10)]

    assert taken(key, 5, [0 * minute, *late, *edge]) == [0 * minute, *late[:4], edge[0]]


def test_each_sending_ends_an_hour_after_it_was_made(db):
    moments = [timedelta(minutes=n) for n in (0, 20, 40, 59, 60, 79, 80, 99, 100)]

    assert taken("a network", 3, moments) == [moments[n] for n in (0, 1, 2, 4, 6, 8)]


MINUTE = timedelta(minutes=1)


def test_the_last_sending_is_taken_back_and_of_nothing_nothing(db):
    for number in range(3):
        limits.count(["a network"], NOW + number * MINUTE, 5)
    counted = [int((NOW + number * MINUTE).timestamp()) for number in range(3)]
    kept = []
    for _time in range(4):
        limits.take_back("a network")
        row = HourlyCount.objects.get()
        kept.append((row.moments, row.times))

    assert kept == [(counted[:2], 2), (counted[:1], 1), ([], 0), ([], 0)]
    limits.take_back("another network")
    assert HourlyCount.objects.count() == 1


def test_counts_are_forgotten_when_their_hour_is_over(db):
    limits.count(["first"], NOW, 5)
    limits.count(["second"], NOW + MINUTE, 5)
    limits.forget(NOW + timedelta(hours=1))

    assert list(HourlyCount.objects.values_list("key", flat=True)) == ["second"]


def test_the_last_booking_that_is_taken_in_an_hour_is_told_apart(db, settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 3

    assert [limits.count_booking(**sent_by(n)) for n in range(3)] == [False, False, True]


def test_as_many_offered_times_are_claimed_in_an_hour_as_are_booked(db, settings):
    settings.BOOKING_LIMIT = 2
    for _time in range(2):
        limits.count_claim(Request(now=NOW), PATIENT)

    with pytest.raises(OverLimit):
        limits.count_claim(Request(now=NOW + 59 * MINUTE), PATIENT)
    limits.count_claim(Request(now=NOW + 60 * MINUTE), PATIENT)
