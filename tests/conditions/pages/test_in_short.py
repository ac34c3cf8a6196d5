"""A condition page opens in short: what matters first is in sight, what is long is folded."""

import re

import pytest

from conditions.models import Cause, Citation, ExerciseStep, SafetyLine, State
from tests.builders import make_therapist, make_visit_type
from tests.conditions.builders import (
    make_condition,
    make_emergency_line,
    make_exercise,
    make_treatment,
    put_on,
)
from tests.reading import texts

SHORT = {
    "what_it_is": "It aches.",
    "feels_in_short": "It is dull.",
    "what_helps": "Heat. [@study]",
    "gets_better": "In weeks.",
    "do_today": "Walk.",
}
FOLDED = re.compile(r"<details\b.*?</details>", re.DOTALL)


@pytest.fixture
def pain(db, demo):
    """A condition with every part that may be folded, and every line that may not."""
    Citation.objects.create(slug="study", short="S", authors="A", title="A trial", year=2020)
    condition = make_condition(
        slug="pain",
        title="Pain",
        state=State.EXAMPLE,
        about="A long story.",
        evidence_text="Many were studied. [@study]",
        therapy="We plan.",
        **SHORT,
    )
    for level in ("emergency", "urgent", "routine"):
        make_emergency_line(level=level, text=f"{level} sign")
    for kind in ("stop", "ask"):
        SafetyLine.objects.create(kind=kind, text=f"{kind} line")
    bridge = make_exercise("bridge")
    SafetyLine.objects.create(exercise=bridge, kind="stop", text="your own line")
    ExerciseStep.objects.create(exercise=bridge, text="Lift your hips.")
    condition.exercises.add(bridge)
    condition.uses.update(caution="Slide the leg.")
    for group in Cause.Group.values:
        Cause.objects.create(condition=condition, group=group, title=f"{group} cause")
    put_on(condition, make_treatment(acute="helps"), "It helps.", pain=["acute"])
    put_on(condition, make_treatment("Tablets"), "", pain=["acute"])
    return condition


def main_of(client, path="/conditions/pain/"):
    html = client.get(path).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def test_the_card_says_what_it_is_and_feels_like_what_helps_how_long_and_what_to_do(pain, client):
    response = client.get("/conditions/pain/")

    assert texts(response, "dt") == [
        "What it is",
        "What it feels like",
        "What helps",
        "When it gets better",
        "What to do today",
    ]
    assert texts(response, "dd") == ["It aches.", "It is dull.", "Heat.1", "In weeks.", "Walk."]


@pytest.mark.parametrize("name", SHORT)
def test_a_row_without_words_is_left_out_of_the_card(pain, client, name):
    type(pain).objects.update(**dict.fromkeys(SHORT, "") | {name: "Words."})

    assert texts(client.get("/conditions/pain/"), "dd") == ["Words."]
    assert len(texts(client.get("/conditions/pain/"), "dt")) == 1


def test_without_any_words_there_is_no_card(pain, client):
    type(pain).objects.update(**dict.fromkeys(SHORT, ""))

    assert texts(client.get("/conditions/pain/"), "short") == []


def test_emergency_comes_before_the_card_and_two_times_after_it(pain, client):
    make_visit_type()
    make_therapist(hours="0:00-12:00 12:00-23:45")
    html = main_of(client)
    places = [html.index(mark) for mark in ("emergency sign", 'id="short"', '"times"')]

    assert places == sorted(places)
    assert html.count('<li><a href="/book/') == 2
    assert html.index('"times"') < html.index('id="help"')


def test_two_links_below_the_lead_go_to_what_to_do_and_to_the_exercises(pain, client):
    type(pain).objects.update(do_now="Walk.")
    html = main_of(client)
    pain.uses.all().delete()
    without = main_of(client)
    links = [f'class="button second" href="#{name}"' for name in ("now", "exercises")]
    places = [html.index(mark) for mark in ('class="lead"', *links, "emergency sign")]

    assert places == sorted(places)
    assert [without.count(link) for link in links] == [1, 0]


def test_nothing_that_warns_is_folded_away(pain, client):
    seen = FOLDED.sub("", main_of(client))
    lines = ["emergency sign", "urgent sign", "routine sign", "stop line", "ask line"]

    assert [line for line in [*lines, "your own line", "Slide the leg."] if line not in seen] == []


def test_what_is_long_is_folded_and_nothing_else(pain, client):
    html = main_of(client)
    seen = FOLDED.sub("", html)
    folded = ["A long story.", "We plan.", "Many were studied.", "specific cause", "linked cause"]
    folded += ["A trial", "Who says so:", "Lift your hips."]

    assert [words for words in folded if words not in html or words in seen] == []
    assert [words for words in ("common cause", "It aches.") if words not in seen] == []


def test_a_treatment_shows_its_verdict_folded_and_its_text_where_it_has_none(pain, client):
    html = main_of(client)
    summaries = re.findall(r"<summary><h3>(\w+)</h3> <strong>([^<]*)</strong>", html)

    assert summaries == [("Heat", "It helps."), ("Tablets", "")]
    assert re.findall(r"<details( open)?><summary><h3>(?:Heat|Tablets)", html) == ["", " open"]
