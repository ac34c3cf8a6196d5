"""An upgrade with newer texts: those that are signed are read by a reviewer, and nobody else's
are touched. The second version is a copy of all the shipped files, changed in a few places.
"""

import hashlib
import json
from importlib import import_module
from io import StringIO

import pytest
from django.contrib import admin
from django.core import serializers
from django.core.management import call_command

from conditions.models import (
    Cause,
    Condition,
    Exercise,
    LoadedRow,
    PreventionTip,
    Reviewed,
    Signature,
    State,
    UrgencyLine,
)
from conditions.models.base import Slugged, kinds_of
from conditions.review import approval
from conditions.shipped.loader import Report
from tests.conditions import people
from tests.conditions.builders import make_reviewer, sign
from tests.conditions.shipped.upgrading import PAGE, decide, row_of
from tests.reading import said


def cause():
    return Cause.objects.filter(condition__slug="back-pain").first()


def test_signing_alone_is_no_change_of_a_text(upgrade, signed):
    everything = LoadedRow.objects.count()

    assert upgrade() == Report(unchanged=everything)


def test_signed_texts_wait_and_others_are_brought_up_to_date(upgrade, signed):
    other = Exercise.objects.exclude(conditions=signed).first()
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade("cause", cause().slug, title="Another name")
    upgrade("exercise", other.slug, title="Another move")
    out = StringIO()
    call_command("load_content", stdout=out)
    call_command("load_content", stdout=out)
    told = out.getvalue().splitlines()
    signed.refresh_from_db()

    line = (
        "2 signed texts have a newer version: a reviewer reads them, and takes them or keeps ours."
    )
    assert [each for each in told if "newer version" in each] == [line, line]
    assert [each for each in told if "Left alone" in each] == []
    assert (signed.state, signed.summary == "It is new.") == (State.APPROVED, False)
    assert Exercise.objects.get(pk=other.pk).title == "Another move"


def test_a_file_that_says_the_same_in_other_words_tells_nothing(upgrade, signed):
    upgrade("condition", "back-pain", updated_at="2030-01-01T00:00:00Z", state="draft")

    assert upgrade().newer == []
    assert Condition.objects.get(pk=signed.pk).state == State.APPROVED


def test_a_text_that_is_brought_up_to_date_stays_a_draft(upgrade):
    """Whoever made it one took it off the site."""
    Exercise.objects.filter(slug="bird-dog").update(state=State.DRAFT)
    upgrade("exercise", "bird-dog", title="Another move")
    upgrade()

    row = Exercise.objects.get(slug="bird-dog")
    assert (row.title, row.state) == ("Another move", State.DRAFT)


def test_the_difference_is_read_and_the_new_text_is_signed(upgrade, as_read, clinician):
    signed = as_read
    before = signed.summary
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    each = row_of(clinician, "Back pain")
    response = decide(clinician, each, "take")
    signed.refresh_from_db()

    assert [(part.label, part.lines) for part in each.row.differences] == [
        ("Main message", [("gone", line) for line in before.splitlines()] + [("new", "It is new.")])
    ]
    assert "“Back pain” has the new text, and you signed it." in said(response)
    assert (signed.summary, signed.state) == ("It is new.", State.APPROVED)
    assert "It is new." in Signature.objects.last_lines(signed)
    assert (response.context["newer"], upgrade().newer) == ([], [])


def test_ours_is_kept_in_silence_until_the_next_newer_version(upgrade, signed, clinician):
    upgrade("condition", "back-pain", summary="It is new.")
    first = upgrade()
    decide(clinician, row_of(clinician, "Back pain"), "keep")
    again = upgrade()
    upgrade("condition", "back-pain", summary="It is newer still.")
    third = upgrade()

    assert [len(each.newer) for each in (first, again, third)] == [1, 0, 1]
    assert (again.left, again.updated, again.created) == ([], 0, 0)
    assert Condition.objects.get(pk=signed.pk).summary == signed.summary


