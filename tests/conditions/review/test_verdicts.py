"""No verdict ships without a source for a kind of pain of its page."""

import pytest

from conditions.review import checks
from conditions.shipped.fixtures import Record


def row(name, slug="x", **fields):
    return Record(name, slug, {"slug": slug} | fields)


LINE = row("urgencyline", level="emergency", state="example", text="a leg is getting weaker")
KINDS = [row("painkind", "back", title="back pain"), row("painkind", "neck", title="neck pain")]
AREA = row("bodyarea", "head-and-neck", title="Head and neck", lead="neck pain")
SHOWN = {"state": "example", "about": "It hurts.", "areas": [["head-and-neck"]]}
NECK = row("condition", "neck", pain_kinds=[["neck"]], **SHOWN)
HEAT = row("treatment", "heat", title="Heat", text="It is warm.")
SOURCE = row("citation", "who")
ALL = [LINE, AREA, *KINDS, NECK, HEAT, SOURCE]


def said(pain):
    link = {"treatment": ["heat"], "citation": ["who"], "pain": [pain]}
    return row("evidence", pain, verdict="helps", **link)


def judged(**fields):
    return row("conditiontreatment", "neck-heat", condition=["neck"], treatment=["heat"], **fields)


FOUND = ["conditiontreatment neck-heat: judged without a source for a kind of pain of neck"]


@pytest.mark.parametrize("judgment", [{"verdict": "It helps."}, {"group": "not-advised"}])
@pytest.mark.parametrize("evidence", [[], [said("back")]])
def test_a_planted_verdict_without_a_fitting_source_is_found(judgment, evidence):
    assert checks.problems([*ALL, *evidence, judged(**judgment)]) == FOUND


@pytest.mark.parametrize(
    ("judgment", "evidence"),
    [
        ({"verdict": "It helps."}, [said("back"), said("neck")]),
        ({"group": "not-advised"}, [said("neck")]),
        ({}, []),
        ({"verdict": "", "group": "offered"}, [said("back")]),
    ],
)
def test_one_with_a_source_and_one_that_judges_nothing_pass(judgment, evidence):
    assert checks.problems([*ALL, *evidence, judged(**judgment)]) == []


def test_a_page_that_names_no_kind_of_pain_judges_nothing():
    page = row("condition", "neck", **SHOWN)
    rows = [LINE, AREA, *KINDS, page, HEAT, SOURCE, said("neck"), judged(verdict="It helps.")]

    assert checks.problems(rows) == FOUND
