"""Team and contact: who treats, where, when."""

import re

import pytest

from booking.models import Closure, Location, LocationPicture
from tests.builders import at, make_therapist
from tests.conditions.builders import make_picture


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_team_shows_each_one_with_the_next_free_time(client, ana):
    make_therapist("ben-cole", hours="10:00-12:00", languages="English, Spanish")
    make_therapist("gone-away", active=False)
    html = client.get("/team/").content.decode()

    assert re.findall(r'<a [^>]*href="(/(?:team|book)/[\w-]+/[^"]*)"', html) == [
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

    assert "Monday to Friday 9 a.m. – 6:30 p.m. Saturday and Sunday closed" in found
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
    with django_assert_max_num_queries(11) as first:
        client.get(path)
    for number in range(3):
        make_therapist(f"other-{number}")
    with django_assert_max_num_queries(11) as second:
        client.get(path)
    assert len(first) == len(second)


def test_a_location_with_a_telephone_of_its_own_is_called_there(client, ana):
    Location.objects.update(phone="(718) 555-0100")

    assert (
        '<a href="tel:+17185550100">(718) 555-0100</a>' in client.get("/contact/").content.decode()
    )


def test_contact_names_three_ways_to_reach_the_clinic_each_with_its_button(client, ana):
    html = client.get("/contact/").content.decode()
    reach = html[html.index('<div class="reach">') : html.index('<section class="place"')]

    assert re.findall(
        r'<h2>(.*?)</h2>.*?<a class="button[^"]*" href="(.*?)">', reach, re.DOTALL
    ) == [
        ("Call us", "tel:+12125550143"),
        ("Book online", "/book/"),
        ("Write to us", "/contact/question/"),
    ]


WAYS = {
    "by_car": "Turn left at the park.",
    "parking": "Free parking behind.",
    "by_bus": "Bus 4.",
    "on_foot": "Five minutes.",
    "access": "No steps.",
}


def ways(client):
    """The text under each heading of a way."""
    html = client.get("/contact/").content.decode()
    sections = re.findall(r"<section>\s*<h3>(.*?)</h3>(.*?)</section>", html, re.DOTALL)
    return {name: " ".join(re.sub("<[^>]+>", " ", words).split()) for name, words in sections}


def test_contact_tells_the_ways_to_a_place_that_the_clinic_has_entered(client, ana):
    assert ways(client) == {}
    Location.objects.update(**WAYS)

    assert ways(client) == {
        "By car": "Turn left at the park. Free parking behind.",
        "By bus or train": "Bus 4.",
        "On foot": "Five minutes.",
        "Step-free access": "No steps.",
    }


@pytest.mark.parametrize(
    ("map_url", "leads_to"),
    [
        (
            "",
            "https://www.google.com/maps/dir/?api=1&amp;destination="
            "12+Willow+Street%2C+Springfield%2C+NY+10001",
        ),
        ("https://maps.example/willow", "https://maps.example/willow"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/contact/"])
def test_a_tap_shows_the_way(client, ana, path, map_url, leads_to):
    Location.objects.update(map_url=map_url)

    html = client.get(path).content.decode()

    assert re.findall(r'href="(https://[^"]*)"', html) == [leads_to]


ENTRANCE = r'class="look">.*?(?:aria-label|alt)="(.*?)"'


@pytest.mark.parametrize("path", ["/", "/contact/"])
@pytest.mark.parametrize(
    ("demo", "without"), [(True, ["Drawing: a clinic’s door under an arch."]), (False, [])]
)
def test_only_the_demo_draws_an_entrance_that_nobody_has_pictured(
    client, ana, settings, path, demo, without
):
    settings.DEMO = demo
    found = [client.get(path).content.decode()]
    make_picture(LocationPicture, location=Location.objects.get(), alt="Our green door")
    found.append(client.get(path).content.decode())

    assert [re.findall(ENTRANCE, html, re.S) for html in found] == [without, ["Our green door"]]
    assert ["level with" in html for html in found] == [False, False]
