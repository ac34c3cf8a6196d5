"""A printable program: ticked exercises become one sheet, whose address can be kept."""

import re

import pytest
from django.urls import resolve

from conditions.models import Condition, Exercise, ExerciseStep, SafetyLine, State, UrgencyLine
from conditions.models.exercises import TAKEN_SLUGS
from conditions.pages import dose, program
from tests.conditions.builders import make_area, make_condition, make_emergency_line

FORM = "/exercises/program/"
BASE_URL = "http://127.0.0.1:8000"
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
TICK = r'<input type="checkbox" name="exercise" value="([\w-]+)"'
SLUGS = ["bird-dog", "bridge", "cat-cow", *(f"move-{n}" for n in range(program.MOST_EXERCISES))]
LEFT_OUT = "We left out 1 exercise of this address: it is not in our library."


@pytest.fixture
def library(db, demo):
    """More public exercises than fit on a sheet, two of them of a condition."""
    make_emergency_line()
    SafetyLine.objects.create(kind="stop", text="you feel dizzy")
    exercises = Exercise.objects.bulk_create(make_exercise(slug) for slug in SLUGS)
    for text in ["go up", "come down"]:
        ExerciseStep.objects.bulk_create(
            ExerciseStep(exercise=row, text=f"{row.title}: {text}") for row in exercises
        )
    for kind in SafetyLine.Kind.values:
        SafetyLine.objects.bulk_create(
            SafetyLine(exercise=row, kind=kind, text=f"{row.title} is hard") for row in exercises
        )
    make_condition(slug="sciatica", state=State.EXAMPLE).exercises.set(exercises[:2])


def make_exercise(slug):
    return Exercise(
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        summary="Move.",
        area=make_area("low-back" if slug < "bridge" else "upper-back"),
        repetitions_min=5,
        start_position=f"Stand as for {slug}.",
        felt_where="Back",
        picture_text=f"Moving as in {slug}",
        state=State.EXAMPLE,
    )


def at(*slugs):
    return f"{FORM}?{'&'.join(f'exercise={slug}' for slug in slugs)}"


def html_of(client, path):
    response = client.get(path)
    assert (path, response.status_code) == (path, 200)
    return response.content.decode()


def shown(html):
    """Slugs of the exercises on a sheet, in order; empty for the form."""
    return re.findall(r'<section class="exercise" id="([\w-]+)">', html)


def sections(html):
    return re.findall(r'<section class="exercise".*?</section>', html, re.DOTALL)


def ticked(html):
    return re.findall(rf"{TICK}[^>]* checked>", html)


def title(html):
    return re.search(r"<title>(.*?) – ", html)[1]


def errors(html):
    return re.findall(r'<li><a href="#id_exercise_0">(.*?)</a></li>', html)


def test_form_offers_every_public_exercise_and_ticks_none(library, client):
    Exercise.objects.filter(slug="bird-dog").update(state=State.DRAFT)
    html = html_of(client, FORM)

    offered = re.findall(TICK, html)
    assert sorted(offered) == sorted(Exercise.objects.published().values_list("slug", flat=True))
    assert ("bird-dog" in offered, ticked(html), errors(html)) == (False, [], [])


def test_sheet_shows_how_to_do_each_exercise_and_a_week_to_tick(library, client):
    slugs = ["cat-cow", "bridge"]
    html = html_of(client, at(*slugs))

    assert (shown(html), title(html)) == (slugs, "Your exercise program")
    for place, (slug, part) in enumerate(zip(slugs, sections(html), strict=True), start=1):
        exercise = Exercise.objects.get(slug=slug)
        assert f"<h2>{place}. {exercise.title}</h2>" in part
        assert f'<p class="dose">{dose.sentence(dose.Dose.of(exercise))}</p>' in part
        assert f'role="img" aria-label="{exercise.picture_text}"' in part
        assert exercise.start_position in part
        assert re.findall(r"<li>(.*?)</li>", part) == [step.text for step in exercise.steps.all()]
        assert re.findall(r'<th scope="col">(.*?)</th>', part) == DAYS
        assert [line for line in exercise.safety_lines.all() if line.text not in part] == []


@pytest.mark.parametrize(("times", "rows"), [(None, 1), (1, 1), (3, 3), (9, 3)])
def test_each_day_has_a_box_for_each_time_of_the_day(library, client, times, rows):
    Exercise.objects.filter(slug="bridge").update(times_a_day=times)
    (part,) = sections(html_of(client, at("bridge")))

    assert (part.count("<td></td>"), part.count("<tr><td>")) == (7 * rows, rows)


def test_sheet_says_when_to_stop_whom_to_call_and_what_it_is(library, client, settings):
    html = html_of(client, at("bridge"))
    main = html[html.index("<main") : html.index("</main>")]
    lines = [*UrgencyLine.objects.emergency(), *SafetyLine.objects.filter(exercise=None)]

    assert [line.text for line in lines if f"<li>{line.text}</li>" not in main] == []
    assert (settings.CLINIC_NAME in main, settings.CLINIC_PHONE in main) == (True, True)
    assert "This page is educational. It does not diagnose or treat." in main
    assert "licensed professional" in main
    assert re.findall(r"\b20\d\d\b", main) == []


