"""The home page: public, the same for everyone, at a fixed price."""

import re
from datetime import date

import pytest
import time_machine

from conditions.models import Condition, HomePicture
from conditions.models import Testimonial as Story
from tests.builders import NOW, make_location, make_therapist, make_visit_type
from tests.conditions.builders import make_area, make_emergency_line, make_picture
from tests.reading import tight

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    """Shipped content shows in the demo alone."""
    settings.DEMO = True


def make_condition(slug, state="example", areas=()):
    condition = Condition.objects.create(
        slug=slug, title=slug.title(), summary=f"About {slug}.", state=state
    )
    condition.areas.set(make_area(area) for area in areas)
    return condition


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_database_as_often_however_many_rows(client, django_assert_num_queries, rows):
    make_visit_type()
    for number in range(rows):
        make_story(make_condition(f"pain-{number}", areas=["knee", "hip"]))
        make_therapist(f"ana-{number}")
        make_picture(HomePicture)

    with django_assert_num_queries(20):
        client.get("/")


def make_story(condition, **fields):
    known = {"text": "I walk again.", "shown_name": "Sam", "consent_given_on": date(2026, 9, 14)}
    return Story.objects.create(condition=condition, **{"state": "example"} | known | fields)


def main_of(client):
    html = tight(client.get("/").content.decode())
    return html[html.index("<main") : html.index("</main>")]


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
    knee, whole = make_area("knee"), make_area("whole", is_whole_body=True)
    make_emergency_line(text="only of the knee", areas=[knee])
    make_emergency_line(text="of two parts", areas=[knee, make_area("hip")])
    make_emergency_line(text="you cannot feel an arm", areas=[whole, knee])

    html = client.get("/").content.decode()
    card = re.search(r'<div class="urgency emergency">.*?</div>', html, re.DOTALL)[0]

    assert re.findall(r"<(?:h2 [^>]*|li)>(.*?)</", card) == [
        "Call 911 or go to an emergency room now if you have pain and:",
        "you cannot pass urine",
        "you cannot feel an arm",
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
    make_condition("back-pain", areas=["low-back"])
    make_condition("neck-pain", state="draft", areas=["neck"])

    found = re.findall(r'<a href="(/conditions/[^"]+)">(.*?)</a>', main_of(client))

    assert found == [("/conditions/back-pain/", "Back-Pain")]


def test_home_names_the_therapists_who_work_here_and_the_address(client):
    make_location(street="5 Elm Street")
    make_therapist("ana-ruiz")
    make_therapist("old-hand", active=False)

    html = client.get("/").content.decode()

    assert (
        re.findall(r'<h3><a href="(/team/.*?)">(.*?)</a></h3>', html),
        len(re.findall(r"<br>5 Elm Street\s*<br>", html)),
    ) == ([("/team/ana-ruiz/", "Ana Ruiz")], 1)


@time_machine.travel(NOW, tick=False)
def test_home_says_for_how_long_those_who_work_here_have_treated_people(client):
    make_therapist("ana", treats_since=2010)
    make_therapist("ben", treats_since=None)
    make_therapist("far", treats_since=NOW.year + 2)
    make_therapist("gone", active=False, treats_since=2000)

    assert f"<li>3 licensed therapists, {NOW.year - 2010} years of practice in all</li>" in main_of(
        client
    )


def test_home_stands_without_any_rows(client):
    assert client.get("/").status_code == 200


def test_home_sets_no_cookie(client):
    response = client.get("/")

    assert dict(response.cookies) == {}


def test_home_without_free_times_gives_the_telephone_in_their_place(client):
    html = client.get("/").content.decode()

    assert '<a href="tel:+12125550143">Call (212) 555-0143</a>, and we will find one.' in html


def test_each_part_of_the_body_leads_to_its_conditions_and_has_a_mark(client):
    make_condition("back-pain", areas=["upper-back", "low-back"])
    make_condition("sciatica", areas=["low-back"])
    make_condition("jaw-pain", areas=["jaw"])
    html = main_of(client)

    assert [
        (title, re.findall(r'href="/conditions/(.*?)/"', links))
        for title, links in re.findall(
            r'<li id="area-[\w-]+"><h3>(.*?)</h3><ul>(.*?)</ul></li>', html
        )
    ] == [
        ("Jaw", ["jaw-pain"]),
        ("Low back", ["back-pain", "sciatica"]),
    ]
    assert re.findall(r"<text[^>]*>(\d)</text>", html) == ["2"]


def test_the_signs_of_an_emergency_end_with_the_call(client):
    html = main_of(client)
    box = html[html.index('class="urgency emergency"') :]

    assert 'href="tel:911">Call 911</a>' in box[: box.index("</section>")]


def test_the_next_times_and_the_next_of_each_therapist_stand_with_their_faces(client):
    make_visit_type()
    make_therapist("ana-ruiz", hours="9:00-9:45")
    make_therapist("ben-cole", hours="10:00-10:45")
    with time_machine.travel(NOW, tick=False):
        html = main_of(client)

    card = re.search(r'<ul class="next">(.*?)</ul>', html)[1]
    assert re.findall(r'href="(/book/.*?)"', card) == [
        "/book/ana-ruiz/20261130T1400Z/",
        "/book/ben-cole/20261130T1500Z/",
    ]
    assert re.findall(r'class="monogram"[^>]*>(\w+)', card) == ["AR", "BC"]
    people = re.search(r'<ul class="people">(.*?)</ul>', html)[1]
    assert re.findall(r'href="(/book/.*?)"', people) == [
        "/book/ana-ruiz/20261130T1400Z/",
        "/book/ben-cole/20261130T1500Z/",
    ]


@pytest.mark.parametrize(
    ("slugs", "whom"), [(["ana", "ben"], ["ana", "ben"]), (["ana"], ["ana", "ana"])]
)
@time_machine.travel(NOW, tick=False)
def test_the_next_times_are_with_different_people_where_there_are_several(client, slugs, whom):
    make_visit_type()
    for slug in slugs:
        make_therapist(slug, name=slug.title())

    times = main_of(client).split('<ul class="next">')[1].split("</ul>")[0]

    assert re.findall(r'href="/book/(\w+)/', times) == whom


def test_the_first_picture_of_the_clinic_stands_for_the_drawn_scene(client):
    drawn = "A therapist guides a patient’s raised arm"
    assert drawn in main_of(client)
    make_picture(HomePicture, alt="Our bright room")
    make_picture(HomePicture, alt="Our gym", order=1)

    html = main_of(client)

    hero = re.search(r'<div class="hero-art">(.*?)</div>', html)[1]
    assert (drawn in html, re.findall(r'alt="(Our .*?)"', hero)) == (False, ["Our bright room"])
    assert html.count('alt="Our gym"') == html.count('alt="Our bright room"') == 1


def test_a_story_is_told_while_its_patient_agrees_and_its_page_is_public(client):
    pain, hidden = make_condition("pain"), make_condition("hidden", state="draft")
    make_story(hidden, text="Hidden page")
    make_story(pain, text="Withdrawn", withdrawn_on=date(2026, 10, 1))
    make_story(pain, text="Draft", state="draft")
    assert "<blockquote>" not in main_of(client)
    make_story(pain)

    html = main_of(client)

    assert re.findall(r"<blockquote><p>(.*?)</p>", html) == ["I walk again."]
    assert "Told with consent." in html


def test_home_says_the_hours_as_people_do(client):
    make_therapist(hours="7:30-19:00")

    html = main_of(client).replace("\N{NO-BREAK SPACE}", " ")

    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html) == [
        ("Monday to Friday", "7:30 a.m. – 7 p.m."),
        ("Saturday and Sunday", "closed"),
    ]
