"""What to know of a dose is read on paper too: "start with 5, and build up to 30"."""

import re

import pytest

from conditions.models import Citation, ConditionExercise, State
from conditions.pages import uses
from tests.conditions.bodies import body
from tests.conditions.builders import make_condition, make_emergency_line, make_exercise

BUILD_UP = "Start with 5, and build up to 30 [@mayo]. Rest if you *must*."
PLAIN = "Start with 5, and build up to 30. Rest if you must."
URL = "https://example.org/moves"
SHEET = "/exercises/program/?exercise=bridge&for=pain"


@pytest.fixture
def use(db, demo):
    """One exercise of "Pain", with a note on its dose from a source."""
    make_emergency_line()
    Citation.objects.create(
        slug="mayo", short="Mayo", authors="Mayo.", title="Moves", year=2026, url=URL
    )
    condition = make_condition(state=State.EXAMPLE)
    exercise = make_exercise("bridge", dose_note=BUILD_UP)
    return ConditionExercise.objects.create(condition=condition, exercise=exercise, order=1)


def notes(html):
    return re.findall(r'<p class="note">(.*?)</p>', html, re.DOTALL)


@pytest.mark.parametrize("path", [SHEET, SHEET.removesuffix("&for=pain")])
def test_sheet_says_it_in_words_alone(use, client, path):
    assert notes(body(client, path)) == [PLAIN]


def test_a_dose_without_a_note_leaves_no_empty_line(use, client):
    type(use.exercise).objects.update(dose_note="")

    assert notes(body(client, SHEET)) == []


def test_a_dose_of_its_own_does_not_take_the_note_of_the_other(use, client):
    type(use).objects.update(repetitions_min=3)

    assert notes(body(client, SHEET)) == []


def test_what_the_caution_says_is_not_said_twice(use):
    use.caution = "Rest if you must."

    assert (uses.note(use), uses.note(use.exercise)) == ("Start with 5, and build up to 30.", PLAIN)
