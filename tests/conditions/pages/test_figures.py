"""Every exercise has a drawing of its own: small, in the page's colours, said in words."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template import Context, Template

from conditions.models import Exercise
from conditions.shipped import fixtures
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


def test_exercise_without_a_picture_shows_none():
    assert picture(Exercise(slug="new-move", picture_text="Moving")) == ""
