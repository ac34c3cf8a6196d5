"""The list of exercises: by how one begins, of all or of one condition, without a script."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from clinic_site.middleware.page_cache import SHELF
from conditions.models import Condition, ConditionExercise, Exercise, SafetyLine, State
from conditions.shipped import fixtures
from tests.conditions.bodies import body
from tests.conditions.builders import make_area, make_condition, make_exercise

LIST = "/exercises/"
SCIATICA = f"{LIST}?for=sciatica"
PHASES = {"nod": "now", "lift": "later", "turn": "cleared", "reach": "now"}
reading = import_module("conditions.migrations.0077_positions_as_they_read")


@pytest.fixture
def library(db, demo):
    """Four exercises of two areas that begin in three ways, against the order of these; sciatica
    uses them, and back pain one.
    """
    back, neck = make_area("back", title="Back", order=1), make_area("neck", title="Neck", order=2)
    begins = {"reach": "either", "turn": "lying", "lift": "lying", "nod": ""}
    for order, (slug, position) in enumerate(begins.items()):
        area = neck if slug == "nod" else back
        make_exercise(slug, position=position, area=area, order=order, equipment="A mat")
    names = {"sciatica": "Sciatica", "back-pain": "Back pain", "stiffness": "Stiffness"}
    for order, (slug, title) in enumerate(names.items()):
        state = {"state": State.EXAMPLE, "name_in_text": title.lower()}
        make_condition(slug=slug, title=title, order=order, areas=[back], **state)
    for order, (slug, phase) in enumerate(PHASES.items()):
        use("sciatica", slug, order=order, phase=phase)
    use("back-pain", "reach")


def use(condition, exercise, **own):
    found: dict = {"condition": Condition.objects.get(slug=condition)}
    found["exercise"] = Exercise.objects.get(slug=exercise)
    return ConditionExercise.objects.create(**found | own)


def headings(html):
    """Each heading over cards and on them, with its level."""
    listed = html[html.index('class="part"') : html.index('class="below"')]
    found = re.findall(r"<h([2-4])>(?:<a [^>]*>)?([^<]+)", listed)
    return [(int(level), words) for level, words in found]


def said(html):
    """The line that tells how many there are, and where its links lead."""
    line = re.search(r'<p class="found">(.*?)</p>', html, re.DOTALL)[1]
    words = " ".join(re.sub(r"<[^>]+>", " ", line).split())
    return words, re.findall(r'href="([^"]+)"', line)


def test_exercises_stand_under_how_they_begin_within_their_part_of_the_body(library, client):
    assert headings(body(client, LIST)) == [
        *[(2, "Back"), (3, "Lying down"), (4, "Turn"), (4, "Lift")],
        *[(3, "Sitting or standing"), (4, "Reach"), (2, "Neck"), (3, "Nod")],
    ]


def test_one_that_says_no_position_comes_last(library, client):
    Exercise.objects.filter(slug="turn").update(position="")
    found = [words for level, words in headings(body(client, LIST))]

    assert found[found.index("Back") : found.index("Neck")] == [
        *("Back", "Lying down", "Lift", "Sitting or standing", "Reach", "More exercises", "Turn")
    ]


def test_a_condition_is_chosen_among_those_that_use_exercises(library, client):
    html = body(client, LIST)

    assert re.findall(r'<option value="([^"]*)"( selected)?>', html) == [
        *[("", ""), ("sciatica", ""), ("back-pain", "")]
    ]
    assert said(html) == ("4 exercises Make a program to print", ["/exercises/program/"])


def test_chosen_it_is_marked_counted_and_taken_off(library, client):
    html = body(client, f"{LIST}?for=back-pain")

    assert re.findall(r'<option value="([^"]*)" selected>', html) == ["back-pain"]
    assert said(html) == (
        "1 exercise for back pain Show all 4 Print these Read about it",
        [LIST, "/exercises/program/?for=back-pain", "/conditions/back-pain/"],
    )
    assert [words for level, words in headings(html) if level == 4] == ["Reach"]
    assert "<title>Exercises: Back pain" in client.get(f"{LIST}?for=back-pain").content.decode()


def test_what_a_condition_has_for_later_stands_apart_and_last(library, client):
    assert [words for level, words in headings(body(client, SCIATICA))] == [
        *("Back", "Sitting or standing", "Reach", "Neck", "Nod"),
        *("Later", "Lying down", "Lift", "Later, when cleared", "Lying down", "Turn"),
    ]


def test_cards_say_how_much_the_condition_asks(library, client):
    ConditionExercise.objects.filter(condition__slug="back-pain").update(
        repetitions_min=2, caution="Slide the leg alone."
    )
    cards = [body(client, path) for path in (LIST, SCIATICA, f"{LIST}?for=back-pain")]

    doses = [re.findall(r'<p class="dose">\s*(.*?)\s*</p>', html, re.DOTALL) for html in cards]
    assert doses[0] == ["Do it 5 times."] * 4
    assert [" ".join(dose.split()) for dose in doses[1]] == [
        *["Do it 5 times."] * 2,
        "Later: Do it 5 times.",
        "Later, when cleared: Do it 5 times.",
    ]
    assert doses[2] == ["Do it 2 times. Slide the leg alone."]


@pytest.mark.parametrize("asked", ["stiffness", "no-such", "x" * 500, "'"])
def test_an_address_that_names_no_user_of_exercises_says_so_and_shows_all(library, client, asked):
    html = body(client, f"{LIST}?for={asked}")

    assert "We have no exercises for what this address names." in html
    assert said(html)[0] == "4 exercises Make a program to print"


def test_an_empty_choice_is_the_list_itself(library, client):
    assert body(client, f"{LIST}?for=") == body(client, LIST)


def test_when_to_stop_stands_whole_before_the_first_card_whatever_is_chosen(library, client):
    SafetyLine.objects.create(kind="stop", text="you have chest pain (call 911)")
    SafetyLine.objects.create(kind="ask", text="you are pregnant")

    for path in (LIST, SCIATICA):
        html = body(client, path)
        before = html[: html.index('class="cards"')]
        assert ("(call 911)" in before, "you are pregnant" in before, "<details" in before) == (
            *(True, True),
            False,
        )


def test_only_the_list_itself_is_kept(library, client, settings):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    for path in (SCIATICA, LIST, f"{LIST}?for=no-such", f"{LIST}?x=1"):
        client.get(path)

    assert list(SHELF.pages) == [LIST]
    assert said(body(client, SCIATICA))[0].startswith("4 exercises for sciatica Show all 4")
    SHELF.clear()


def test_an_upgrade_reads_positions_from_the_words_of_start_positions(library):
    """Those that say another already, and those that begin in other words, stay as they are."""
    starts = {"turn": "Sit tall.", "nod": "Lie down.", "reach": "Hang loose."}
    for slug, words in starts.items():
        Exercise.objects.filter(slug=slug).update(start_position=words)
    Exercise.objects.filter(slug="reach").update(position="")
    reading.read(apps, connection.schema_editor())

    found = dict(Exercise.objects.values_list("slug", "position"))
    assert found == {"turn": "lying", "lift": "lying", "nod": "lying", "reach": ""}


def test_what_ships_says_the_position_that_its_start_position_says():
    rows = [
        record.fields for record in fixtures.read(*fixtures.folders()) if record.name == "exercise"
    ]
    told = {row["slug"]: (row["position"], row["start_position"]) for row in rows}

    assert len(told) == 16
    assert {slug: each for slug, each in told.items() if as_read(each[1]) != each[0]} == {}


def as_read(start_position):
    """As the upgrade reads it."""
    return next(place for words, place in reading.BEGINS if start_position.startswith(words))
