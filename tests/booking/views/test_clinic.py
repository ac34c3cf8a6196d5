"""Team and contact: who treats, where, when."""

import re

import pytest

from booking.models import Closure, Location
from tests.builders import at, make_therapist


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_team_shows_each_one_with_the_next_free_time(client, ana):
    make_therapist("ben-cole", hours="10:00-12:00", languages="English, Spanish")
    make_therapist("gone-away", active=False)
    html = client.get("/team/").content.decode()

    assert re.findall(r'<a href="(/(?:team|book)/[\w-]+/[^"]*)"', html) == [
        "/team/ana-ruiz/",
        "/book/ana-ruiz/20261127T1900Z/",
        "/team/ben-cole/",
        "/book/ben-cole/20261130T1500Z/",
    ]
    assert "Speaks English, Spanish" in html


def test_a_therapist_has_a_page_with_times(client, ana):
    page = client.get("/team/ana-ruiz/")

    assert page.status_code == 200
    assert "/book/ana-ruiz/20261127T1900Z/" in page.content.decode()
    assert client.get("/team/nobody/").status_code == 404


def test_contact_shows_hours_and_closures_from_the_data(client, ana):
    make_therapist("ben-cole", hours="12:00-18:30")
    Closure.objects.create(name="Inventory", starts_at=at("0:00"), ends_at=at("23:59"))
    found = text(client.get("/contact/"))

    assert "Monday 9 a.m. – 6:30 p.m. Tuesday" in found
    assert "Sunday closed" in found
    assert "Monday, November 30: Inventory" in found
    assert "12 Willow Street, Springfield, NY 10001" in found


@pytest.mark.parametrize("path", ["/team/", "/team/ana-ruiz/", "/contact/"])
def test_public_pages_keep_no_cookie(client, ana, path):
    page = client.get(path)

    assert (page.status_code, page.cookies, page.has_header("Vary")) == (200, {}, True)
    assert "Cookie" not in page["Vary"]
    assert page["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", ["/team/", "/contact/"])
def test_queries_are_fixed(client, ana, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(9) as first:
        client.get(path)
    for number in range(3):
        make_therapist(f"other-{number}")
    with django_assert_max_num_queries(9) as second:
        client.get(path)
    assert len(first) == len(second)


def test_a_location_with_a_telephone_of_its_own_is_called_there(client, ana):
    Location.objects.update(phone="(718) 555-0100")

    assert (
        '<a href="tel:+17185550100">(718) 555-0100</a>' in client.get("/contact/").content.decode()
    )
