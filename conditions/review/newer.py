"""Signed texts of which the shipped files have a newer version: read, then taken or kept."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import ngettext

from conditions.models import (
    Author,
    ConditionTreatment,
    NewerText,
    Reviewed,
    Reviewer,
    SafetyLine,
    Slugged,
    UrgencyLine,
)
from conditions.models.base import parts_of
from conditions.review import approval, verdicts, wording
from conditions.review.parts import pages_showing, unsigned
from conditions.review.wording import Line
from conditions.shipped import digests, loader
from conditions.shipped.fixtures import Record


class Difference(NamedTuple):
    """One field of a row: what is the clinic's alone is "gone", what ships alone is "new"."""

    label: str
    lines: list[Line]


class Newer(NamedTuple):
    """One row with a newer text. Without a row, the file adds it to a signed page."""

    text: NewerText
    row: Any
    title: str
    kind: str
    differences: list[Difference]
    version: str


class Together(NamedTuple):
    """Rows that are taken at once, and the signed pages on which they stand, now or once taken:
    whoever takes them reads each of these pages as it would stand. None of a row that is read
    alone.
    """

    rows: list[Newer]
    pages: list[Reviewed]


class LosesVerdict(Exception):
    """The new text would take a verdict from a signed page: no source would speak for it."""

    def __init__(self, uses: Sequence[ConditionTreatment]) -> None:
        named = (f"“{use.treatment}” ({use.condition})" for use in uses)
        super().__init__(", ".join(named))
        self.uses = uses


def told(number: int) -> str:
    """The one sentence that says so; none without any."""
    if not number:
        return ""
    return ngettext(
        "%(n)s signed text has a newer version: a reviewer reads it, and takes it or keeps ours.",
        "%(n)s signed texts have a newer version: a reviewer reads them, and takes them or keeps"
        " ours.",
        number,
    ) % {"n": number}


def pending() -> list[list[Newer]]:
    """All that waits for a decision, in the order of the files: rows of one signed page together,
    and those of which one names another; each that is read alone by itself.
    """
    rows = [_newer(text) for text in NewerText.objects.order_by("pk")]
    waiting = set(map(_own_tie, rows))
    found: list[tuple[set[Any], list[Newer]]] = []
    for row in rows:
        ties, mine = _ties(row, waiting), [row]
        for each in [each for each in found if not ties.isdisjoint(each[0])]:
            found.remove(each)
            ties, mine = ties | each[0], mine + each[1]
        found.append((ties, sorted(mine, key=_place)))
    return sorted((mine for _ties, mine in found), key=lambda mine: _place(mine[0]))


def _place(row: Newer) -> int:
    return row.text.pk


def _own_tie(row: Newer) -> tuple[str, str]:
    return row.text.model, row.text.slug


def _ties(row: Newer, waiting: set[tuple[str, str]]) -> set[Any]:
    """What a row has in common with others: itself, the waiting rows that its file puts on it, and
    the signed pages on which it stands or which it would stand on.
    """
    record = _record(row.text)
    if is_read_alone(row):
        return {_own_tie(row)}
    named = {
        (str(part.model._meta.model_name), slug)
        for part in parts_of(record.model)
        for slug in record.many.get(part.name, [])
    }
    rows = [row.row, loader.whole_of(loader.build(record).object)]
    pages = {page for each in rows if each for page in _signed_pages(each)}
    return {_own_tie(row), *(named & waiting), *pages}


def is_read_alone(row: Newer) -> bool:
    """Whether its difference holds all that readers get of it: what stands on most pages alike is
    not read on each of them.
    """
    record = _record(row.text)
    whole = loader.whole_of(loader.build(record).object)
    return issubclass(record.model, Author | SafetyLine | UrgencyLine) and whole is None


def _signed_pages(row: Slugged) -> set[Reviewed]:
    own = [row] if isinstance(row, Reviewed) and row.is_signed_off() else []
    return {*own, *pages_showing([row], once_signed=True)}


def find(model: str, slug: str) -> Together | None:
    """What is taken with this row; None if it does not wait."""
    rows = _with(model, slug)
    if not rows:
        return None
    return Together(rows, [] if is_read_alone(rows[0]) else _pages_of(rows))


