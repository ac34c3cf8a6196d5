"""Exercises stand under their part of the body, with its warnings and no other's."""

import re

import pytest

from conditions.models import Article
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_exercise,
)
from tests.reading import texts

AREAS = {"head-neck": "Head and neck", "low-back": "Low back", "upper-back": "Upper back"}
LEADS = {"head-neck": "neck pain", "low-back": "back pain", "upper-back": "back pain"}


@pytest.fixture
def library(db, demo):
    """An exercise for each of three areas, a condition of all, and a sign of each."""
    areas = [
        make_area(slug, title=title, order=place, lead=LEADS[slug])
        for place, (slug, title) in enumerate(AREAS.items())
    ]
    moves = [make_exercise(f"{area.slug}-move", area=area) for area in reversed(areas)]
    make_condition(slug="ache", state="example", areas=areas).exercises.set(moves)
    make_emergency_line(text="of every page")
    for area in areas:
        make_emergency_line(text=f"of {area.title}", areas=[area], order=1)


def warnings(response):
    """The signs of the emergency card, with the words over them."""
    html = response.content.decode()
    card = html[html.index('class="urgency emergency"') :].partition("</section>")[0]
    return re.findall(r"now if you have (.*) and:", card), re.findall("<li>(.*?)</li>", card)


@pytest.mark.parametrize(
    ("path", "tag"),
    [("/exercises/", "h2"), ("/exercises/program/", "legend")],
)
def test_lists_name_the_area_of_each_exercise(library, client, path, tag):
    headings = texts(client.get(path), tag)

    assert [text for text in headings if text in AREAS.values()] == list(AREAS.values())


@pytest.mark.parametrize("path", ["/exercises/", "/exercises/program/"])
def test_a_neck_exercise_stands_under_its_neck(library, client, path):
    html = client.get(path).content.decode()
    neck, low = html.index(">Head and neck</"), html.index(">Low back</")

    assert neck < html.index(">Head neck move</") < low < html.index(">Low back move</")


@pytest.mark.parametrize("slug", AREAS)
def test_an_exercise_warns_of_every_page_and_of_its_area(library, client, slug):
    signs = ["of every page", f"of {AREAS[slug]}"]

    assert warnings(client.get(f"/exercises/{slug}-move/")) == ([LEADS[slug]], signs)


@pytest.mark.parametrize(
    ("slugs", "lead"),
    [
        (["low-back", "upper-back"], "back pain"),
        (["low-back", "head-neck"], "pain"),
        (["head-neck"], "neck pain"),
    ],
)
def test_a_sheet_warns_of_the_areas_of_its_exercises(library, client, slugs, lead):
    asked = "&".join(f"exercise={slug}-move" for slug in slugs)
    found, signs = warnings(client.get(f"/exercises/program/?{asked}"))

    assert (found, signs[0]) == ([lead], "of every page")
    assert set(signs[1:]) == {f"of {AREAS[slug]}" for slug in slugs}


def test_a_section_of_an_article_is_followed_by_the_exercises_of_its_area(library, client):
    article = Article.objects.create(slug="essay", title="Essay", summary="A.", state="example")
    exercises = [make_exercise(f"more-{slug}", area=make_area(slug)) for slug in AREAS]
    article.exercises.set(exercises)
    for slug in ["upper-back", "head-neck"]:
        article.sections.create(heading=slug, followed_by="exercises", area=make_area(slug))
    response = client.get("/articles/essay/")
    html = response.content.decode()

    assert [text for text in texts(response, "h3") if text.startswith("More")] == [
        "More upper back",
        "More head neck",
    ]
    safety = html.index('<div class="safety">')
    assert html.count('<div class="safety">') == 1
    assert html.index(">upper-back</h2>") < safety < html.index(">More upper back</a>")


@pytest.mark.parametrize(
    ("labels", "shown"),
    [(["Back pain", "Back pain", ""], []), (["Back pain", "Knees"], ["Back pain", "Knees"])],
)
def test_a_list_of_articles_says_what_each_is_about_only_where_that_differs(
    db, demo, client, labels, shown
):
    for number, label in enumerate(labels):
        essay = {"title": f"Essay {number}", "summary": "A.", "state": "example"}
        Article.objects.create(slug=f"essay-{number}", label=label, **essay)
    html = client.get("/articles/").content.decode()

    assert re.findall('<span class="quiet">(.*?)</span>', html) == shown
