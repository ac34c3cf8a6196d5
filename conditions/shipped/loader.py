"""Load the shipped content without ever undoing what an editor did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializedObject
from django.db import transaction
from django.db.models import Q, QuerySet, UniqueConstraint

from conditions.models import (
    BodyArea,
    ContentVersion,
    LoadedRow,
    NewerText,
    Slugged,
    UrgencyLine,
)
from conditions.models.base import SIGNATURE, is_any_signed
from conditions.shipped import digests
from conditions.shipped.fixtures import Record

PLACE = "order"


@dataclass
class Report:
    """What a load did: how many rows, which it left alone, each with the reason, and which signed
    ones the files have a newer text of.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)


class DoesNotFit(Exception):
    """A row cannot be written: what it belongs to is gone, or another row is in its place."""


@transaction.atomic
def load(records: Iterable[Record], *, overwrite: bool = False) -> Report:
    """Bring the database up to the files: all of it, or nothing.

    Absent and never loaded: created. Absent and loaded before: an editor deleted it, left.
    As it was loaded: updated. Changed since: left and reported. Signed, and the file says
    something new: left for a reviewer to decide (`NewerText`). A state or a signature is no change
    of a text, and an update leaves both. With `overwrite` the files win over everything.
    """
    report = Report()
    remembered = {(row.model, row.slug): row for row in LoadedRow.objects.all()}
    written, newer = [], []
    for record in records:
        memory = remembered.get((record.name, record.slug))
        if overwrite or not _is_newer(record, memory):
            if _write(record, memory, report, overwrite=overwrite):
                written.append(record)
        else:
            newer.append(record)
    for record in written:
        _set_many(record)
    _remember(written)
    _offer(newer, report)
    if written:
        ContentVersion.objects.bump()
    return report


def _is_newer(record: Record, memory: LoadedRow | None) -> bool:
    """Whether the row is signed, and the file says something of it that it did not say before."""
    if memory and memory.file_digest == digests.of_file(record):
        return False
    row, built = found(record), build(record)
    if built.deferred_fields or (row is None and memory and not memory.kept):
        return False
    if row is None:
        stands = _is_signed_part(built.object) or _warns_on_signed_pages(record)
        # Where an editor made one of their own, that is left, and named.
        return stands and not _same_key(built.object).exists()
    said_anew = differing(record, row, built).keys() - {PLACE}
    comes = row.part_of in said_anew and _is_signed_part(built.object)
    return memory is not None and bool(said_anew) and (comes or is_signed(record, row))


def is_signed(record: Record, row: Slugged) -> bool:
    """Whether a signed page shows the row as it is, or would show it as the file has it."""
    return row.is_signed_off() or _warns_on_signed_pages(record)


def _is_signed_part(row: Any) -> bool:
    """Whether a row that is not there yet would stand on a signed page."""
    page = whole_of(row)
    return row.is_signed_off() or (page is not None and page.is_signed_off())


def _warns_on_signed_pages(record: Record) -> bool:
    """Whether it is a warning of every page or of body areas, which has no page of its own, and a
    signed page would show it.
    """
    if record.model is not UrgencyLine or record.fields.get("condition"):
        return False
    slugs = record.many.get("areas")
    if not slugs:
        return is_any_signed()
    return any(area.is_signed_off() for area in BodyArea.objects.filter(slug__in=slugs))


def _write(record: Record, memory: LoadedRow | None, report: Report, *, overwrite: bool) -> bool:
    """Save one row, or say why not. True if the row is now what the file says."""
    row, built = found(record), build(record)
    if built.deferred_fields:
        return _leave(report, record, "what it belongs to is not there")
    is_current = memory is not None and memory.file_digest == digests.of_file(record)
    if memory and is_current and memory.kept and not overwrite:
        report.unchanged += 1
        return False
    reason = "" if overwrite else _reason_to_leave(record, row, memory, built)
    if reason:
        return _leave(report, record, reason)
    if row and is_current and not overwrite:
        report.unchanged += 1
        return False
    if overwrite:
        _same_key(built.object).delete()
    else:
        keep_signature(row, built)
        _keep_place(row, built)
    built.save()
    report.updated += bool(row)
    report.created += not row
    return True


def _reason_to_leave(
    record: Record, row: Slugged | None, memory: LoadedRow | None, built: DeserializedObject
) -> str:
    if row is None:
        is_ours = memory or _same_key(built.object).exists()
        return ("an editor deleted it" if memory else "an editor made it") if is_ours else ""
    if memory is None:
        return "an editor made it" if differing(record, row, built) else ""
    # Of a signed row the file says the same, or has said it before: a clinician has decided.
    return "an editor changed it" if is_changed(row, memory) and not row.is_signed_off() else ""