def hold(together: Together) -> None:
    """Closes the race with another decision, and with a saving: what is found after this stays so
    until it is decided on.
    """
    list(NewerText.objects.select_for_update().order_by("pk").values_list("pk"))
    for page in together.pages:
        approval.hold(page)
    for each in together.rows:
        rows = _record(each.text).model._base_manager.select_for_update(no_key=True)
        list(rows.filter(slug=each.text.slug).values_list("pk"))


def _with(model: str, slug: str) -> list[Newer]:
    asked = (model, slug)
    return next((rows for rows in pending() if asked in map(_own_tie, rows)), [])


def _pages_of(rows: Sequence[Newer]) -> list[Reviewed]:
    """The signed pages on which these rows stand, and would stand once taken: tried, and undone."""
    found = {page for each in rows if each.row for page in _signed_pages(each.row)}
    with suppress(loader.DoesNotFit), transaction.atomic():
        for row in loader.take([_record(each.text) for each in rows]):
            found |= _signed_pages(row)
        transaction.set_rollback(True)
    return sorted(found, key=lambda page: (page._meta.label, page.pk))


@transaction.atomic
def take(together: Together, reviewer: Reviewer, on: date) -> list[Any]:
    """Take the new texts and sign them, and give the rows. `on` is the clinic's date.

    What was no longer signed takes the text alone. Raises approval.UnsignedParts, and takes
    nothing, where a page would show a part that nobody has signed, LosesVerdict where a signed page
    would lose what it says of a treatment, and loader.DoesNotFit.
    """
    is_alone = is_read_alone(together.rows[0])
    was_signed = [each.row is None or each.row.is_signed_off() for each in together.rows]
    waited = {page: unsigned(page) for page in together.pages}
    left_out = verdicts.left_out()
    rows = loader.take([_record(each.text) for each in together.rows])
    if lost := [use for use in verdicts.left_out() if use not in left_out]:
        raise LosesVerdict(lost)
    comes = {part for page in waited for part in unsigned(page) if part not in waited[page]}
    mine = [
        row
        for row, was in zip(rows, was_signed, strict=True)
        if isinstance(row, Reviewed) and (was or row in comes or is_alone)
    ]
    approval.approve_all(mine, reviewer, on)
    if left := [part for page in waited for part in unsigned(page) if part not in waited[page]]:
        raise approval.UnsignedParts(list(dict.fromkeys(left)))
    NewerText.objects.filter(pk__in=[each.text.pk for each in together.rows]).delete()
    return rows


@transaction.atomic
def keep(newer: Newer) -> None:
    """Keep the clinic's text. Nothing is said of it again until the file is newer still."""
    loader.keep(_record(newer.text))
    newer.text.delete()


@transaction.atomic
def overwrite(records: Sequence[Record]) -> tuple[loader.Report, list[Reviewed]]:
    """Load the files over every edit. Shipped pages become what the files say, unsigned; the
    clinic's own that showed other words of a row lose their signature, and are given back.
    """
    rows = [(record, loader.found(record)) for record in records]
    changed = [
        row for record, row in rows if row and loader.differing(record, row, loader.build(record))
    ]
    pages = pages_showing(changed)
    report = loader.load(records, overwrite=True)
    return report, [lost for page in pages for lost in approval.lose_signature(content=page)]


def _record(text: NewerText) -> Record:
    return Record(name=text.model, slug=text.slug, fields=text.fields)


def _newer(text: NewerText) -> Newer:
    record = _record(text)
    row, built = loader.found(record), loader.build(record)
    mine = digests.words(row) if row else {}
    theirs = loader.differing(record, row, built) if row else record.fields
    return Newer(
        text=text,
        row=row,
        title=str(record) if built.deferred_fields else str(row or built.object),
        kind=str(record.model._meta.verbose_name),
        differences=list(_differences(record, mine, theirs)),
        version=digests.of_values({"": [mine, text.fields]})[""],
    )


def _differences(
    record: Record, mine: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[Difference]:
    for name, value in theirs.items():
        if name not in digests.NOT_TOLD and name != "slug":
            known: Any = record.model._meta.get_field(name)
            label = str(getattr(known, "verbose_name", name)).capitalize()
            lines = wording.compared(_lines(mine.get(name)), _lines(value))
            yield Difference(label, lines)


def _lines(value: Any) -> list[str]:
    """A value as lines: a text by its lines, links by the names of what they lead to."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [each if isinstance(each, str) else ", ".join(map(str, each)) for each in value]
    return [line for line in str(value).splitlines() if line.strip()]