def test_sheet_has_the_code_of_its_own_address(library, client):
    html = html_of(client, at("bridge", "cat-cow"))
    own, other = (program.code(f"{BASE_URL}{at(*slugs)}") for slugs in [("bridge", "cat-cow"), ()])

    assert (html.count(own), html.count(other)) == (1, 0)
    assert re.findall(r"style|http|on\w+=", own) == []


@pytest.mark.parametrize(
    "query",
    [
        "exercise=&exercise=bridge&exercise=cat-cow",
        "exercise=bridge&exercise=cat-cow&exercise=bridge",
        "exercise=bridge&exercise=cat-cow&fbclid=1",
        "exercise=bridge&exercise=cat-cow&for=back-pain",
    ],
)
def test_address_of_a_sheet_holds_its_exercises_and_nothing_else(library, client, query):
    response = client.get(f"{FORM}?{query}")

    assert (response.status_code, response["Location"]) == (302, at("bridge", "cat-cow"))


def test_sheet_keeps_the_order_of_its_address(library, client):
    assert shown(html_of(client, at("cat-cow", "bridge"))) == ["cat-cow", "bridge"]


def test_nothing_ticked_is_an_error(library, client):
    html = html_of(client, f"{FORM}?exercise=")

    assert (title(html), errors(html), shown(html)) == (
        "Error: Make an exercise program",
        ["Tick at least one exercise."],
        [],
    )


def test_more_than_fit_on_two_pages_are_an_error_that_keeps_the_ticks(library, client):
    slugs = SLUGS[: program.MOST_EXERCISES + 1]
    html = html_of(client, at(*slugs))

    assert (sorted(ticked(html)), shown(html)) == (sorted(slugs), [])
    assert errors(html) == ["Tick 8 exercises at most: more do not fit on two pages. You ticked 9."]
    assert shown(html_of(client, at(*slugs[:-1]))) == slugs[:-1]


@pytest.mark.parametrize("missing", ["no-such-move", "bird-dog", "<b>call-1-900</b>"])
def test_exercise_that_is_not_public_is_left_out_and_said(library, client, missing):
    Exercise.objects.filter(slug="bird-dog").update(state=State.DRAFT)
    sheet, form = html_of(client, at("bridge", missing)), html_of(client, at(missing))

    assert (shown(sheet), LEFT_OUT in sheet, "call-1-900" in sheet) == (["bridge"], True, False)
    assert (LEFT_OUT in form, errors(form)) == (True, ["Tick at least one exercise."])
    assert LEFT_OUT not in html_of(client, at("bridge"))


def test_condition_page_leads_to_the_sheet_of_its_public_exercises(library, client):
    Exercise.objects.filter(slug="bird-dog").update(state=State.DRAFT)
    (link,) = re.findall(
        r'href="(/exercises/program/[^"]*)"', html_of(client, "/conditions/sciatica/")
    )
    response = client.get(link)

    assert (response.status_code, response["Location"]) == (302, f"{at('bridge')}&for=sciatica")
    html = html_of(client, response["Location"])
    assert (shown(html), LEFT_OUT in html) == (["bridge"], False)


def test_condition_with_more_exercises_than_fit_ticks_what_fits(library, client):
    condition = Condition.objects.get(slug="sciatica")
    condition.exercises.set(Exercise.objects.all())

    assert len(ticked(html_of(client, f"{FORM}?for=sciatica"))) == program.MOST_EXERCISES


@pytest.mark.parametrize("slug", ["no-such-condition", "", "sciatica"])
def test_condition_that_is_not_public_ticks_nothing(library, client, slug):
    Condition.objects.filter(slug="sciatica").update(state=State.DRAFT)

    assert ticked(html_of(client, f"{FORM}?for={slug}")) == []


def test_exercise_and_list_lead_to_the_sheet_and_the_form(library, client):
    assert f'href="{at("bridge")}"' in html_of(client, "/exercises/bridge/")
    assert f'href="{FORM}"' in html_of(client, "/exercises/")


def test_sheet_leads_back_to_the_form_with_its_ticks(library, client):
    html = html_of(client, at("bridge", "cat-cow"))
    (link,) = re.findall(r'href="(/exercises/program/\?[^"]*)"', html)
    form = html_of(client, link.replace("&amp;", "&"))

    assert (sorted(ticked(form)), errors(form)) == (["bridge", "cat-cow"], [])


def test_search_engines_keep_the_form_alone(library, client):
    form, errand, sheet = (html_of(client, path) for path in [FORM, f"{FORM}?for=x", at("bridge")])

    noindex = '<meta name="robots" content="noindex">'
    assert [noindex in html for html in (form, errand, sheet)] == [False, True, True]
    assert re.findall(r'rel="canonical" href="([^"]+)"', form) == [f"{BASE_URL}{FORM}"]


def test_live_clinic_without_exercises_offers_the_telephone(library, client, settings):
    settings.DEMO = False
    html = html_of(client, FORM)

    assert (re.findall(TICK, html), "Nothing here yet. Please call us" in html) == ([], True)


def test_taken_addresses_are_of_other_pages_than_exercises():
    names = {slug: resolve(f"/exercises/{slug}/").view_name for slug in TAKEN_SLUGS}

    assert names == {"program": "conditions:program"}
