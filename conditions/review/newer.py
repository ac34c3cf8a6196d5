"""Signed texts of which the shipped files have a newer version: read, then taken or kept."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import ngettext

from conditions.models import ConditionTreatment, NewerText, Reviewed, Reviewer
from conditions.review import approval, verdicts, wording
from conditions.review.parts import unsigned
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


def pending() -> list[Newer]:
    """All that waits for a decision, in the order of the files."""
    return [_newer(text) for text in NewerText.objects.order_by("pk")]


def find(model: str, slug: str) -> Newer | None:
    """What waits of one row. Its locks close the race with another decision, and with a saving:
    what is decided on is what is there.
    """
    text = NewerText.objects.select_for_update().filter(model=model, slug=slug).first()
    if text is None:
        return None
    rows = _record(text).model._base_manager.select_for_update(no_key=True)
    list(rows.filter(slug=slug).values_list("pk"))
    return _newer(text)


@transaction.atomic
def take(newer: Newer, reviewer: Reviewer, on: date) -> Any:
    """Take the new text and sign it, and give the row. `on` is the clinic's date.

    What was no longer signed takes the text alone. Raises approval.UnsignedParts, and takes
    nothing, where a page would show a part that nobody has signed, and LosesVerdict where a
    signed page would lose what it says of a treatment.
    """
    was_signed = newer.row is None or newer.row.is_signed_off()
    left_out = verdicts.left_out()
    row = loader.take(_record(newer.text))
    if lost := [use for use in verdicts.left_out() if use not in left_out]:
        raise LosesVerdict(lost)
    if was_signed and isinstance(row, Reviewed):
        approval.approve(content=row, reviewer=reviewer, on=on)
    elif was_signed:
        _check_page(row)
    newer.text.delete()
    return row


def _check_page(row: Any) -> None:
    """A part without a signature of its own shows nothing that its page could not show."""
    page = getattr(row, row.part_of, None) if row.part_of else None
    if isinstance(page, Reviewed) and (parts := unsigned(page)):
        raise approval.UnsignedParts(parts)


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
        title=str(row or built.object),
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
