"""A therapist's page: the facts that the clinic has entered, and what they treat."""

import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from booking.credentials import meanings
from booking.models import Therapist
from tests.builders import make_therapist
from tests.conditions.builders import make_condition
from tests.reading import tight

FACTS = {
    "languages": "English, Spanish",
    "licence": "New York, 012345",
    "school": "Oak College",
    "treats_since": 2012,
    "interests": "Running",
    "own_words": "Small steps count.",
}


@pytest.fixture(autouse=True)
def demo(settings):
    """Shipped content shows in the demo alone."""
    settings.DEMO = True


def main_of(client, path):
    html = tight(client.get(path).content.decode())
    return html[html.index("<main") : html.index("</main>")]


def facts(html):
    return re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)


def test_the_page_says_what_the_clinic_has_entered(client, ana):
    Therapist.objects.update(**FACTS)

    html = main_of(client, "/team/ana-ruiz/")

    assert facts(html) == [
        ("Treats most", "Running"),
        ("Speaks", "English, Spanish"),
        ("Has treated for", "14 years, since 2012"),
        ("Studied at", "Oak College"),
        ("PT", "Licensed physical therapist"),
        ("DPT", "Doctor&#x27;s degree in physical therapy"),
        ("License", "New York, 012345"),
    ]
    assert '<h1>Ana Ruiz</h1><p class="quiet">PT, DPT</p>' in html
    assert '<blockquote class="words"><p>“Small steps count.”</p></blockquote>' in html


@pytest.mark.parametrize(
    ("letters", "told"),
    [("PT,OCS", ["PT", "OCS"]), ("PT, DPT, Made-Up", ["PT", "DPT"]), ("", []), ("pt", [])],
)
def test_letters_that_are_known_are_told_in_words(letters, told):
    assert [each for each, _meaning in meanings(letters)] == told


def test_what_nobody_has_entered_is_left_out(client, ana):
    Therapist.objects.update(credentials="")
    html = main_of(client, "/team/ana-ruiz/")

    assert ("<dl" in html, "blockquote" in html, 'id="treats"' in html) == (False, False, False)


def test_the_page_links_to_the_public_pages_of_what_they_treat(client, ana):
    ana.treats.set(
        [
            make_condition(slug="neck-pain", title="Neck pain", state="example"),
            make_condition(slug="knee-pain", title="Knee pain", state="draft"),
        ]
    )

    html = main_of(client, "/team/ana-ruiz/")

    assert re.findall(r'<a href="(/conditions/.*?)">(.*?)</a>', html) == [
        ("/conditions/neck-pain/", "Neck pain")
    ]


def test_the_team_says_what_each_one_treats_most_and_in_whose_words(client, ana):
    Therapist.objects.update(**FACTS)

    html = main_of(client, "/team/")

    assert ("<strong>Running</strong>" in html, "“Small steps count.”" in html) == (True, True)
    assert '<p class="quiet">PT, DPT<br>A therapist since 2012</p>' in html


def test_words_of_staff_are_escaped(client, ana):
    Therapist.objects.update(own_words="<b>Hi</b>", interests="<i>", school="<u>")

    html = main_of(client, "/team/ana-ruiz/") + main_of(client, "/team/")

    assert re.findall(r"<[biu]>", html) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_are_fixed(client, ana, rows, django_assert_num_queries):
    for number in range(rows):
        ana.treats.add(make_condition(slug=f"pain-{number}", state="example"))

    with django_assert_num_queries(11):
        client.get("/team/ana-ruiz/")


@pytest.mark.parametrize(
    ("since", "years"), [(None, 0), (2026, 0), (2025, 1), (1998, 28), (2027, 0)]
)
def test_years_are_counted_as_people_count_them(ana, since, years):
    ana.treats_since = since

    assert ana.years_by(date(2026, 11, 27)) == years


@pytest.mark.parametrize("year", [0, 12, 1949, 2201])
def test_the_database_keeps_years_alone(db, year):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_therapist("old-hand", hours="", treats_since=year)
