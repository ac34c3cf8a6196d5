"""What an editor is warned of: the rules for shipped words, asked of a row in the database."""

from typing import Any

from django.db.models import Model

from conditions.models import Citation, Slugged
from conditions.pages.reading import Reading
from conditions.review import checks, verdicts
from conditions.shipped.fixtures import Record


def advice(row: Model) -> list[str]:
    """Long sentences, what has no source, dead links and hard words, a line each.

    Advice only: a clinic's own edit is never refused for it. At most seven queries, and one for
    each kind of parts.
    """
    if not isinstance(row, Slugged) or not row.prose:
        return []
    parts = row.edited_rows()
    records = [_record(row, {}), *(_record(part, {part.part_of: [row.slug]}) for part in parts)]
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
    return [*lines, *verdicts.advice(row), *grades]


def _record(row: Slugged, parent: dict[str, Any]) -> Record:
    words = {field: getattr(row, field) for field in row.prose}
    return Record(row._meta.model_name or "", row.slug, words | parent)


def _place(fault: checks.Fault, titles: dict[tuple[str | None, str], str]) -> str:
    """The field as its form calls it, and in a list the row that it belongs to."""
    known: Any = fault.row.model._meta.get_field(fault.field)
    field = str(known.verbose_name).capitalize()
    title = titles.get((fault.row.name, fault.row.slug))
    return f"{field} of “{title}”" if title else field
