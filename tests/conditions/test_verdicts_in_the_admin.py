"""An editor judges treatments on the form of the condition."""

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conditions.models import Condition, ConditionTreatment, PainKind, State
from tests.conditions import people
from tests.conditions.builders import (
    add_evidence,
    make_area,
    make_condition,
    make_emergency_line,
    make_kind,
    make_treatment,
    put_on,
    sign,
)
from tests.typed import fields_of

NOT_SHOWN = "is not shown: no source of it speaks of a kind of pain of the page"


@pytest.fixture
def editor(db):
    return people.editor()


@pytest.fixture
def neck(db):
    """A page that shows one treatment, of which no source speaks for necks."""
    make_emergency_line()
    condition = make_condition(slug="neck", title="Neck pain")
    put_on(condition, make_treatment(low_back="helps"), "It helps.", pain=["neck"])
    return condition


def page(row):
    return reverse(f"admin:conditions_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def test_an_editor_adds_a_treatment_and_judges_it(editor, neck):
    cold = make_treatment("Cold", neck="unknown")
    row = {"treatment": cold.pk, "group": "not-advised", "verdict": "Not known.", "order": 2}
    typed = {f"treatment_uses-1-{name}": [str(value)] for name, value in row.items()}
    typed |= {"treatment_uses-TOTAL_FORMS": ["2"], "treatment_uses-1-condition": [str(neck.pk)]}
    response = editor.post(page(neck), opened(editor, neck) | typed)
    use = ConditionTreatment.objects.get(treatment=cold)

    assert response.status_code == 302
    assert (use.condition, use.group, use.verdict) == (neck, "not-advised", "Not known.")
    assert [entry.action for entry in LogEntry.objects.get_for_object(use)] == [
        LogEntry.Action.CREATE
    ]


def test_a_changed_verdict_is_kept_with_its_author_and_loses_the_signature(editor, neck):
    sign(neck)
    editor.post(page(neck), opened(editor, neck) | {"treatment_uses-0-verdict": ["May help."]})
    entry = LogEntry.objects.get_for_object(ConditionTreatment.objects.get()).first()

    assert Condition.objects.get().state == State.DRAFT
    assert entry.changes_dict == {"verdict": ["It helps.", "May help."]}
    assert entry.actor.username == "ed"


def test_the_second_to_save_a_verdict_is_shown_the_first(editor, neck):
    ours, theirs = opened(editor, neck), opened(editor, neck)
    editor.post(page(neck), ours | {"treatment_uses-0-verdict": ["May help."]})
    second = editor.post(page(neck), theirs | {"treatment_uses-0-verdict": ["Not known."]})

    assert second.status_code == 409
    assert [(told.now, told.typed) for told in second.context["meanwhile"]] == [
        ("May help.", "Not known.")
    ]
    assert ConditionTreatment.objects.get().verdict == "May help."


def test_the_form_says_which_verdict_its_page_leaves_out(editor, neck):
    assert f"What is said of “Heat” {NOT_SHOWN}" in editor.get(page(neck)).content.decode()


def test_the_form_of_the_treatment_says_it_too(editor, neck):
    treatment = ConditionTreatment.objects.get().treatment
    told = editor.get(page(treatment)).content.decode()

    assert f"What “Neck pain” says of it {NOT_SHOWN}" in told


ELSEWHERE = "is a pain of none of its body areas: the page shows nothing that sources say of it"


def test_the_form_says_which_kind_of_pain_is_of_other_parts_of_the_body(editor, neck):
    neck.areas.set([make_area("head-neck")])
    kind = make_kind("low_back")
    kind.areas.set([make_area("low-back")])
    neck.pain_kinds.set([kind])
    told = [editor.get(page(row)).content.decode() for row in (neck, kind)]
    neck.areas.add(make_area("low-back"))
    then = [ELSEWHERE in editor.get(page(row)).content.decode() for row in (neck, kind)]

    assert f"“low_back pain” {ELSEWHERE}" in told[0]
    assert f"What is said of “Heat” {NOT_SHOWN}" in told[0]
    assert f"“Neck pain” speaks of it, but it {ELSEWHERE}" in told[1]
    assert then == [False, False]


def test_neither_says_anything_once_a_source_fits(editor, neck):
    neck.pain_kinds.set(PainKind.objects.filter(slug="low_back"))
    rows = [neck, ConditionTreatment.objects.get().treatment]

    assert [NOT_SHOWN in editor.get(page(row)).content.decode() for row in rows] == [False] * 2


def test_a_kind_of_pain_on_an_approved_page_waits_for_a_reviewer(editor, neck):
    neck.pain_kinds.set(PainKind.objects.filter(slug="low_back"))
    sign(neck)
    held, free = (PainKind.objects.get(slug=slug) for slug in ("low_back", "neck"))
    typed = {"title": "ache", "order": 0, "areas": [make_area("whole-body").pk]}
    answers = [
        editor.post(page(kind), {"slug": kind.slug, "seen": seen} | typed).status_code
        for kind in (held, free)
        for seen in opened(editor, kind).get("seen", [""])
    ]

    assert answers == [403, 302]
    assert list(PainKind.objects.filter(title="ache")) == [free]


def test_the_form_of_a_treatment_asks_the_same_with_one_source_and_with_three(editor, neck):
    treatment, counts = ConditionTreatment.objects.get().treatment, []
    for pain in (None, "arm", "hand"):
        if pain:
            add_evidence(treatment, pain, "helps", source=pain)
        editor.get(page(treatment))
        with CaptureQueriesContext(connection) as asked:
            editor.get(page(treatment))
        counts.append(len(asked))

    assert len(set(counts)) == 1


def test_the_form_asks_the_same_with_one_treatment_and_with_three(editor, neck):
    counts = []
    for title in (None, "Cold", "Rest"):
        if title:
            put_on(neck, make_treatment(title, neck="unknown"))
        editor.get(page(neck))
        with CaptureQueriesContext(connection) as asked:
            editor.get(page(neck))
        counts.append(len(asked))

    assert len(set(counts)) == 1


def kind_of_the_knee(treatment):
    kind = PainKind.objects.get(slug="low_back")
    return kind, {"areas": [make_area("knee").pk]}


def no_more_evidence(treatment):
    return treatment, {"evidence-0-DELETE": ["on"]}


@pytest.mark.parametrize("change", [kind_of_the_knee, no_more_evidence])
def test_a_page_loses_its_signature_with_the_source_of_a_verdict(neck, change):
    neck.pain_kinds.set(PainKind.objects.filter(slug="low_back"))
    sign(neck)
    reviewer = people.editor(reviews=True)
    row, typed = change(ConditionTreatment.objects.get().treatment)
    response = reviewer.post(page(row), opened(reviewer, row) | typed)
    neck.refresh_from_db()

    assert (response.status_code, neck.state) == (302, State.DRAFT)
