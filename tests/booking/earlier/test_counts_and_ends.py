"""How many are asked in all, and how long the link of a wish lives."""

from dataclasses import replace
from datetime import timedelta

import pytest

from booking.calendars.free_times import Window, online_calendars
from booking.earlier import networks, offers, waitlist
from booking.models import TimeOffer, VisitType
from booking.visits import tokens
from booking.visits.requests import Request
from tests.builders import (
    ANY_DAY,
    MONDAY,
    NOW,
    PATIENT,
    at,
    make_therapist,
    make_visit_type,
    wait_without_visit,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_at_two_looks_ten_are_asked_in_all():
    make_therapist(hours="9:00-17:00")
    for number in range(14):
        contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
        wait_without_visit(replace(PATIENT, name=f"Patient {number}", **contact))

    assert [offers.look(NOW), offers.look(NOW + timedelta(minutes=1))] == [10, 0]
    assert TimeOffer.objects.open(NOW).count() == 10


def wish_from(number, address, **contact):
    """A confirmed wish from an address on the internet."""
    contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"} | contact
    wish = waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=f"Patient {number}", **contact),
        wish=ANY_DAY,
        request=Request(now=NOW),
        networks=networks.of(address),
    )
    return waitlist.confirm(wish=wish, now=NOW)


def asked_about(day):
    held = TimeOffer.objects.open(NOW).filter(starts_at__date=day)
    return list(held.order_by("starts_at").values_list("starts_at", flat=True))


def public_times(day, visit_type=None):
    slots = online_calendars(Window(day, day, NOW), NOW).slots(visit_type or make_visit_type())
    return [slot.starts_at for slot in slots]


def test_a_tenth_of_a_days_times_or_one_is_kept_from_the_public():
    make_therapist(hours="9:00-17:00")
    before = public_times(MONDAY)
    for number in range(14):
        wish_from(number, f"198.51.100.{number}")
    offers.look(NOW)

    assert (len(before), len(asked_about(MONDAY))) == (30, 1)
    assert public_times(MONDAY)[0] == at("9:45")


@pytest.mark.parametrize(("therapists", "kept"), [(1, 1), (4, 4), (7, 7)])
def test_of_many_therapists_as_many_times_are_kept_as_hide_a_tenth(therapists, kept):
    """Nine to five has 30 starts, of which one time that is kept hides three to five."""
    for number in range(therapists):
        make_therapist(f"therapist-{number}", hours="9:00-17:00")
    before = len(public_times(MONDAY))
    for number in range(10):
        wish_from(number, f"198.51.100.{number}")
    offers.look(NOW)

    hidden = before - len(public_times(MONDAY))
    assert (len(asked_about(MONDAY)), hidden * 10 <= before or kept == 1) == (kept, True)


@pytest.mark.parametrize("minutes", [(15, 60), (60, 15), (30, 90)])
def test_a_tenth_of_the_times_of_each_visit_type_is_kept(minutes):
    """A short visit that is kept hides many a longer one."""
    for slug, length in zip(["initial-consultation", "other"], minutes, strict=True):
        make_visit_type(slug, name=slug, minutes=length)
    for number in range(2):
        make_therapist(f"therapist-{number}", hours="9:00-17:00")
    types = list(VisitType.objects.all())
    before = {row.slug: len(public_times(MONDAY, row)) for row in types}
    for number in range(30):
        wish_from(number, f"198.51.100.{number}")
    for minute in range(4):
        offers.look(NOW + minute * MINUTE)

    for row in types:
        hidden = before[row.slug] - len(public_times(MONDAY, row))
        assert hidden * 10 <= before[row.slug] or len(asked_about(MONDAY)) == 1


def test_two_looks_keep_no_more_of_a_day_than_one():
    make_therapist(hours="9:00-17:00")
    for number in range(3):
        wish_from(number, "198.51.100.1")
        offers.look(NOW + number * MINUTE)

    days = TimeOffer.objects.open(NOW).values_list("starts_at__date", flat=True)
    assert len(set(days)) == len(days) == 3


FLOODS = {
    "one address": "198.51.100.7",
    "one /64": "2001:db8:1:1::{:x}",
    "one /48": "2001:db8:1:{:x}::1",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_who_waits_elsewhere_is_asked_before_a_flood_from_one_network(flood):
    make_therapist(hours="9:00-17:00")
    for number in range(14):
        wish_from(number, FLOODS[flood].format(number + 1))
    rosa = wish_from(99, "203.0.113.9")
    offers.look(NOW)

    order = TimeOffer.objects.order_by("pk").values_list("entry", flat=True)
    assert list(order)[1] == rosa.pk


def test_an_ipv4_address_wrapped_in_ipv6_is_the_same_network():
    assert networks.of("198.51.100.7") == networks.of("::ffff:198.51.100.7")
    wide = {networks.of(f"2001:db8:1:{part}::1").wide for part in (1, 2)}
    narrow = {networks.of(f"2001:db8:1:{part}::1").narrow for part in (1, 2)}
    assert (len(wide), len(narrow)) == (1, 2)


def test_the_link_of_a_wish_lives_its_day_of_grace_to_the_minute():
    wish = wait_without_visit()
    token, over = tokens.current(wish), wish.ends_at + timedelta(days=1)

    found = [tokens.find_wish(token, over - timedelta(minutes=count)) for count in (1, 0)]

    assert found == [wish, None]
