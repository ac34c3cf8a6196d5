"""No verdict ships without a source for a kind of pain of its page."""

import pytest

from conditions.review import checks
from conditions.shipped.fixtures import Record


def row(name, slug="x", **fields):
    return Record(name, slug, {"slug": slug} | fields)


LINE = row("urgencyline", level="emergency", state="example", text="a leg is getting weaker")
AREA = row("bodyarea", "head-and-neck", title="Head and neck", lead="neck pain")
BACK = row("bodyarea", "low-back", title="Low back", lead="back pain")
WHOLE = row("bodyarea", "whole", title="Whole body", lead="pain", is_whole_body=True)
KINDS = [
    row("painkind", "back", title="back pain", areas=[["low-back"]]),
    row("painkind", "neck", title="neck pain", areas=[["head-and-neck"]]),
    row("painkind", "bones", title="weak bones", areas=[["whole"]]),
]
SHOWN = {"state": "example", "about": "It hurts.", "areas": [["head-and-neck"]]}
NECK = row("condition", "neck", pain_kinds=[["neck"]], **SHOWN)
HEAT = row("treatment", "heat", title="Heat", text="It is warm.")
SOURCE = row("citation", "who")
ALL = [LINE, AREA, BACK, WHOLE, *KINDS, NECK, HEAT, SOURCE]


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
    rows = [*with_page(), said("neck"), judged(verdict="It helps.")]

    assert checks.problems(rows) == FOUND


def with_page(**fields):
    """All rows, with a page that speaks of these kinds of pain."""
    page = row("condition", "neck", **SHOWN | fields)
    return [page if each is NECK else each for each in ALL]


def test_a_planted_kind_of_pain_of_another_part_of_the_body_is_found_with_its_verdict():
    rows = [*with_page(pain_kinds=[["back"]]), said("back"), judged(verdict="It helps.")]

    assert checks.problems(rows) == [
        *FOUND,
        "condition neck: back is a pain of none of its body areas: the page shows nothing that "
        "sources say of it",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"pain_kinds": [["bones"]]},
        {"pain_kinds": [["neck"]], "areas": [["head-and-neck"], ["low-back"]]},
        {"pain_kinds": [["back"]], "areas": [["whole"]]},
    ],
)
def test_the_whole_body_goes_with_every_part_of_it(fields):
    [[kind]] = fields["pain_kinds"]

    assert checks.problems([*with_page(**fields), said(kind), judged(verdict="It is so.")]) == []
