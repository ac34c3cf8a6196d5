"""An exercise is seen first, then what warns, then how it is done; each thing said once."""

import re

import pytest

from conditions.models import Exercise, ExerciseStep, SafetyLine
from tests.builders import make_therapist, make_visit_type
from tests.conditions.bodies import body
from tests.conditions.builders import make_emergency_line, make_exercise

FIGURE = "/static/figures.svg#bird-dog"


@pytest.fixture
def bird_dog(db, demo):
    """A drawn exercise with all that its page can show."""
    make_visit_type()
    make_therapist(hours="0:00-12:00 12:00-23:45")
    make_emergency_line(text="it is bad")
    exercise = make_exercise("bird-dog")
    words = {"picture_text": "It moves.", "easier": "Less.", "harder": "More."}
    Exercise.objects.update(summary="Stretch.", **words)
    SafetyLine.objects.create(kind="stop", text="it hurts")
    SafetyLine.objects.create(kind="ask", text="you are unsure")
    ExerciseStep.objects.create(exercise=exercise, text="Slide your leg.")
    return exercise


def test_it_is_drawn_before_what_warns_which_stands_before_the_steps(bird_dog, client):
    html = body(client, "/exercises/bird-dog/")
    marks = ["Stretch.", FIGURE, "it is bad", 'id="short"', 'class="contents"', 'id="stop"']
    marks += ["you are unsure", 'id="how"', "Slide your leg.", 'id="level"', '"times"']

    assert sorted(marks, key=html.index) == marks


READ_SO = "Move from Start (left) to End (right), as the arrows show."


def test_its_drawing_stands_above_the_steps_again_and_its_words_once(bird_dog, client):
    Exercise.objects.update(slug="bridge")
    html = body(client, "/exercises/bridge/")
    figure = FIGURE.replace("bird-dog", "bridge")
    steps = html[html.index('id="how"') :]

    found = (html.count(figure), steps.count(figure), html.count("It moves."), html.count(READ_SO))
    assert found == (2, 1, 1, 1)


def test_the_whole_way_stands_above_the_steps_where_it_is_drawn(bird_dog, client):
    """Four panels, each cut out of its drawing: start, what comes between, end."""
    html = body(client, "/exercises/bird-dog/")
    steps = html[html.index('id="how"') : html.index("Slide your leg.")]
    between = "/static/drawings/on-the-way.svg#bird-dog"

    assert re.findall(r'viewBox="(\d+) 0 236 184"><use href="([^"]+)"', steps) == [
        *[("0", FIGURE), ("0", between), ("244", between), ("244", FIGURE)]
    ]
    assert (READ_SO in html, "Slide one leg back, then lift it." in steps) == (False, True)


def test_how_much_stands_over_the_steps_and_the_sheet_to_tick_below_them(bird_dog, client):
    html = body(client, "/exercises/bird-dog/")
    marks = ['id="how"', "Do it 5 times.", "Start:", "Slide your leg.", "Keep count on paper:"]
    marks += ["/exercises/program/?exercise=bird-dog", 'id="level"']
    html = html[html.index('id="how"') :]

    assert sorted(marks, key=html.index) == marks


def test_who_stops_is_told_whom_to_call(bird_dog, client):
    html = body(client, "/exercises/bird-dog/")
    told = html[html.index('id="stop"') : html.index("it hurts")]
    words = "Does one fit? Call 911. Does none fit? Call us before you go on."

    assert (html.count('id="emergency"'), words in " ".join(told.split())) == (1, True)
    assert '<a href="#emergency">signs that call for 911</a>' in told


def test_it_says_to_ask_how_often_where_no_source_does(bird_dog, client):
    said = "Ask us: no source that we use says on how many days."
    html = body(client, "/exercises/bird-dog/")
    Exercise.objects.update(days_a_week=3)

    assert (said in html, said in body(client, "/exercises/bird-dog/")) == (True, False)


def test_right_and_wrong_easier_and_harder_are_drawn_and_said(bird_dog, client):
    html = body(client, "/exercises/bird-dog/")

    assert [
        f'href="/static/drawings/{name}.svg#bird-dog"' in html
        for name in ("well-done", "easier", "harder")
    ] == [True] * 3
    assert [words in html for words in ("Right: the back", "Easier: both", "Harder: the")] == [
        True
    ] * 3


def test_an_exercise_that_is_not_drawn_says_its_words_alone(db, demo, client):
    make_exercise("new-move")
    html = body(client, "/exercises/new-move/")

    assert ("<svg" in html, "Moving" in html, READ_SO in html) == (False, True, False)


def test_contents_lead_only_to_what_is_there(bird_dog, client):
    make_exercise("new-move", order=2)
    found = [
        'href="#level"' in body(client, f"/exercises/{slug}/") for slug in ("bird-dog", "new-move")
    ]

    assert found == [True, False]
