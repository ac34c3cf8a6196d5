"""The day of one place: who works there, what is there, and nothing read of the others."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.desk import places
from booking.models import StaffPlace, Therapist, WorkingHours
from tests.booking.desk.pages import sheet, typed
from tests.builders import MONDAY, add_hours, at, book, make_location, make_therapist
from tests.builders import make_visit_type as visit_types
from tests.reading import texts

ADD = reverse("admin:booking_appointment_add")


def shown(response):
    return [column.therapist.slug for column in response.context["sheet"].columns]


def chosen(response):
    where = response.context["where"]
    return where.place and where.place.slug


def works_at(*locations):
    """The user who was made last works at these places."""
    user = User.objects.latest("pk")
    StaffPlace.objects.bulk_create(StaffPlace(user=user, location=row) for row in locations)


@pytest.fixture
def oak(db):
    visit_types()
    return make_location("oak-avenue", name="Oak Avenue")


def at_oak(oak, slug="ben-cole", wall="9:30"):
    """A therapist of Oak Avenue with a visit there on Monday."""
    therapist = Therapist.objects.create(slug=slug, name=slug.title())
    add_hours(therapist, 0, "9:00-17:00", oak)
    return book(therapist, at(wall)).therapist


def test_one_place_is_no_choice(desk):
    make_therapist()
    response = sheet(desk)

    assert (chosen(response), "desk-place" in response.content.decode()) == (None, False)


def test_a_place_shows_who_works_there_that_day_or_has_a_visit_there(desk, oak):
    make_therapist()
    at_oak(oak)
    tuesdays = Therapist.objects.create(slug="cy", name="Cy")
    add_hours(tuesdays, 1, "9:00-17:00", oak)

    assert shown(sheet(desk)) == ["ana-ruiz", "ben-cole", "cy"]
    assert shown(sheet(desk, place="oak-avenue")) == ["ben-cole"]
    assert shown(sheet(desk, place="willow-street")) == ["ana-ruiz"]
    WorkingHours.objects.filter(location=oak).update(valid_until=MONDAY - timedelta(days=1))
    assert shown(sheet(desk, place="oak-avenue")) == ["ben-cole"]  # for the visit
    assert shown(sheet(desk, place="nowhere")) == ["ana-ruiz", "ben-cole", "cy"]


def test_hours_and_visits_at_the_other_place_are_shut_and_not_named(desk, oak):
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 0, "13:00-15:00", oak)
    make_therapist("ben-cole", hours="9:00-17:00")
    book(ana, at("13:30"))
    [column, _ben] = sheet(desk, place="willow-street").context["board"].columns

    assert [(box.said, box.first, box.last) for box in column.shut] == [
        ("Break", 12, 16),
        ("", 24, 32),
        ("At Oak Avenue", 16, 24),
    ]
    free = [slot.starts_at for row in column.column.rows for slot in row.free]
    assert (len(free), max(free) < at("12:00"), column.column.booked) == (10, True, 0)


def test_staff_of_one_place_begin_there_and_see_no_other(desk, oak):
    make_therapist()
    at_oak(oak)
    works_at(oak)

    for asked in ({}, {"place": "willow-street"}, {"place": "all"}):
        response = sheet(desk, **asked)
        assert (chosen(response), shown(response)) == ("oak-avenue", ["ben-cole"])


def test_staff_of_several_places_begin_with_the_first_and_may_see_all_of_theirs(desk, oak):
    make_therapist()
    at_oak(oak)
    add_hours(
        Therapist.objects.create(slug="elm", name="Elm"), 0, "9:00-17:00", make_location("elm")
    )
    works_at(oak, make_location())
    first, both = sheet(desk), sheet(desk, place="all")

    assert (chosen(first), shown(first)) == ("oak-avenue", ["ben-cole"])
    assert (chosen(both), shown(both)) == (None, ["ana-ruiz", "ben-cole"])


def test_links_and_clicks_keep_the_place(desk, oak):
    make_therapist()
    at_oak(oak)
    response = sheet(desk, place="oak-avenue")
    page = response.content.decode()

    ways = re.findall(r'href="\?([^"]+)"', page)
    assert {"place=oak-avenue" in way for way in ways} == {True}
    assert response.context["source"].endswith("?date=2026-11-30&place=oak-avenue")
    live = desk.get(response.context["source"])
    assert [column.therapist.slug for column in live.context["sheet"].columns] == ["ben-cole"]


def test_a_booking_leads_to_the_day_of_its_place(desk, oak):
    make_therapist()
    at_oak(oak)
    works_at(oak, make_location())
    answer = desk.post(ADD, typed())

    assert "place=willow-street" in answer.url
    assert texts(desk.get(answer.url), "h3") == ["Omar Haddad"]


def test_a_link_to_a_visit_leads_to_the_day_of_its_place(desk, oak):
    visit = book(make_therapist(), at("9:30"))
    at_oak(oak)
    works_at(oak, make_location())

    assert shown(sheet(desk, at=visit.pk)) == ["ana-ruiz"]
    assert shown(sheet(desk, at="x" * 30)) == ["ben-cole"]


def test_with_many_therapists_all_places_are_no_longer_the_first_choice(desk, oak, monkeypatch):
    monkeypatch.setattr(places, "FEW", 1)
    make_therapist()
    at_oak(oak)
    assert (chosen(sheet(desk)), chosen(sheet(desk, place="all"))) == ("oak-avenue", None)

    monkeypatch.setattr(places, "MOST", 1)
    response = sheet(desk, place="all")
    assert (chosen(response), "All places" in response.content.decode()) == ("oak-avenue", False)


def cost(client, **asked):
    """How many queries the day takes, how many rows of therapists they read, and its bytes."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = sheet(client, **asked)
    return len(queries), len(shown(response)), len(response.content)


def test_a_chain_is_never_loaded_as_one(desk, oak):
    """With forty therapists at ten other places, the day of one place costs what it did."""
    make_therapist()
    at_oak(oak)
    works_at(oak)
    before = cost(desk)
    for number in range(40):
        place = make_location(f"place-{number % 10}", name=f"Place {number % 10}")
        at_oak(place, f"therapist-{number}")

    assert cost(desk) == before
    assert before[2] < 200_000


def test_the_pages_beside_the_day_take_as_many_queries_in_a_chain(desk, oak):
    make_therapist()
    at_oak(oak)
    works_at(oak)
    addresses = [
        reverse(f"desk:{name}") for name in ("to_do", "next_free", "week", "paper", "calls")
    ]
    addresses.append(ADD)

    def counts():
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page = desk.get(address).content.decode()
            found[address] = len(queries), "Therapist-" in page
        return found

    before = counts()
    for number in range(12):
        at_oak(make_location(f"place-{number % 4}"), f"therapist-{number}")
    assert counts() == before
