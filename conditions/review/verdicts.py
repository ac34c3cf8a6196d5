"""No verdict without a source that speaks of what the page is about.

A page leaves such a verdict out; here it is named, so that somebody mends it.
"""

from collections.abc import Iterator
from typing import Any

from conditions.models import Condition, ConditionTreatment, Slugged, Treatment
from conditions.shipped.fixtures import Record

NOT_SHOWN = "is not shown: no source of it speaks of a kind of pain of the page"


def without_source(rows: list[Record]) -> Iterator[str]:
    """Of the files: verdicts on a page's treatment for which no source that ships speaks of a kind
    of pain of that page. To stand among what is not advised is a verdict too.
    """
    kinds = {r.slug: r.many.get("pain_kinds", []) for r in rows if r.name == "condition"}
    said = {(_key(row, "treatment"), _key(row, "pain")) for row in rows if row.name == "evidence"}
    for row in rows:
        if row.name == "conditiontreatment" and _judges(row.fields):
            condition, treatment = _key(row, "condition"), _key(row, "treatment")
            if not any((treatment, kind) in said for kind in kinds.get(condition, [])):
                yield f"{row}: judged without a source for a kind of pain of {condition}"


def advice(row: Slugged) -> Iterator[str]:
    """Of a saved condition or treatment: each verdict that its page leaves out. One query."""
    if isinstance(row, Condition):
        for use in row.treatment_uses.without_source():
            yield f"What is said of “{use.treatment}” {NOT_SHOWN}"
    if isinstance(row, Treatment):
        for use in row.uses.without_source().select_related("condition"):
            yield f"What “{use.condition}” says of it {NOT_SHOWN}"


def _judges(fields: dict[str, Any]) -> bool:
    group = fields.get("group", ConditionTreatment.Group.OFFERED)
    return bool(fields.get("verdict")) or group == ConditionTreatment.Group.NOT_ADVISED


def _key(row: Record, field: str) -> str:
    """The slug of the row that a field names; empty if it names none."""
    return (row.fields.get(field) or [""])[0]
