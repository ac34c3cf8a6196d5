"""No verdict without a source that speaks of what the page is about.

A page leaves such a verdict out; here it is named, so that somebody mends it.
"""

from collections.abc import Iterator
from typing import Any

from conditions.models import (
    Condition,
    ConditionTreatment,
    PainKind,
    Slugged,
    State,
    Treatment,
)
from conditions.models.areas import share
from conditions.shipped.fixtures import Record

NOT_SHOWN = "is not shown: no source of it speaks of a kind of pain of the page"
STANDS = "stands as it was signed, but no source of it speaks of a kind of pain of the page"
ELSEWHERE = "is a pain of none of its body areas: the page shows nothing that sources say of it"


def of_other_areas(rows: list[Record]) -> Iterator[str]:
    """Of the files: kinds of pain of a condition that share no part of the body with it."""
    own = _own_kinds(rows)
    for row in rows:
        for kind in row.many.get("pain_kinds", []):
            if kind not in own[row.slug]:
                yield f"{row}: {kind} {ELSEWHERE}"


def without_source(rows: list[Record]) -> Iterator[str]:
    """Of the files: verdicts on a page's treatment for which no source that ships speaks of a kind
    of pain of that page and of its parts of the body. To stand among what is not advised is a
    verdict too.
    """
    kinds = _own_kinds(rows)
    said = {(_key(row, "treatment"), _key(row, "pain")) for row in rows if row.name == "evidence"}
    for row in rows:
        if row.name == "conditiontreatment" and _judges(row.fields):
            condition, treatment = _key(row, "condition"), _key(row, "treatment")
            if not any((treatment, kind) in said for kind in kinds.get(condition, [])):
                yield f"{row}: judged without a source for a kind of pain of {condition}"


def advice(row: Slugged) -> Iterator[str]:
    """Of a saved condition, treatment or kind of pain: each verdict that a page leaves out, and
    each kind that no page of its areas speaks of. At most four queries.
    """
    if isinstance(row, PainKind):
        for page in _pages_elsewhere(row):
            yield f"“{page}” speaks of it, but it {ELSEWHERE}"
    if isinstance(row, Condition):
        for kind in _kinds_elsewhere(row):
            yield f"“{kind}” {ELSEWHERE}"
        for use in row.treatment_uses.without_source():
            yield f"What is said of “{use.treatment}” {NOT_SHOWN}"
        for use in row.treatment_uses.as_signed():
            yield f"What is said of “{use.treatment}” {STANDS}"
    if isinstance(row, Treatment):
        for use in row.uses.without_source().select_related("condition"):
            yield f"What “{use.condition}” says of it {NOT_SHOWN}"


def left_out() -> list[ConditionTreatment]:
    """What signed pages would say of a treatment, had it a source. One query."""
    found = ConditionTreatment.objects.without_source().filter(condition__state=State.APPROVED)
    return list(found.select_related("condition").order_by("pk"))


def _pages_elsewhere(kind: PainKind) -> list[Condition]:
    areas = list(kind.areas.all())
    pages = kind.conditions.prefetch_related("areas")
    return [page for page in pages if not share(page.areas.all(), areas)]


def _kinds_elsewhere(page: Condition) -> list[PainKind]:
    areas = list(page.areas.all())
    kinds = page.pain_kinds.prefetch_related("areas")
    return [kind for kind in kinds if not share(kind.areas.all(), areas)]


def _own_kinds(rows: list[Record]) -> dict[str, list[str]]:
    """Of the files, as `Condition.own_kinds`: slugs of kinds by the slug of the condition."""
    areas = {(row.name, row.slug): set(row.many.get("areas", [])) for row in rows}
    whole = {r.slug for r in rows if r.name == "bodyarea" and r.fields.get("is_whole_body")}

    def share(page: str, kind: str) -> bool:
        mine, theirs = areas["condition", page], areas.get(("painkind", kind), set())
        return bool(mine & theirs or (mine | theirs) & whole)

    pages = {r.slug: r.many.get("pain_kinds", []) for r in rows if r.name == "condition"}
    return {page: [kind for kind in kinds if share(page, kind)] for page, kinds in pages.items()}


def _judges(fields: dict[str, Any]) -> bool:
    group = fields.get("group", ConditionTreatment.Group.OFFERED)
    return bool(fields.get("verdict")) or group == ConditionTreatment.Group.NOT_ADVISED


def _key(row: Record, field: str) -> str:
    """The slug of the row that a field names; empty if it names none."""
    return (row.fields.get(field) or [""])[0]
