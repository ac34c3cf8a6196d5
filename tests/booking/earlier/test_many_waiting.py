"""Whom the earlier-time list looks at where more wait than one look reads."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from booking.earlier import matches, networks, offers
from booking.models import TimeOffer, WaitlistEntry
from tests.builders import NOW, PATIENT, make_therapist, make_visit_type, wait_without_visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MANY = matches.LOOKED_AT + 20
FLOODS = {
    "one address": "198.51.100.7",
    "one /64": "2001:db8:1:1::{:x}",
    "one /48": "2001:db8:1:{:x}::1",
}
ELSEWHERE = "203.0.113.9"


@pytest.fixture(autouse=True)
def clinic():
    make_visit_type()
    make_therapist(hours="9:00-17:00")


def wait_from(address, name="Rosa Marquez"):
    """A wish of somebody whom no time suited; without an address, as the desk takes it."""
    email = f"{name.replace(' ', '-')}@example.org"
    wish = wait_without_visit(replace(PATIENT, name=name, email=email))
    found = networks.of(address) if address else networks.NOWHERE
    wish.network, wish.wide_network = found.narrow, found.wide
    wish.save()
    return wish


def flood(address, count=MANY):
    """So many confirmed wishes of made-up names, from the addresses of a pattern."""
    first = wait_from(address.format(1), "Made Up")
    columns = [column.attname for column in WaitlistEntry._meta.concrete_fields]
    values = {name: getattr(first, name) for name in columns if name != "id"}
    made_up = []
    for number in range(2, count + 1):
        found = networks.of(address.format(number))
        own = {"uuid": uuid.uuid4(), "token_hash": uuid.uuid4().hex, "key": None}
        own |= {"name": f"Made Up {number}", "network": found.narrow, "wide_network": found.wide}
        made_up.append(WaitlistEntry(**values | own))
    WaitlistEntry.objects.bulk_create(made_up)


def asked():
    return list(TimeOffer.objects.order_by("pk").values_list("entry", flat=True))


@pytest.mark.parametrize("address", FLOODS.values(), ids=FLOODS)
def test_who_comes_after_more_than_one_look_reads_of_one_network_is_asked(address):
    flood(address)
    rosa = wait_from(ELSEWHERE)
    offers.look(NOW)

    assert asked()[1] == rosa.pk


def test_in_the_48_of_a_flood_another_64_is_asked_too():
    flood(FLOODS["one /64"])
    rosa = wait_from("2001:db8:1:2::1")
    offers.look(NOW)

    assert rosa.pk in asked()


def test_those_of_no_known_network_are_not_taken_for_one():
    first, *_others = [wait_from(ELSEWHERE, f"Made Up {number}") for number in range(4)]
    wishes = [wait_from("", f"Name {number}") for number in range(3)]
    in_turn = WaitlistEntry.objects.askable(NOW).in_turn(at_once=1)

    assert list(in_turn[:4]) == [first, *wishes]


def test_who_has_waited_longer_is_asked_first_whoever_of_the_same_network_suits_no_time():
    on_sunday = wait_from(ELSEWHERE, "Made Up")
    WaitlistEntry.objects.filter(pk=on_sunday.pk).update(weekdays="6")
    wishes = [wait_from(ELSEWHERE, "Rosa Marquez"), wait_from("198.51.100.1", "Ben Hill")]
    offers.look(NOW)

    assert asked() == [wish.pk for wish in wishes]


def test_who_waits_longest_is_asked_first_where_all_are_of_one_network(monkeypatch):
    monkeypatch.setattr(matches, "LOOKED_AT", 3)
    monkeypatch.setattr(matches, "ASKED_AT_ONCE", 2)
    wishes = [wait_from(ELSEWHERE, f"Name {number}") for number in range(5)]
    offers.look(NOW)

    assert asked() == [wish.pk for wish in wishes[:2]]


def test_the_open_offers_of_those_that_a_look_does_not_read_are_among_the_ten(monkeypatch):
    monkeypatch.setattr(matches, "LOOKED_AT", 3)
    monkeypatch.setattr(matches, "ASKED_AT_ONCE", 2)
    for number in range(2):
        wait_from(ELSEWHERE, f"First {number}")
    looks = [offers.look(NOW)]
    for number in range(3):
        wait_from(f"198.51.100.{number}", f"Name {number}")
    first = WaitlistEntry.objects.filter(name__startswith="First")
    WaitlistEntry.objects.exclude(pk__in=first).update(created_at=NOW - DAY)
    first.update(created_at=NOW)  # those of other networks come first, and fill the look
    looks.append(offers.look(NOW))

    assert looks == [2, 0]
