"""What the shipped pages say of treatments, page by page."""

import re
from typing import NamedTuple

import pytest

from conditions.models import Condition, ConditionTreatment, Evidence
from conditions.pages import parts

# A study finds something: it advises nobody.
GUIDELINES = {"who-2023", "nice-2020", "nice-injections-2017", "bussieres-2021"}
SAYS_IT_HELPS = re.compile(r"^Helps\b|\bmay (help|ease)\b", re.IGNORECASE)
HELPS = {Evidence.Verdict.HELPS, Evidence.Verdict.MAY_HELP}
LOW, VERY_LOW = "Low certainty.", "Very low certainty."
# As the guideline grades the proof for each treatment.
WHO_2023 = {
    "exercise": LOW,
    "acupuncture": LOW,
    "sciatica-acupuncture": LOW,
    "ultrasound": LOW,
    "massage": VERY_LOW,
    "spinal-manipulation": VERY_LOW,
    "traction": VERY_LOW,
    "tens": VERY_LOW,
    "belts": VERY_LOW,
    "opioids": "",  # its grade was not seen
}


class Use(NamedTuple):
    """What a page may show of a treatment."""

    name: str
    verdict: str
    group: str
    evidence: list[Evidence]

    def __str__(self):
        return self.name


def shown_on(condition):
    context = parts.of_condition(condition)
    return [*context["offered"], *context["not_advised"]]


def astray(page, shown):
    """Each verdict of these on the page without a source, or with one for another part of the body
    or for a kind of pain that the page does not name.
    """
    areas = {area.slug for area in page.areas.all()} | {"whole-body"}
    kinds = {kind.pk for kind in page.pain_kinds.all()}

    def fits(row):
        return row.pain_id in kinds and areas & {area.slug for area in row.pain.areas.all()}

    return [
        f"{page}: {use}"
        for use in shown
        if (use.verdict or use.group == "not-advised")
        and not (use.evidence and all(map(fits, use.evidence)))
    ]


def test_every_verdict_on_a_page_has_a_source_for_its_part_of_the_body(content):
    pages = list(Condition.objects.published().with_parts())
    shown = {page: shown_on(page) for page in pages}

    assert [found for page in pages for found in astray(page, shown[page])] == []
    assert sum(map(len, shown.values())) == ConditionTreatment.objects.count() == 93
    assert list(ConditionTreatment.objects.without_source()) == []


def test_a_verdict_without_a_source_for_its_part_of_the_body_is_found_out(content):
    page = Condition.objects.with_parts().get(slug="sciatica")
    own = next(row for use in shown_on(page) for row in use.evidence)
    other = Evidence.objects.get(pain__slug="neck")
    page.pain_kinds.add(other.pain)
    page = Condition.objects.with_parts().get(slug="sciatica")
    planted = {"its own": [own], "the neck's": [own, other], "nobody's": []}
    shown = [Use(name, "Helps.", "offered", rows) for name, rows in planted.items()]

    assert [found.partition(": ")[2] for found in astray(page, shown)] == ["the neck's", "nobody's"]


@pytest.mark.parametrize(
    ("page", "slugs"),
    [
        ("upper-back-pain", {"upper", "rounding", "weak-bones"}),
        ("sciatica", {"leg", "low-back-or-leg", "chronic-or-leg"}),
    ],
)
def test_page_shows_evidence_of_its_own_kinds_of_pain_alone(content, page, slugs):
    condition = Condition.objects.with_parts().get(slug=page)
    shown = {row.pain.slug for use in shown_on(condition) for row in use.evidence}

    assert shown == slugs


def test_low_back_evidence_stands_on_no_page_about_the_upper_back(content, client):
    html = client.get("/conditions/upper-back-pain/").content.decode()

    assert "low back pain: <strong>" not in html
    assert "neck pain: <strong>" not in html


def test_a_verdict_on_a_page_of_the_upper_back_says_if_its_evidence_is_of_the_low_back(content):
    pages = Condition.objects.published().filter(areas__slug="upper-back").with_parts()
    shown = [(page, use) for page in pages for use in shown_on(page) if use.verdict]
    borrowed = [
        f"{page}: {use.treatment}: {use.verdict}"
        for page, use in shown
        if all("low back" in row.pain.title for row in use.evidence)
        and "low back pain" not in use.verdict
    ]

    assert len(shown) == 42
    assert borrowed == []


def test_a_page_says_that_a_treatment_helps_where_a_source_does(content):
    pages = Condition.objects.published().with_parts()
    told = [
        (f"{page}: {use}", {row.verdict for row in use.evidence})
        for page in pages
        for use in shown_on(page)
        if SAYS_IT_HELPS.search(use.verdict)
    ]

    assert len(told) == 47
    assert [name for name, verdicts in told if not verdicts & HELPS] == []


def test_only_a_guideline_advises_against_a_treatment(content):
    rows = Evidence.objects.filter(verdict=Evidence.Verdict.NOT_RECOMMENDED)

    assert set(rows.values_list("citation__slug", flat=True)) == GUIDELINES


def test_certainty_is_what_the_who_guideline_gives(content):
    rows = Evidence.objects.filter(citation__slug="who-2023")
    told = {
        row.treatment.slug: next((w for w in (VERY_LOW, LOW) if row.note.endswith(w)), "")
        for row in rows.select_related("treatment")
    }

    assert told == WHO_2023
