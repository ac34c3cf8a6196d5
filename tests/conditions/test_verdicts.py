"""A treatment is judged on the page of each condition, by what sources say of its kinds of pain."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from conditions.models import Condition, ConditionTreatment, Evidence, PainKind, State
from conditions.pages import parts, structured
from conditions.review import approval
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_kind,
    make_treatment,
    put_on,
    sign,
)


@pytest.fixture
def back(db):
    return make_condition(slug="back", title="Back pain", state=State.EXAMPLE)


@pytest.fixture
def neck(db):
    return make_condition(slug="neck", title="Neck pain", state=State.EXAMPLE)


@pytest.fixture
def traction(back, neck):
    """A treatment of which one source speaks, for the low back; both pages show it."""
    treatment = make_treatment("Traction", low_back="not-recommended")
    put_on(back, treatment, "Not advised.", pain=["low_back"], group="not-advised")
    return treatment


def context_of(condition):
    return parts.of_condition(Condition.objects.with_parts().get(pk=condition.pk))


def told_of(condition):
    """Each treatment on the page: its verdict there, and the kinds of pain of its evidence."""
    context = context_of(condition)
    return [
        (str(use), use.shown_verdict, [row.pain.slug for row in use.evidence])
        for use in [*context["offered"], *context["not_advised"]]
    ]


def test_two_pages_say_two_things_of_one_treatment(back, neck):
    treatment = make_treatment(low_back="helps", neck="unknown")
    put_on(back, treatment, "It helps.", pain=["low_back"])
    put_on(neck, treatment, "Not known.", pain=["neck"])

    assert told_of(back) == [("Heat", "It helps.", ["low_back"])]
    assert told_of(neck) == [("Heat", "Not known.", ["neck"])]


@pytest.mark.parametrize("kinds", [[], ["neck"]])
def test_a_neck_page_shows_no_verdict_from_low_back_evidence(back, neck, kinds):
    put_on(neck, make_treatment(low_back="helps"), "It helps.", pain=kinds)

    assert told_of(neck) == [("Heat", "", [])]


BACK, NECK, KNEE, WHOLE = "low-back", "head-neck", "knee", "whole-body"


def areas(*slugs):
    return [make_area(slug, is_whole_body=slug == WHOLE) for slug in slugs]


@pytest.mark.parametrize(
    ("of_kind", "of_page", "shown"),
    [
        ([BACK], [NECK], False),
        ([BACK, KNEE], [NECK], False),
        ([], [NECK], False),
        ([NECK], [NECK], True),
        ([BACK, NECK], [NECK], True),
        ([NECK], [BACK, NECK], True),
        ([WHOLE], [NECK], True),
        ([BACK], [WHOLE], True),
    ],
)
@pytest.mark.parametrize("group", ["offered", "not-advised"])
def test_a_kind_of_pain_of_other_parts_of_the_body_bears_no_verdict(
    db, of_kind, of_page, shown, group
):
    """Even where an editor has chosen it for the page."""
    page = make_condition(areas=areas(*of_page))
    other = make_condition(slug="other", areas=areas(BACK, NECK, WHOLE))
    make_kind("ache", areas=areas(*of_kind))
    for each in (page, other):
        each.pain_kinds.set([make_kind("ache")])
    use = put_on(page, make_treatment(ache="helps"), "It is so.", group=group)
    told = told_of(page)

    assert [each for each in told if each[1:] != ("", [])] == (
        [("Heat", "It is so.", ["ache"])] if shown else []
    )
    assert list(ConditionTreatment.objects.without_source()) == ([] if shown else [use])


def test_nor_does_it_advise_against_a_treatment(neck, traction):
    put_on(neck, traction, "Not advised.", pain=["neck"], group="not-advised")

    assert told_of(neck) == []


def test_the_page_itself_leaves_both_out(demo, client, neck):
    put_on(neck, make_treatment(low_back="helps"), "It helps.", pain=["neck"])
    html = client.get("/conditions/neck/").content.decode()

    assert "<h3>Heat</h3>" in html
    assert "It is warm." in html
    assert "It helps." not in html
    assert "Who says so" not in html


def test_nor_are_machines_told_of_it(neck):
    put_on(neck, make_treatment(low_back="helps"), "It helps.", pain=["neck"])
    loaded = Condition.objects.with_parts().get(pk=neck.pk)

    assert "possibleTreatment" not in structured.medical_condition(loaded)


def test_what_one_page_advises_against_another_may_offer(back, neck):
    treatment = make_treatment(low_back="not-recommended", neck="may-help")
    put_on(back, treatment, "Not advised.", pain=["low_back"], group="not-advised")
    put_on(neck, treatment, "May help.", pain=["neck"])
    loaded = Condition.objects.with_parts().get(pk=neck.pk)

    assert [str(use) for use in context_of(back)["not_advised"]] == ["Heat"]
    assert [str(use) for use in context_of(neck)["offered"]] == ["Heat"]
    assert structured.medical_condition(loaded)["possibleTreatment"] == [
        {"@type": "MedicalTherapy", "name": "Heat"}
    ]


@pytest.mark.parametrize(
    ("verdict", "group", "kinds", "found"),
    [
        ("It helps.", "offered", ["low_back"], []),
        ("It helps.", "offered", ["neck"], ["Heat"]),
        ("It helps.", "offered", [], ["Heat"]),
        ("", "offered", ["neck"], []),
        ("", "not-advised", ["neck"], ["Heat"]),
        ("", "not-advised", ["neck", "low_back"], []),
    ],
)
def test_a_judgment_without_a_fitting_source_is_found(neck, verdict, group, kinds, found):
    put_on(neck, make_treatment(low_back="helps"), verdict, pain=kinds, group=group)

    assert [str(use) for use in ConditionTreatment.objects.without_source()] == found


def refused(row: models.Model) -> bool:
    """Whether form and database both refuse the row."""
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    return True


def test_a_treatment_stands_on_a_page_once_and_in_a_known_group(back, neck, traction):
    assert refused(ConditionTreatment(condition=back, treatment=traction))
    assert refused(ConditionTreatment(condition=neck, treatment=traction, group="perhaps"))


def test_a_kind_of_pain_that_a_source_speaks_of_stays(traction):
    with pytest.raises(models.ProtectedError):
        PainKind.objects.get().delete()
    assert Evidence.objects.count() == 1


def test_a_verdict_and_a_kind_of_pain_are_signed_with_their_page(back, traction):
    make_emergency_line()
    kind, use = PainKind.objects.get(), ConditionTreatment.objects.get()
    before = kind.is_signed_off(), use.is_signed_off()
    sign(back)
    use.refresh_from_db()

    assert before == (False, False)
    assert (kind.is_signed_off(), use.is_signed_off()) == (True, True)


def change_verdict():
    ConditionTreatment.objects.update(verdict="Never.")


def change_kinds():
    Condition.objects.get(slug="back").pain_kinds.clear()


def rename_kind():
    PainKind.objects.update(title="back ache")


@pytest.mark.parametrize("change", [change_verdict, change_kinds, rename_kind])
def test_what_was_read_before_a_change_is_not_what_is_signed(back, traction, change):
    read = approval.version(back)
    change()

    assert approval.version(back) != read