def _same_key(row: Any) -> QuerySet:
    """Other rows beside which the database would not keep this one."""
    rules = [rule for rule in row._meta.constraints if isinstance(rule, UniqueConstraint)]
    same = [Q(**{name: getattr(row, name) for name in rule.fields}) for rule in rules]
    others = type(row)._default_manager.exclude(pk=row.pk)
    return others.filter(reduce(or_, same)) if same else others.none()


def _leave(report: Report, record: Record, reason: str) -> bool:
    report.left.append(f"{record}: {reason}")
    return False


def whole_of(row: Any) -> Slugged | None:
    """The row on whose page this one is read, if it has one and that is there."""
    return getattr(row, row.part_of, None) if row.part_of else None


def found(record: Record) -> Any:
    """The row in the database, or None."""
    return record.model._default_manager.filter(slug=record.slug).first()


def build(record: Record) -> DeserializedObject:
    """The row as the file says it, with the key of the row in the database if there is one."""
    plain = {"model": f"conditions.{record.name}", "fields": record.own}
    (built,) = serializers.deserialize("python", [plain], handle_forward_references=True)
    return built


def keep_signature(row: Slugged | None, built: DeserializedObject) -> None:
    """A text that is brought up to date stays a draft if an editor made it one."""
    made: Any = built.object
    for name in SIGNATURE if row else ():
        if hasattr(row, name):
            setattr(made, name, getattr(row, name))


def _keep_place(row: Slugged | None, built: DeserializedObject) -> None:
    """On a signed page the rows stay in the order in which they were read, and what stands there
    as it was signed stays: another order alone is no newer text.
    """
    for name in (PLACE, "stands_as_signed") if row and row.is_signed_off() else ():
        if hasattr(row, name):
            setattr(built.object, name, getattr(row, name))


def differing(record: Record, row: Slugged, built: DeserializedObject) -> dict[str, Any]:
    """The fields of a row that the file says otherwise, each with what it says."""
    many = {name: [[slug] for slug in slugs] for name, slugs in record.many.items()}
    said = digests.words(built.object) | many
    mine = digests.of_values(digests.words(row))
    theirs = digests.of_values(said)
    return {name: said[name] for name in mine if theirs[name] != mine[name]}


def is_changed(row: Slugged, memory: LoadedRow) -> bool:
    """Whether an editor has changed a word or a link since the row was loaded, or a reviewer has
    kept the clinic's own.
    """
    now = digests.of_values(digests.words(row))
    return (
        memory.kept
        or not memory.values
        or any(memory.values.get(name, digest) != digest for name, digest in now.items())
    )


def _set_many(record: Record) -> None:
    """Links to rows that an editor deleted are left out."""
    row = record.model._default_manager.get(slug=record.slug)
    for name, slugs in record.many.items():
        targets = getattr(row, name)
        targets.set(targets.model._default_manager.filter(slug__in=slugs))


def _remember(records: Sequence[Record], *, kept: bool = False) -> None:
    rows = [(record, found(record)) for record in records]
    LoadedRow.objects.bulk_create(
        [
            LoadedRow(
                model=record.name,
                slug=record.slug,
                file_digest=digests.of_file(record),
                values=digests.of_values(digests.words(row)) if row else {},
                kept=kept,
            )
            for record, row in rows
        ],
        update_conflicts=True,
        unique_fields=["model", "slug"],
        update_fields=["file_digest", "values", "kept", "loaded_at"],
    )


def _offer(records: list[Record], report: Report) -> None:
    """Keep what the files say now of signed rows, until a reviewer has decided."""
    NewerText.objects.all().delete()
    NewerText.objects.bulk_create(
        NewerText(model=record.name, slug=record.slug, fields=record.fields) for record in records
    )
    report.newer += map(str, records)


def fits(record: Record) -> bool:
    """Whether the row could be written: what it belongs to is there, and no other row is in its
    place.
    """
    built = build(record)
    return not built.deferred_fields and not _same_key(built.object).exists()


def take(records: Sequence[Record]) -> list[Any]:
    """Write what the files say over these rows, and give the rows; signatures stay as they were.

    Links come once every row is there, since one may lead to another. Raises DoesNotFit.
    """
    for record in records:
        if not fits(record):
            raise DoesNotFit(str(record))
        built = build(record)
        keep_signature(found(record), built)
        built.save()
    for record in records:
        _set_many(record)
    _remember(records)
    return [found(record) for record in records]


def keep(record: Record) -> None:
    """Leave the row as it is, and say no more of what the file says now."""
    _remember([record], kept=True)
