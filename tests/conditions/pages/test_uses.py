"""Where a condition uses an exercise in its own way, pages say so, and show no plain card."""

import re
from html import unescape

import pytest

from conditions.models import Article, ConditionExercise, Exercise, State
from conditions.pages import parts, program, structured
from tests.conditions.bodies import body
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_exercise,
)

BASE = "http://127.0.0.1:8000"
FORM = "/exercises/program/"
PLAIN = "Do it 5 times."
OWN = "Hold for 3 breaths, 4 times, 2 times a day. Slide the leg alone."
LATER = "Later, when cleared"
AS_SHOWN = "Conditions that use it as shown here"
CHANGED = "With these conditions, something is different"
NOT_YET = "Do not start with it, with these conditions"
WHEN_CLEARED = "Do not start with it. It comes later, once you have been cleared for it."


@pytest.fixture
def uses(db, demo):
    """Three exercises on the page of "Pain", against the order of the exercises themselves."""
    make_emergency_line()
    condition = make_condition(state=State.EXAMPLE)
    told = {
        "side-plank": {"phase": "cleared", "caution": "With your therapist."},
        "bridge": {},
        "bird-dog": {
            "hold_breaths": 3,
            "repetitions_min": 4,
            "times_a_day": 2,
            "caution": "Slide the leg alone.",
        },
    }
    for order, (slug, own) in enumerate(told.items(), start=1):
        exercise = make_exercise(slug, order=9 - order)
        ConditionExercise.objects.create(condition=condition, exercise=exercise, order=order, **own)
    return condition


def words(html):
    """What is read, on one line; whether the words stand in a chip or beside a link."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def links(html):
    """The headings and the lines of "Read more"."""
    html = html[html.index('id="related"') : html.index('id="written"')]
    return [words(line) for line in re.findall(r"<(?:li|h3)>(.*?)</(?:li|h3)>", html, re.DOTALL)]


def changes(html):
    """What is said of conditions where the exercise is not as shown, above its steps."""
    html = html[html.index('id="stop"') : html.index('id="how"')]
    found = []
    for heading in (NOT_YET, CHANGED):
        said = html[html.index(f"<h3>{heading}</h3>") :] if heading in html else ""
        said = said[: said.find("</ul>")]
        found += [words(line) for line in re.findall(r"<li>(.*?)</li>", said, re.DOTALL)]
    return found


def cards(html):
    """The heading and the dose of each exercise, in the order of the page."""
    found = re.findall(r'<section class="exercise".*?</section>', html, re.DOTALL)
    heading = re.compile(r"<h\d>(.*?)</h\d>", re.DOTALL)
    dose = re.compile(r'<p class="dose">(.*?)</p>', re.DOTALL)
    return [(words(heading.search(one)[1]), words(dose.search(one)[1])) for one in found]


def test_page_shows_its_own_order_dose_and_caution_and_what_is_for_later(uses, client):
    html = body(client, "/conditions/pain/")
    now, later = html.split(f"<h3>{LATER}</h3>")

    assert cards(now) == [("Bridge", PLAIN), ("Bird dog", OWN)]
    assert cards(later) == [("Side plank", f"{PLAIN} With your therapist.")]


def test_page_without_anything_for_later_has_no_heading_for_it(uses, client):
    ConditionExercise.objects.filter(phase="cleared").delete()

    assert LATER not in body(client, "/conditions/pain/")


def test_sheet_of_a_condition_shows_what_its_page_shows(uses, client):
    response = client.get(f"{FORM}?for=pain")
    address = f"{FORM}?exercise=bridge&exercise=bird-dog&exercise=side-plank&for=pain"
    html = body(client, address)

    assert (response.status_code, response["Location"]) == (302, address)
    assert cards(html) == [
        ("1. Bridge", PLAIN),
        ("2. Bird dog", OWN),
        ("3. Side plank", f"{LATER}: {PLAIN} With your therapist."),
    ]
    assert "For: Pain" in words(html)
    assert program.code(f"{BASE}{address}") in html


def test_sheet_has_a_box_for_each_time_of_the_own_dose(uses):
    moves = [parts.move(use.exercise, use) for use in uses.uses.all()]

    assert [len(move.rounds) for move in moves] == [1, 1, 2]


def test_exercises_ticked_by_hand_show_the_plain_dose(uses, client):
    html = body(client, f"{FORM}?exercise=bird-dog&exercise=side-plank")

    assert cards(html) == [("1. Bird dog", PLAIN), ("2. Side plank", PLAIN)]
    assert "For:" not in words(html)


def test_exercise_that_the_condition_does_not_use_keeps_its_own_dose(uses, client):
    make_exercise("cat-cow", order=1)
    html = body(client, f"{FORM}?exercise=cat-cow&exercise=bird-dog&for=pain")

    assert cards(html) == [("1. Cat cow", PLAIN), ("2. Bird dog", OWN)]


@pytest.mark.parametrize("address", ["exercise=bridge&for=nothing", "for=pain&exercise=bridge"])
def test_address_keeps_a_condition_that_is_public_and_at_its_end(uses, client, address):
    response = client.get(f"{FORM}?{address}")

    kept = "&for=pain" if "pain" in address else ""
    assert response["Location"] == f"{FORM}?exercise=bridge{kept}"


def test_choice_of_exercises_is_changed_without_losing_the_condition(uses, client):
    sheet = body(client, f"{FORM}?for=pain")
    (link,) = re.findall(r'href="(/exercises/program/\?[^"]*change=1)"', sheet)
    html = body(client, unescape(link))

    assert '<input type="hidden" name="for" value="pain">' in html
    assert {OWN, PLAIN, f"{LATER}: {PLAIN} With your therapist."} == {
        words(dose) for dose in re.findall(r'<p class="quiet">(.*?)</p>', html, re.DOTALL)
    }


def test_sheet_is_an_example_while_its_condition_is(uses, client):
    """The doses on it are the condition's: a signed exercise alone does not make them signed."""
    exercise = Exercise.objects.get(slug="bridge")
    exercise.state = State.APPROVED
    used = list(uses.uses.filter(exercise=exercise))

    assert parts.of_program([exercise], 0)["page"] is None
    assert parts.of_program([exercise], 0, used)["page"] == uses


