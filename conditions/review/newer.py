"""Signed texts of which the shipped files have a newer version: read, then taken or kept."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import ngettext

from conditions.models import ConditionTreatment, NewerText, Reviewed, Reviewer
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
    """Rows that stand on the same signed pages, now or once they are taken: whoever reads these
    pages as they would stand takes all of them at once.
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


def pending() -> list[Together]:
    """All that waits for a decision, in the order of the files."""
    rows = [_newer(text) for text in NewerText.objects.order_by("pk")]
    found: list[Together] = []
    for row, pages in zip(rows, _pages_of(rows), strict=True):
        joined = [each for each in found if not pages.isdisjoint(each.pages)]
        found = [each for each in found if pages.isdisjoint(each.pages)]
        mine = [*(other for each in joined for other in each.rows), row]
        shown = {*pages, *(page for each in joined for page in each.pages)}
        found.append(Together(sorted(mine, key=_place), sorted(shown, key=_name)))
    return sorted(found, key=lambda each: _place(each.rows[0]))


def _place(row: Newer) -> int:
    return row.text.pk


def _name(page: Reviewed) -> tuple[str, int]:
    return page._meta.label, page.pk


def _pages_of(rows: Sequence[Newer]) -> list[set[Reviewed]]:
    """Of each row the signed pages on which it stands, and would stand if all rows were taken:
    tried, and undone again.
    """
    before = [_signed_pages(each.row) if each.row else set() for each in rows]
    records = [_record(each.text) for each in rows]
    fitting = [record for record in records if loader.fits(record)]
    after: dict[str, set[Reviewed]] = {}
    with suppress(loader.DoesNotFit), transaction.atomic():
        taken = dict(zip(map(str, fitting), loader.take(fitting), strict=True))
        after = {name: _signed_pages(row) for name, row in taken.items()}
        transaction.set_rollback(True)
    return [
        pages | after.get(str(record), set()) for pages, record in zip(before, records, strict=True)
    ]


def _signed_pages(row: Any) -> set[Reviewed]:
    own = [row] if isinstance(row, Reviewed) and row.is_signed_off() else []
    return {*own, *pages_showing([row], once_signed=True)}


def find(model: str, slug: str) -> Together | None:
    """What would be taken with this row. Its locks close the race with another decision, and with a
    saving: what is decided on is what is there.
    """
    list(NewerText.objects.select_for_update().order_by("pk").values_list("pk"))
    if (found := _with(model, slug)) is None:
        return None
    for page in found.pages:
        approval.hold(page)
    for each in found.rows:
        rows = _record(each.text).model._base_manager.select_for_update(no_key=True)
        list(rows.filter(slug=each.text.slug).values_list("pk"))
    return _with(model, slug)


def _with(model: str, slug: str) -> Together | None:
    asked = (model, slug)
    for each in pending():
        if asked in [(row.text.model, row.text.slug) for row in each.rows]:
            return each
    return None


@transaction.atomic
def take(together: Together, reviewer: Reviewer, on: date) -> list[Any]:
    """Take the new texts and sign them, and give the rows. `on` is the clinic's date.

    What was no longer signed takes the text alone. Raises approval.UnsignedParts, and takes
    nothing, where a page would show a part that nobody has signed, LosesVerdict where a signed page
    would lose what it says of a treatment, and loader.DoesNotFit.
    """
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
        if isinstance(row, Reviewed) and (was or row in comes)
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
