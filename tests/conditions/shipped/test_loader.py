"""`load_content` brings the shipped text and never undoes what an editor did."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from conditions.models import (
    Cause,
    Condition,
    Exercise,
    PreventionTip,
    Reviewer,
    State,
    UrgencyLine,
)
from conditions.models import Testimonial as Story
from conditions.shipped import fixtures, loader
from conditions.shipped.loader import Report
from tests.conditions.builders import make_emergency_line, make_reviewer, sign

TIP = fixtures.Record(
    name="preventiontip", slug="walk", fields={"slug": "walk", "title": "Walk", "text": "Often."}
)
PAIN = fixtures.Record(
    name="condition",
    slug="pain",
    fields={
        "slug": "pain",
        "title": "Pain",
        "state": "example",
        "summary": "It hurts.",
        "name_in_text": "pain",
        "about": "Much.",
        "tips": [["walk"]],
        "updated_at": "2026-11-22T00:00:00Z",
    },
)
CAUSE = fixtures.Record(
    name="cause",
    slug="pain-fall",
    fields={"slug": "pain-fall", "condition": ["pain"], "group": "common", "title": "A fall"},
)
ALL = [TIP, PAIN, CAUSE]


def changed(record, **fields):
    return replace(record, fields=record.fields | fields)


@pytest.fixture
def loaded(db):
    return loader.load(ALL)


def test_first_load_creates_every_row_with_its_links(loaded):
    assert loaded == Report(created=3)
    assert [tip.slug for tip in Condition.objects.get().tips.all()] == ["walk"]
    assert Cause.objects.get().condition.slug == "pain"


def test_second_load_changes_nothing(loaded):
    assert loader.load(ALL) == Report(unchanged=3)


def test_new_text_reaches_a_row_that_nobody_touched(loaded):
    report = loader.load([changed(TIP, text="Daily."), changed(PAIN, tips=[]), CAUSE])

    assert report == Report(updated=2, unchanged=1)
    assert PreventionTip.objects.get().text == "Daily."
    assert list(Condition.objects.get().tips.all()) == []


def test_row_that_an_editor_changed_is_left_and_reported(loaded):
    PreventionTip.objects.update(text="In the park.")

    report = loader.load([changed(TIP, text="Daily."), PAIN, CAUSE])

    assert report == Report(unchanged=2, left=["preventiontip walk: an editor changed it"])
    assert PreventionTip.objects.get().text == "In the park."


def test_links_that_an_editor_changed_count_as_a_change(loaded):
    Condition.objects.get().tips.clear()

    assert loader.load(ALL).left == ["condition pain: an editor changed it"]


def test_saving_a_row_as_it_was_is_no_change(loaded):
    tip = PreventionTip.objects.get()
    tip.text += "\r\n"
    tip.save()

    assert loader.load(ALL) == Report(unchanged=3)


def test_row_that_an_editor_deleted_stays_away(loaded):
    PreventionTip.objects.all().delete()

    report = loader.load(ALL)

    assert report.left == [
        "preventiontip walk: an editor deleted it",
        "condition pain: an editor changed it",
    ]
    assert PreventionTip.objects.count() == 0


def test_new_part_of_a_page_that_an_editor_deleted_stays_away(loaded):
    Condition.objects.all().delete()
    another = changed(replace(CAUSE, slug="pain-sport"), slug="pain-sport")

    assert loader.load([*ALL, another]).left == [
        "condition pain: an editor deleted it",
        "cause pain-fall: what it belongs to is not there",
        "cause pain-sport: what it belongs to is not there",
    ]


def test_row_that_an_editor_made_under_the_same_slug_is_left(db):
    PreventionTip.objects.create(slug="walk", title="Walk", text="My own words.")

    assert loader.load([TIP]).left == ["preventiontip walk: an editor made it"]


def test_row_that_is_there_just_as_shipped_is_taken_over(db):
    PreventionTip.objects.create(slug="walk", title="Walk", text="Often.")

    assert loader.load([TIP]) == Report(updated=1)
    assert loader.load([changed(TIP, text="Daily.")]) == Report(updated=1)


def test_new_text_never_appears_under_a_signature(loaded):
    make_emergency_line()
    sign(Condition.objects.get())
    another = changed(replace(CAUSE, slug="pain-sport"), slug="pain-sport")

    report = loader.load([changed(TIP, text="Daily."), PAIN, changed(CAUSE, title="Fall"), another])

    newer = ["preventiontip walk", "cause pain-fall", "cause pain-sport"]
    assert report == Report(unchanged=1, newer=newer)
    assert (PreventionTip.objects.get().text, Cause.objects.get().title) == ("Often.", "A fall")


def test_overwrite_takes_the_files_over_every_edit(loaded):
    PreventionTip.objects.all().delete()
    Condition.objects.update(title="Ache")

    assert loader.load(ALL, overwrite=True) == Report(created=1, updated=2)
    assert Condition.objects.get().title == "Pain"
    assert [tip.text for tip in Condition.objects.get().tips.all()] == ["Often."]


def test_load_is_all_or_nothing(db):
    broken = changed(replace(CAUSE, slug="x"), slug="x", group="unknown")

    with pytest.raises(IntegrityError), transaction.atomic():
        loader.load([*ALL, broken])

    assert (PreventionTip.objects.count(), Condition.objects.count()) == (0, 0)


def run(**options):
    out = StringIO()
    call_command("load_content", stdout=out, **options)
    return out.getvalue().splitlines()


def test_command_loads_what_ships_and_says_what_it_left(db, settings):
    settings.DEMO = True
    first = run()
    Exercise.objects.filter(slug="bird-dog").update(title="Dog bird")

    count = len(fixtures.read(*fixtures.folders()))
    assert first == [f"Content: {count} created, 0 updated, 0 unchanged, 0 left alone."]
    assert run() == [
        "Left alone: exercise bird-dog: an editor changed it",
        f"Content: 0 created, 0 updated, {count - 1} unchanged, 1 left alone.",
    ]
    run(overwrite=True)
    assert Exercise.objects.get(slug="bird-dog").title == "Bird dog"


def test_patients_stories_ship_for_the_demo_alone(db, settings):
    settings.DEMO = False
    run()
    live = Story.objects.count()
    settings.DEMO = True
    run()

    assert (live, Story.objects.count()) == (0, 1)


def test_django_reads_the_same_files(db, settings):
    settings.DEMO = True
    paths = [path for place in fixtures.folders() for path in sorted(place.glob("*.yaml"))]
    call_command("loaddata", *paths, verbosity=0)
    condition = Condition.objects.get(slug="back-pain")

    assert (condition.state, condition.exercises.count()) == (State.EXAMPLE, 7)
    assert Condition.objects.get_by_natural_key("back-pain") == condition


def test_signed_content_travels_with_its_reviewer(loaded, tmp_path):
    make_emergency_line()
    reviewer = make_reviewer()
    sign(Condition.objects.get(), reviewer)
    kept = tmp_path / "kept.yaml"
    call_command(
        "dumpdata",
        "auth.user",
        "conditions",
        format="yaml",
        output=str(kept),
        use_natural_foreign_keys=True,
        use_natural_primary_keys=True,
        verbosity=0,
    )
    Condition.objects.all().delete()
    UrgencyLine.objects.all().delete()
    reviewer.delete()
    reviewer.user.delete()
    call_command("loaddata", str(kept), verbosity=0)

    assert Condition.objects.get(slug="pain").reviewer.user.username == "rita"
    assert Reviewer.objects.get().pk != reviewer.pk
