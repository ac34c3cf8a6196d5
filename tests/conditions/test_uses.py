"""A condition's use of an exercise: what a row may be, and how the earlier pairs became rows."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conditions.models import Condition, ConditionExercise, LoadedRow
from conditions.shipped import digests, fixtures, loader
from conditions.shipped.loader import Report
from tests.conditions.builders import make_area, make_condition, make_exercise
from tests.conditions.refusing import kept_by_form_and_database


@pytest.fixture
def pair(db):
    return {"condition": make_condition(), "exercise": make_exercise("move")}


@pytest.mark.parametrize(
    "told",
    [
        {"sets": 3},
        {"per": "side"},
        {"weeks": 6, "times_a_day": 2},
        {"weeks_max": 8},
        {"hold_breaths_max": 5},
        {"repetitions_min": 5, "rest_seconds": 30},
        {"repetitions_min": 0},
        {"phase": "never"},
    ],
)
def test_use_with_half_a_dose_or_an_unknown_phase_is_refused(pair, told):
    assert kept_by_form_and_database(ConditionExercise(**pair | told))


def test_exercise_stands_once_on_a_condition(pair):
    ConditionExercise.objects.create(**pair)

    assert kept_by_form_and_database(ConditionExercise(**pair, order=2))


@pytest.mark.parametrize(
    ("told", "differs"),
    [
        ({}, False),
        ({"order": 3}, False),
        ({"caution": "Slide the leg alone."}, True),
        ({"phase": "later"}, True),
        ({"hold_breaths": 3}, True),
    ],
)
def test_use_says_whether_it_differs_from_the_exercise(pair, told, differs):
    use = ConditionExercise(**pair | told)
    use.full_clean()
    use.save()

    assert ConditionExercise.objects.get().differs == differs


def test_dose_of_its_own_holds_as_a_whole(pair):
    plain = ConditionExercise(**pair)
    own = ConditionExercise(**pair, hold_seconds=5)

    assert (plain.dosed, own.dosed) == (pair["exercise"], own)
    assert own.dosed.repetitions_min is None


# How the pairs became rows

BEFORE = ("conditions", "0020_breaths_and_rest")


def again():
    """As an upgrade finds the pairs: without rows of their own, which it makes.

    All that came later goes too: a table that SQLite makes anew has only the columns of its time.
    """
    MigrationExecutor(connection).migrate([BEFORE])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_upgrade_keeps_each_pair_in_the_order_of_the_page_and_who_may_change_it():
    """Staff may do with uses what they may do with conditions."""
    group = Group.objects.create(name="Scribes")
    may = ["add_condition", "change_condition"]
    group.permissions.set(Permission.objects.filter(codename__in=may))
    make_area(order=2)
    sciatica, pain = make_condition(slug="sciatica"), make_condition()
    upper = make_area("upper-back", order=1)
    shoulder = make_exercise("shoulder-roll", area=upper, order=1)
    bridge = make_exercise("bridge", order=3)
    bug = make_exercise("dead-bug", order=2)
    sciatica.exercises.set([shoulder, bridge, bug])
    pain.exercises.set([shoulder])

    again()

    rows = ConditionExercise.objects.order_by("condition__slug", "order")
    told = rows.values_list("slug", "order", "phase", "caution")
    assert list(told) == [
        ("pain-shoulder-roll", 1, "now", ""),
        ("sciatica-dead-bug", 1, "now", ""),
        ("sciatica-bridge", 2, "now", ""),
        ("sciatica-shoulder-roll", 3, "now", ""),
    ]
    found = set(group.permissions.values_list("codename", flat=True))
    assert found == {*may, "add_conditionexercise", "change_conditionexercise"}


def test_files_fill_the_rows_of_an_upgrade_and_bring_back_no_removed_pair(content):
    """As the upgrade leaves it: rows without words, of which the slug alone is remembered."""
    ConditionExercise.objects.filter(slug="sciatica-bridge").delete()
    ConditionExercise.objects.filter(slug="sciatica-piriformis-stretch").update(caution="")
    for row in LoadedRow.objects.filter(model="conditionexercise"):
        row.file_digest, row.values = "", digests.of_values({"slug": row.slug})
        row.save()

    report = loader.load(fixtures.read(*fixtures.folders()))

    assert report.left == ["conditionexercise sciatica-bridge: an editor deleted it"]
    use = ConditionExercise.objects.get(slug="sciatica-piriformis-stretch")
    assert use.caution == "Be gentle."


def test_pair_that_an_editor_made_is_left_as_it_is(content):
    shipped = ConditionExercise.objects.get(slug="sciatica-bridge")
    pair = {"condition": shipped.condition, "exercise": shipped.exercise}
    shipped.delete()
    LoadedRow.objects.filter(slug="sciatica-bridge").delete()
    own = ConditionExercise.objects.create(**pair, caution="Slowly.")
    records = [row for row in fixtures.read(*fixtures.folders()) if row.slug == "sciatica-bridge"]

    kept = loader.load(records)
    assert (kept.left, ConditionExercise.objects.get(**pair)) == (
        ["conditionexercise sciatica-bridge: an editor made it"],
        own,
    )
    assert loader.load(records, overwrite=True) == Report(created=1)
    assert ConditionExercise.objects.get(**pair).slug == "sciatica-bridge"


def test_files_tell_pairs_by_rows_and_other_links_by_slugs():
    assert fixtures.links(Condition) == [
        "areas",
        "pain_kinds",
        "tips",
        "related_conditions",
        "related_articles",
    ]