def test_ours_that_was_kept_is_no_shipped_text_once_it_is_a_draft(upgrade, signed, clinician):
    Condition.objects.filter(pk=signed.pk).update(summary="It is ours.")
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    decide(clinician, row_of(clinician, "Back pain"), "keep")
    approval.lose_signature(content=Condition.objects.get(pk=signed.pk))
    upgrade("condition", "back-pain", summary="It is newer still.")
    report = upgrade()

    assert report.left == ["condition back-pain: an editor changed it"]
    assert Condition.objects.get(pk=signed.pk).summary == "It is ours."


@pytest.mark.parametrize("what", ["take", "keep"])
def test_a_new_part_of_a_signed_page_waits_too(upgrade, signed, clinician, client, what):
    line = {"level": "urgent", "text": "a foot drops", "condition": ["back-pain"]}
    upgrade("urgencyline", "a-foot-drops", **line, state="example", order=3)
    report = upgrade()
    shown = client.get("/conditions/back-pain/").status_code
    decide(clinician, row_of(clinician, "a foot drops"), what)
    again = upgrade()
    after = client.get("/conditions/back-pain/")
    taken = what == "take"

    assert (report.newer, report.created, shown) == (["urgencyline a-foot-drops"], 0, 200)
    assert (again.newer, again.left, after.status_code) == ([], [], 200)
    assert (b"a foot drops" in after.content) == taken
    assert UrgencyLine.objects.filter(state="approved", slug="a-foot-drops").exists() == taken


def test_a_new_text_that_shows_an_unsigned_part_is_refused_by_name(upgrade, signed, clinician):
    other = Exercise.objects.exclude(conditions=signed).first()
    pair = {"condition": ["back-pain"], "exercise": [other.slug], "order": 9}
    upgrade("conditionexercise", "back-pain-one-more", **pair)
    upgrade()
    told = said(decide(clinician, row_of(clinician, str(other)), "take"))

    assert told == [f"Not taken: nobody has signed “{other}”. Sign that first."]
    assert other not in signed.exercises.all()


def test_a_part_that_pages_share_is_taken_under_their_signature(upgrade, as_read, clinician):
    signed = as_read
    tip = signed.tips.first()
    upgrade("preventiontip", tip.slug, text="Walk each day.")
    upgrade()
    decide(clinician, row_of(clinician, str(tip)), "take")
    signed.refresh_from_db()

    assert PreventionTip.objects.get(pk=tip.pk).text == "Walk each day."
    assert signed.state == State.APPROVED
    assert "Walk each day." in Signature.objects.last_lines(signed)


def test_a_decision_on_another_difference_does_nothing(upgrade, signed, clinician):
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    stale = row_of(clinician, "Back pain")
    upgrade("condition", "back-pain", summary="It is newer still.")
    upgrade()
    response = decide(clinician, stale, "take")

    assert response.status_code == 409
    assert Condition.objects.get(pk=signed.pk).summary == signed.summary


def test_editors_are_told_and_reviewers_decide(upgrade, signed):
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    editor = people.editor()

    assert "1 signed text has a newer version" in editor.get("/admin/").content.decode()
    for path in (PAGE, f"{PAGE}condition/back-pain/"):
        assert [way(path).status_code for way in (editor.get, editor.post)] == [403, 403]


def old_digest(row):
    """How one digest stood for all of a row, its signature too."""
    (plain,) = serializers.serialize("python", [row], use_natural_foreign_keys=True)
    told = {name: same(value) for name, value in plain["fields"].items() if name != "updated_at"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def same(value):
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return sorted(json.dumps(item) for item in value) if isinstance(value, list | tuple) else value


def test_what_was_remembered_before_is_known_again_signed_or_not(upgrade):
    """So the first upgrade to field by field takes no shipped text for an edited one."""
    migration = import_module("conditions.migrations.0005_newer_texts")
    rows = [row for kind in kinds_of(Slugged) for row in kind._default_manager.all()[:3]]
    before = [old_digest(row) for row in rows]
    make_reviewer()
    for row in rows:
        if isinstance(row, Reviewed) and type(row) in admin.site._registry:
            sign(row)
            row.refresh_from_db()
    known = [migration.as_loaded(migration.values_of(row)) for row in rows]

    assert [digest in found for digest, found in zip(before, known, strict=True)] == [
        True for _row in rows
    ]
    Condition.objects.update(title="Other words")
    assert old_digest(Condition.objects.first()) not in set().union(*known)
