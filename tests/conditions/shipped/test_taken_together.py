"""Newer texts of one signed page are read as the page would stand, and taken together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conditions.models import (
    Article,
    Cause,
    Citation,
    Condition,
    ConditionTreatment,
    PreventionTip,
    Signature,
    State,
    Treatment,
    UrgencyLine,
)
from tests.conditions.builders import put_on, sign
from tests.conditions.shipped.upgrading import PAGE, address, decide, row_of, shown_to
from tests.reading import said

USE = {"condition": ["back-pain"], "treatment": ["mud"], "order": 90}
CAUSE = {"condition": ["back-pain"], "group": "common", "title": "Mud", "order": 90}

READS = {"SELECT", "DECLARE"}  # the second opens a cursor of PostgreSQL's, to read from


def new_lines(shown):
    return [
        line.text for sheet in shown.offer.sheets for line in sheet.compared() if line.how == "new"
    ]


def add_treatment(upgrade):
    """One that ships for the first time, with what a source says of it."""
    kind = Condition.objects.get(slug="back-pain").own_kinds[0]
    said_by = {"citation": [Citation.objects.first().slug], "pain": [kind.slug]}
    upgrade("treatment", "mud", title="Mud", text="Mud is warm.")
    upgrade("evidence", "mud-1", treatment=["mud"], verdict="helps", note="Of mud.", **said_by)
    upgrade("conditiontreatment", "back-pain-mud", **USE, group="offered", verdict="It may help.")


def test_a_new_treatment_is_read_with_its_text_and_evidence(upgrade, signed, clinician, client):
    add_treatment(upgrade)
    report = upgrade()
    shown = row_of(clinician, "Mud")
    html = clinician.get(address(shown.row)).content.decode()
    before = client.get("/conditions/back-pain/").content
    decide(clinician, shown, "take")
    after = client.get("/conditions/back-pain/").content

    assert report.newer == ["conditiontreatment back-pain-mud"]
    lines = " ".join(new_lines(shown))
    words = ("Mud is warm.", "Of mud.", "It may help.")
    assert [word for word in words if word not in lines or word not in html] == []
    assert [word for word in words if word.encode() in before] == []
    assert [word for word in words if word.encode() not in after] == []


def test_a_new_tip_is_read_with_its_text(upgrade, signed, clinician):
    tips = [[tip.slug] for tip in signed.tips.all()]
    upgrade("preventiontip", "mud", title="Mud", text="Take a bath.", order=90)
    upgrade("condition", "back-pain", tips=[*tips, ["mud"]])
    upgrade()
    shown = row_of(clinician, "Back pain")

    assert "Take a bath." in new_lines(shown)
    assert PreventionTip.objects.get(slug="mud").conditions.count() == 0


def test_rows_of_one_page_are_taken_together(upgrade, signed, clinician):
    cause = signed.causes.first()
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade("cause", cause.slug, text="It is new too.")
    upgrade()
    shown = row_of(clinician, "Back pain")
    told = said(decide(clinician, shown, "take"))
    signed.refresh_from_db()
    cause.refresh_from_db()

    assert [row.title for row in shown.offer.together.rows] == ["Back pain", cause.title]
    assert (signed.summary, cause.text) == ("It is new.", "It is new too.")
    assert [line for line in told if "you signed it" in line] == [
        f"“{row}” has the new text, and you signed it." for row in (signed, cause)
    ]


def test_what_is_kept_is_no_longer_among_them(upgrade, signed, clinician):
    cause = signed.causes.first()
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade("cause", cause.slug, text="It is new too.")
    upgrade()
    stale = row_of(clinician, "Back pain")
    decide(clinician, row_of(clinician, cause.title), "keep")
    refused = decide(clinician, stale, "take")
    shown = row_of(clinician, "Back pain")
    decide(clinician, shown, "take")
    signed.refresh_from_db()

    assert refused.status_code == 409
    assert ("It is new too." in new_lines(stale), "It is new too." in new_lines(shown)) == (1, 0)
    assert (signed.summary, Cause.objects.get(pk=cause.pk).text) == ("It is new.", cause.text)


def test_rows_of_different_pages_are_taken_apart(upgrade, signed, clinician):
    other = sign(Condition.objects.exclude(pk=signed.pk).first())
    for page in (signed, other):
        upgrade("condition", page.slug, summary="It is new.")
    upgrade()
    decide(clinician, row_of(clinician, str(other)), "take")

    assert list(shown_to(clinician)) == ["Back pain"]
    assert list(Condition.objects.filter(summary="It is new.")) == [other]


def test_reading_them_changes_nothing(upgrade, signed, clinician):
    add_treatment(upgrade)
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    before = list(Condition.objects.values()), Signature.objects.count()
    shown_to(clinician)

    assert (list(Condition.objects.values()), Signature.objects.count()) == before
    assert ConditionTreatment.objects.filter(slug="back-pain-mud").count() == 0


def test_the_list_writes_nothing_even_to_undo_it(upgrade, signed, clinician):
    """On SQLite nobody could book meanwhile."""
    upgrade("condition", "back-pain", summary="It is new.")
    add_treatment(upgrade)
    upgrade()
    clinician.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        clinician.get(PAGE)

    assert {query["sql"].split()[0] for query in asked} - READS == set()


def test_a_warning_of_every_page_is_read_alone(upgrade, as_read, clinician, client):
    """It is the same on each of them: no page is made for it, and nothing is tried."""
    line = UrgencyLine.objects.published().emergency().order_by("pk").last()
    upgrade("urgencyline", line.slug, text="you bleed a lot")
    upgrade("condition", "back-pain", summary="It is new.")
    upgrade()
    shown = row_of(clinician, str(line))
    with CaptureQueriesContext(connection) as asked:
        html = clinician.get(address(shown.row)).content.decode()
    told = {query["sql"].split()[0] for query in asked}
    decide(clinician, shown, "take")
    line.refresh_from_db()

    assert (len(shown.offer.together.rows), shown.offer.sheets) == (1, [])
    assert told - READS == set()
    assert ("you bleed a lot" in html, "Back pain</a>" in html) == (True, True)
    assert (line.text, line.state) == ("you bleed a lot", State.APPROVED)
    assert Signature.objects.last_lines(line)[1] == "you bleed a lot"
    assert b"you bleed a lot" in client.get("/conditions/back-pain/").content
    assert list(shown_to(clinician)) == ["Back pain"]


def test_an_article_takes_a_new_cause_of_a_condition_with_it(upgrade, signed, clinician):
    article = sign(Article.objects.filter(causes__isnull=False).first())
    causes = [[cause.slug] for cause in article.causes.all()]
    upgrade("cause", "back-pain-mud", **CAUSE)
    upgrade("article", article.slug, causes=[*causes, ["back-pain-mud"]])
    upgrade()
    shown = row_of(clinician, "Mud")
    decide(clinician, shown, "take")

    assert {row.title for row in shown.offer.together.rows} == {str(article), "Mud"}
    assert article.causes.filter(slug="back-pain-mud").exists()


@pytest.mark.parametrize("is_reworded", [True, False])
def test_a_text_that_is_taken_leaves_the_marks_of_what_nobody_has_read(
    upgrade, as_read, clinician, is_reworded
):
    """A reviewer's unticked edit stands at once, and is marked in the next reading."""
    if is_reworded:
        PreventionTip.objects.filter(pk=as_read.tips.first().pk).update(text="Nobody read me.")
    upgrade("cause", as_read.causes.first().slug, text="It is new.")
    upgrade()
    decide(clinician, row_of(clinician, as_read.causes.first().title), "take")
    kept = Signature.objects.last_lines(as_read)

    assert ("It is new." in kept, "Nobody read me." in kept) == (not is_reworded, False)
    assert Condition.objects.get(pk=as_read.pk).state == State.APPROVED


def test_where_an_editor_put_one_of_their_own_nothing_is_offered(upgrade, signed, clinician):
    """But what a source says of it, since a signed page shows the treatment."""
    mud = Treatment.objects.create(slug="mud", title="Mud", text="Mine.")
    own = put_on(signed, mud, "")
    add_treatment(upgrade)
    report = upgrade()

    assert report.newer == ["evidence mud-1"]
    assert "conditiontreatment back-pain-mud: an editor made it" in report.left
    assert list(signed.treatment_uses.filter(treatment=mud)) == [own]


def test_what_has_lost_its_place_since_is_not_taken(upgrade, signed, clinician):
    add_treatment(upgrade)
    upgrade()
    put_on(signed, Treatment.objects.get(slug="mud"), "")
    shown = row_of(clinician, "Mud")
    told = "Not taken: what “conditiontreatment back-pain-mud” belongs to is gone, or another row"

    assert shown.offer.why_not == f"{told} is in its place."
    assert said(decide(clinician, shown, "take")) == [shown.offer.why_not]
