"""Every exercise has a drawing of its own: small, in the page's colours, said in words."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template import Context, Template

from conditions.models import Exercise
from conditions.shipped import fixtures
from tests.clinic_site.look import palette
from tests.svg import SVG

DRAWN = {
    each.attrib["id"]: each
    for each in ElementTree.parse(Path(settings.BASE_DIR) / "static" / "figures.svg").iterfind(
        f"{SVG}defs/{SVG}g"
    )
}
SHIPPED = {
    record.slug: record.fields
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "exercise"
}
FIGURE = Template("{% load reading %}{% figure exercise %}")


def picture(exercise: Exercise) -> str:
    """What a page shows of it, its line breaks aside."""
    return FIGURE.render(Context({"exercise": exercise})).replace("\n", "")


def test_every_shipped_exercise_is_drawn_and_nothing_else_is():
    assert DRAWN.keys() == SHIPPED.keys()


@pytest.mark.parametrize("slug", SHIPPED)
def test_drawing_names_its_start_and_its_end(slug):
    assert [text.text for text in DRAWN[slug].iter(f"{SVG}text")] == ["Start", "End"]


@pytest.mark.parametrize("slug", SHIPPED)
def test_drawing_shows_the_movement_with_an_arrow(slug):
    strokes = [each.get("stroke", "") for each in DRAWN[slug].iter(f"{SVG}path")]

    assert any(stroke.startswith("var(--accent,") for stroke in strokes)


STAY = ["cat-cow", "pelvic-tilt", "prone-press-up", "sit-to-stand", "thoracic-extension"]
ON_THE_FLOOR = 152
PANEL = 244  # how far the end stands to the right of the start


def feet(slug: str) -> list[list[float]]:
    """Points of the strokes that draw its feet, from left to right: those of the start first."""
    drawn = [
        each.attrib["d"]
        for each in DRAWN[slug].iter(f"{SVG}path")
        if each.get("stroke", "").startswith("var(--skin") and each.get("stroke-width") == "9"
    ]
    points = [[float(found) for found in re.findall(r"[\d.]+", path)] for path in drawn]
    return sorted(each for each in points if max(each[1::2]) > ON_THE_FLOOR)


@pytest.mark.parametrize("slug", STAY)
def test_feet_that_stay_on_the_floor_are_drawn_at_the_same_place(slug):
    found = feet(slug)
    start, end = found[: len(found) // 2], found[len(found) // 2 :]

    assert len(start) > 0
    assert end == [[x + PANEL * (at % 2 == 0) for at, x in enumerate(each)] for each in start]


def test_arrows_on_a_shirt_have_the_colour_of_what_stands_on_it():
    """The accent of all other arrows could not be told from the shirt."""
    strokes = [each.get("stroke", "") for each in DRAWN["shoulder-blade-squeeze"]]

    assert strokes.count("var(--on-brand,#fff)") == 2
    assert ("on-brand", "brand") in palette.TEXT_PAIRS


@pytest.mark.parametrize("slug", SHIPPED)
def test_words_of_a_picture_say_its_start_and_its_end(slug):
    said = SHIPPED[slug]["picture_text"]

    assert re.findall(r"\b(Start|End): \w", said) == ["Start", "End"]


@pytest.mark.parametrize("slug", SHIPPED)
def test_drawing_is_small(slug):
    assert len(ElementTree.tostring(DRAWN[slug])) <= 6_000


def test_picture_says_the_movement_in_words():
    exercise = Exercise(slug="bird-dog", picture_text='One arm & "one leg" stretch out.')

    assert picture(exercise) == (
        '<svg class="movement" viewBox="0 0 480 184" role="img"'
        ' aria-label="One arm &amp; &quot;one leg&quot; stretch out.">'
        '<use href="/static/figures.svg#bird-dog"/></svg>'
    )


def test_drawing_that_is_told_beside_it_says_nothing():
    told = Template("{% load reading %}{% figure exercise is_told=True %}")
    html = told.render(Context({"exercise": Exercise(slug="bird-dog", picture_text="Moving")}))

    assert ('aria-hidden="true"' in html, "Moving" in html) == (True, False)


def test_exercise_without_a_picture_shows_none():
    assert picture(Exercise(slug="new-move", picture_text="Moving")) == ""
