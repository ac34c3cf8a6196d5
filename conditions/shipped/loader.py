"""Load the shipped content without ever undoing what an editor did."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializedObject
from django.db import transaction

from conditions.models import ContentVersion, LoadedRow, Slugged
from conditions.shipped.fixtures import Record, links


@dataclass
class Report:
    """What a load did: how many rows, and which it left alone, each with the reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)


@transaction.atomic
def load(records: Iterable[Record], *, overwrite: bool = False) -> Report:
    """Bring the database up to the files: all of it, or nothing.

    Absent and never loaded: created. Absent and loaded before: an editor deleted it, left.
    As it was loaded: updated. Changed since, or on a page that is signed off: left and reported.
    With `overwrite` the files win over everything.
    """
    report = Report()
    remembered = {(row.model, row.slug): row for row in LoadedRow.objects.all()}
    written = []
    for record in records:
        memory = remembered.get((record.name, record.slug))
        if _write(record, memory, report, overwrite=overwrite):
            written.append(record)
    for record in written:
        _set_many(record)
    _remember(written)
    if written:
        ContentVersion.objects.bump()
    return report


def _write(record: Record, memory: LoadedRow | None, report: Report, *, overwrite: bool) -> bool:
    """Save one row, or say why not. True if the row is now what the file says."""
    row = record.model._default_manager.filter(slug=record.slug).first()
    built = _build(record)
    if built.deferred_fields:
        return _leave(report, record, "what it belongs to is not there")
    reason = "" if overwrite else _reason_to_leave(record, row, memory, built)
    if reason:
        return _leave(report, record, reason)
    if row and memory and memory.file_digest == _file_digest(record) and not overwrite:
        report.unchanged += 1
        return False
    built.save()
    report.updated += bool(row)
    report.created += not row
    return True


def _reason_to_leave(
    record: Record, row: Slugged | None, memory: LoadedRow | None, built: DeserializedObject
) -> str:
    if row is None and memory:
        return "an editor deleted it"
    if row and not memory and _row_digest(row) != _shipped_digest(record, built):
        return "an editor made it"
    if row and memory and _row_digest(row) != memory.row_digest:
        return "an editor changed it"
    subject: Any = row or built.object
    if subject.is_signed_off() and not _is_current(record, memory):
        return "it stands on a page that is signed off"
    return ""


def _leave(report: Report, record: Record, reason: str) -> bool:
    report.left.append(f"{record}: {reason}")
    return False


def _build(record: Record) -> DeserializedObject:
    """The row as the file says it, with the key of the row in the database if there is one."""
    plain = {"model": f"conditions.{record.name}", "fields": record.own}
    (built,) = serializers.deserialize("python", [plain], handle_forward_references=True)
    return built


def _set_many(record: Record) -> None:
    """Links to rows that an editor deleted are left out."""
    row = record.model._default_manager.get(slug=record.slug)
    for name, slugs in record.many.items():
        targets = getattr(row, name)
        targets.set(targets.model._default_manager.filter(slug__in=slugs))


def _remember(records: list[Record]) -> None:
    LoadedRow.objects.bulk_create(
        [
            LoadedRow(
                model=record.name,
                slug=record.slug,
                file_digest=_file_digest(record),
                row_digest=_row_digest(record.model._default_manager.get(slug=record.slug)),
            )
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["model", "slug"],
        update_fields=["file_digest", "row_digest", "loaded_at"],
    )


def _is_current(record: Record, memory: LoadedRow | None) -> bool:
    return memory is not None and memory.file_digest == _file_digest(record)


def _file_digest(record: Record) -> str:
    return _digest(record.fields)


def _row_digest(row: Any) -> str:
    return _digest(_fields(row))


def _shipped_digest(record: Record, built: DeserializedObject) -> str:
    """What `_row_digest` would be if the row were exactly what the file says."""
    many = {name: [[slug] for slug in record.many.get(name, [])] for name in links(record.model)}
    return _digest(_fields(built.object) | many)


def _fields(row: Any) -> dict[str, Any]:
    (plain,) = serializers.serialize("python", [row], use_natural_foreign_keys=True)
    return plain["fields"]


def _digest(fields: dict[str, Any]) -> str:
    """Of what an editor can change: saving a form unchanged must not count as a change."""
    told = {name: _same(value) for name, value in fields.items() if name != "updated_at"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _same(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list | tuple):
        return sorted(json.dumps(item) for item in value)
    return value
