"""What an editor is warned of: the rules for shipped words, asked of a row in the database."""

from typing import Any

from conditions.models import Citation, Slugged
from conditions.pages.reading import Reading
from conditions.review import checks
from conditions.review.confirming import CLINICAL
from conditions.shipped.fixtures import Record

# Kinds of rows with a form of their own, each with the parts edited on it.
PARTS: dict[str, list[str]] = CLINICAL | {"page": ["sections"], "testimonial": []}


def advice(row: Slugged) -> list[str]:
    """Long sentences, numbers without a source, dead links and hard words, a line each.

    Advice only: a clinic's own edit is never refused for it. At most two queries, and one for
    each kind of parts.
    """
    kind = row._meta.model_name or ""
    if kind not in PARTS:
        return []
    subject: Any = row
    parts = [part for name in PARTS[kind] for part in getattr(subject, name).all()]
    records = [_record(row, {}), *(_record(part, {kind: [row.slug]}) for part in parts)]
    titles = {(part._meta.model_name, part.slug): str(part) for part in parts}
    known = set(Citation.objects.values_list("slug", flat=True))
    lines = [
        f"{_place(fault, titles)} {fault.what}"
        for fault in checks.faults(records, known, Reading().may_link)
    ]
    grades = [
        f"The whole reads like grade {grade:.1f}: aim for {checks.MOST_GRADE:.0f} or less"
        for _page, grade in checks.hard_to_read(records)
    ]
    return lines + grades


def _record(row: Slugged, parent: dict[str, Any]) -> Record:
    name = row._meta.model_name or ""
    words = {field: getattr(row, field) for field in checks.PROSE.get(name, [])}
    return Record(name, row.slug, words | parent)


def _place(fault: checks.Fault, titles: dict[tuple[str | None, str], str]) -> str:
    """The field as its form calls it, and in a list the row that it belongs to."""
    known: Any = fault.row.model._meta.get_field(fault.field)
    field = str(known.verbose_name).capitalize()
    title = titles.get((fault.row.name, fault.row.slug))
    return f"{field} of “{title}”" if title else field