def test_exercise_page_says_which_conditions_use_it_in_another_way(uses, client):
    other = make_condition(slug="other", title="Other", order=1, state=State.EXAMPLE)
    draft = make_condition(slug="draft", title="Draft", state=State.DRAFT)
    for condition in (other, draft):
        condition.exercises.add(Exercise.objects.get(slug="bird-dog"))
    html = body(client, "/exercises/bird-dog/")

    assert (links(html), changes(html)) == ([AS_SHOWN, "Other"], [f"Pain {OWN}"])
    assert f'<p class="dose">{PLAIN}</p>' in html
    plank = body(client, "/exercises/side-plank/")
    assert changes(plank) == [f"Pain {WHEN_CLEARED} With your therapist."]
    bridge = body(client, "/exercises/bridge/")
    assert (links(bridge), changes(bridge)) == ([AS_SHOWN, "Pain"], [])


def test_exercise_page_says_plainly_that_a_condition_uses_it_later(uses, client):
    ConditionExercise.objects.update(phase="later", caution="")

    assert changes(body(client, "/exercises/side-plank/")) == [
        "Pain Do not start with it. It comes later."
    ]


def test_exercise_page_tells_conditions_articles_and_exercises_apart(uses, client):
    bridge = Exercise.objects.get(slug="bridge")
    bridge.related.add(Exercise.objects.get(slug="bird-dog"))
    essay = Article.objects.create(slug="essay", title="Essay", summary="S.", state=State.EXAMPLE)
    essay.exercises.add(bridge)

    assert links(body(client, "/exercises/bridge/")) == [
        *(AS_SHOWN, "Pain", "Articles", "Essay", "Other exercises", "Bird dog")
    ]


def test_machines_are_told_of_no_plan_that_a_condition_changes(uses):
    told = structured.of_condition(type(uses).objects.with_parts().get())

    assert [node["@type"] for node in told["@graph"]] == [
        "MedicalWebPage",
        "MedicalCondition",
        "BreadcrumbList",
    ]
    assert "hasPart" not in told["@graph"][0]


def test_rest_between_sets_is_told_to_machines(db):
    exercise = make_exercise("squat", order=1)
    exercise.sets, exercise.rest_seconds = 2, 60

    assert structured.exercise_plan(exercise)["restPeriods"] == {
        "@type": "QuantitativeValue",
        "value": 60,
        "unitCode": "SEC",
    }


def test_sheet_of_a_condition_warns_as_its_page_does(uses, client):
    neck = make_area("head-neck", lead="neck pain")
    uses.areas.set([neck])
    make_emergency_line(text="a hand is numb", condition=uses)
    make_emergency_line(text="a leg is weak", areas=[make_area()])
    html = client.get(f"{FORM}?for={uses.slug}", follow=True).content.decode()

    assert "if you have neck pain and:" in html
    assert ("a hand is numb" in html, "a leg is weak" in html) == (True, False)


def test_sheet_for_no_condition_names_those_with_which_it_is_different(uses, client):
    sheet = f"{FORM}?exercise=bird-dog"
    said = "Some of this is different, or comes later, with:"

    html = {
        path: words(client.get(path).content.decode())
        for path in (sheet, f"{FORM}?exercise=bridge", f"{sheet}&for=pain")
    }

    assert [said in text for text in html.values()] == [True, False, False]
    assert f"{said} Pain. If you have one of these" in html[sheet]
