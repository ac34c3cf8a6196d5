"""Every exercise has a picture of its own: small, in the page's colours, said in words."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from conditions import fixtures
from conditions.models import Exercise
from conditions.templatetags.reading import figure

PLACE = Path(settings.BASE_DIR) / "templates" / "conditions" / "figures"
SHIPPED = [
    record.slug
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "exercise"
]


@pytest.mark.parametrize("slug", SHIPPED)
def test_shipped_exercise_has_a_small_picture_without_colours_of_its_own(slug):
    svg = (PLACE / f"{slug}.svg").read_text()

    assert len(svg) <= 6_000
    assert re.findall(r"style=|<style|fill=|stroke=|#[0-9a-f]{3}", svg) == []


def test_picture_says_the_movement_in_words():
    exercise = Exercise(slug="bird-dog", picture_text='One arm & "one leg" stretch out.')
    html = figure(exercise)

    assert html.startswith('<svg viewBox="0 0 480 184" role="img"')
    assert 'aria-label="One arm &amp; &quot;one leg&quot; stretch out."' in html


def test_exercise_without_a_picture_shows_none():
    assert figure(Exercise(slug="new-move", picture_text="Moving")).strip() == ""
