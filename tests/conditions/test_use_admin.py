"""An editor gives a condition its exercises on the condition's own form."""

from http import HTTPStatus

import pytest
from auditlog.models import LogEntry

from conditions.models import ConditionExercise, State
from conditions.review import approval, confirming
from tests.conditions import people
from tests.conditions.builders import make_condition, make_emergency_line, make_exercise, sign
from tests.typed import fields_of

NEW = {"phase": "later", "order": "2", "caution": "With your therapist.", "hold_breaths": "3"}


@pytest.fixture
def condition(db):
    make_emergency_line()
    found = make_condition()
    found.exercises.add(make_exercise("bridge"))
    make_exercise("bird-dog")
    return found


@pytest.fixture
def client(condition):
    return people.editor()


def page(condition):
    return f"/admin/conditions/condition/{condition.pk}/change/"


def opened(client, condition):
    return fields_of(client.get(page(condition)), "condition_form")


def row(number, **typed):
    return {f"uses-{number}-{name}": value for name, value in typed.items()}


def test_editor_adds_an_exercise_with_its_own_dose_on_the_condition_page(client, condition):
    (exercise,) = [e.pk for e in type(condition.exercises.get()).objects.filter(slug="bird-dog")]
    typed = opened(client, condition) | row(1, exercise=exercise, **NEW)
    typed |= {"uses-TOTAL_FORMS": "2"}
    response = client.post(page(condition), typed)

    use = ConditionExercise.objects.get(exercise=exercise)
    told = (use.phase, use.order, use.caution, use.hold_breaths, use.has_dose)
    assert response.status_code == HTTPStatus.FOUND
    assert told == ("later", 2, "With your therapist.", 3, True)
    kept = LogEntry.objects.get_for_object(use).get()
    assert (kept.actor.username, kept.changes["caution"][1]) == ("ed", "With your therapist.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sets": "3"}, "A dose of its own gives repetitions, a duration or a hold."),
        (
            {"hold_seconds": "5", "hold_breaths": "3"},
            "Give a hold in seconds or in breaths, not in both.",
        ),
        (
            {"repetitions_min": "5", "rest_seconds": "60"},
            "A rest is between sets: give two sets or more.",
        ),
    ],
)
def test_dose_that_cannot_be_is_said_on_the_form(client, condition, typed, said):
    response = client.post(page(condition), opened(client, condition) | row(0, **typed))

    assert (response.status_code, said in response.content.decode()) == (HTTPStatus.OK, True)
    assert not ConditionExercise.objects.get().has_dose


def test_second_to_save_a_caution_wipes_nothing(client, condition):
    ours, theirs = opened(client, condition), opened(client, condition)
    client.post(page(condition), ours | row(0, caution="Slowly."))
    response = client.post(page(condition), theirs | row(0, caution="Fast."))

    told = [tuple(change) for change in response.context["meanwhile"]]
    assert (response.status_code, told) == (
        HTTPStatus.CONFLICT,
        [("Bridge: Caution", "Slowly.", "Fast.")],
    )
    assert ConditionExercise.objects.get().caution == "Slowly."


def test_row_that_is_added_comes_last(client, condition):
    ConditionExercise.objects.update(order=7)

    assert opened(client, condition)["uses-__prefix__-order"] == ["8"]


def test_signed_condition_is_a_draft_again_once_a_caution_changes(client, condition):
    sign(condition)
    assert ConditionExercise.objects.get().is_signed_off()
    client.post(page(condition), opened(client, condition) | row(0, caution="Slowly."))
    condition.refresh_from_db()

    assert condition.state == State.DRAFT


def test_version_that_a_reviewer_signs_holds_the_uses(condition):
    before = approval.version(condition)
    ConditionExercise.objects.update(caution="Slowly.")

    assert approval.version(condition) != before


def test_clinician_confirms_a_caution_that_names_no_source(condition):
    ConditionExercise.objects.update(caution="Slide the leg alone.")

    assert "Slide the leg alone." in confirming.to_confirm(condition)
