"""Every exercise has a picture of its own: small, in the page's colours, said in words."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from conditions.models import Exercise
from conditions.shipped import fixtures

DRAWN = dict(
    re.findall(
        r'<g id="([\w-]+)"(.*?)</g>',
        (Path(settings.BASE_DIR) / "static" / "figures.svg").read_text(),
        re.DOTALL,
    )
)
SHIPPED = [
    record.slug
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "exercise"
]
INHERITED = {"none", "currentColor", "var(--far)", "var(--torso)"}


FIGURE = Template("{% load reading %}{% figure exercise %}")


def picture(exercise: Exercise) -> str:
    """What a page shows of it, its line breaks aside."""
    return FIGURE.render(Context({"exercise": exercise})).replace("\n", "")


@pytest.mark.parametrize("slug", SHIPPED)
def test_shipped_exercise_has_a_small_picture_without_colours_of_its_own(slug):
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', DRAWN[slug]))

    assert len(DRAWN[slug]) <= 6_000
    assert (colours - INHERITED, re.findall(r"style|class=|#", DRAWN[slug])) == (set(), [])


def test_picture_says_the_movement_in_words():
    exercise = Exercise(slug="bird-dog", picture_text='One arm & "one leg" stretch out.')

    assert picture(exercise) == (
        '<svg class="movement" viewBox="0 0 480 184" role="img"'
        ' aria-label="One arm &amp; &quot;one leg&quot; stretch out.">'
        '<use href="/static/figures.svg#bird-dog"/></svg>'
    )


def test_exercise_without_a_picture_shows_none():
    assert picture(Exercise(slug="new-move", picture_text="Moving")) == ""
