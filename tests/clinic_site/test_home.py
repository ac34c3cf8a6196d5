"""The home page: public, the same for everyone, at a fixed price."""

import re

import pytest

from conditions.models import Condition, HomePicture
from tests.builders import make_location, make_therapist, make_visit_type
from tests.conditions.builders import make_area, make_emergency_line, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Shipped content shows in the demo alone."""
    settings.DEMO = True


def make_condition(slug, state="example"):
    return Condition.objects.create(
        slug=slug, title=slug.title(), summary=f"About {slug}.", state=state
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_database_as_often_however_many_rows(client, django_assert_num_queries, rows):
    make_visit_type()
    for number in range(rows):
        make_condition(f"pain-{number}")
        make_therapist(f"ana-{number}")
        make_picture(HomePicture)

    with django_assert_num_queries(15):
        client.get("/")


def test_home_offers_to_book_and_to_call(client):
    html = client.get("/").content.decode()

    assert (
        re.findall(r"<h1>(.*)</h1>", html),
        '<a class="button" href="/book/">Book an initial consultation</a>' in html,
        '<a class="button second" href="tel:+12125550143">Call (212) 555-0143</a>' in html,
    ) == (["Move with less pain"], True, True)


def test_home_has_the_signs_of_an_emergency_as_the_content_has_them(client):
    make_emergency_line(text="you cannot pass urine")
    make_emergency_line(text="only in neck pain", condition=make_condition("neck-pain"))
    make_emergency_line(text="only of the knee", areas=[make_area("knee")])

    html = client.get("/").content.decode()
    card = re.search(r'<section class="urgency emergency band".*?</section>', html, re.DOTALL)[0]

    assert re.findall(r"<(?:h2 [^>]*|li)>(.*?)</", card) == [
        "Call 911 or go to an emergency room now if you have pain and:",
        "you cannot pass urine",
    ]


def test_home_without_content_still_names_the_emergency_number(client):
    assert '<h2 id="emergency">In an emergency, call 911.</h2>' in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("asked", "path"), [("/?from=mail", "/"), ("/book/?from=2099-12-01", "/book/")]
)
def test_page_has_one_address_however_it_was_reached(client, asked, path):
    make_visit_type()

    html = client.get(asked).content.decode()

    assert re.findall(r'rel="canonical" href="([^"]+)"', html) == [f"http://127.0.0.1:8000{path}"]


def test_home_links_to_published_conditions_alone(client):
    make_condition("back-pain")
    make_condition("neck-pain", state="draft")

    html = client.get("/").content.decode()

    assert re.findall(r'<h3><a href="(/conditions/.*?)">(.*?)</a>', html) == [
        ("/conditions/back-pain/", "Back-Pain")
    ]


def test_home_names_the_therapists_who_work_here_and_the_address(client):
    make_location(street="5 Elm Street")
    make_therapist("ana-ruiz")
    make_therapist("old-hand", active=False)

    html = client.get("/").content.decode()

    assert (
        re.findall(r"<strong>(\w+ \w+)</strong>\s*<br>PT, DPT", html),
        len(re.findall(r"<br>5 Elm Street\s*<br>", html)),
    ) == (["Ana Ruiz"], 1)


def test_home_stands_without_any_rows(client):
    assert client.get("/").status_code == 200


def test_home_sets_no_cookie(client):
    response = client.get("/")

    assert dict(response.cookies) == {}


def test_home_without_free_times_gives_the_telephone_in_their_place(client):
    html = client.get("/").content.decode()

    assert '<a href="tel:+12125550143">Call (212) 555-0143</a>, and we will find one.' in html
