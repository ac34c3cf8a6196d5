"""Which rows were erased for those who asked: kept beside the backups, so that a restored one does
not bring them back. Numbers of rows alone: they lead to nobody, but in a backup.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from booking.models import Appointment, DataRequest, Enquiry, WaitlistEntry
from booking.records import erasing

FILE = "erased.json"
LONGEST = timedelta(days=400)  # the oldest backup that is kept is a year old

Rows = dict[str, list[Any]]


def keys_of(
    gone: Iterable[Appointment],
    kept: Iterable[Appointment],
    wishes: Iterable[WaitlistEntry],
    questions: Iterable[Enquiry],
) -> Rows:
    """What the rows are found by in a backup. A number alone is given again to another row where a
    database was taken back to before it: so it goes with its moment.
    """
    return {
        "visits": [str(row.uuid) for row in gone],
        "kept": [str(row.uuid) for row in kept],
        "wishes": [[row.pk, row.created_at.isoformat()] for row in wishes],
        "questions": [[row.pk, row.created_at.isoformat()] for row in questions],
    }


def write(folder: Path, now: datetime) -> None:
    """Have the list in that folder name all that the database and the list itself know of: after a
    restore the list knows more. Where there is no such folder, no backup was made. Raises OSError.
    """
    if not folder.is_dir():
        return
    found = {entry["at"]: entry["rows"] for entry in read(folder)}
    done = DataRequest.objects.filter(kind=DataRequest.Kind.ERASED).exclude(rows={})
    found |= {row.made_at.isoformat(): row.rows for row in done}
    held = [
        {"at": at, "rows": rows}
        for at, rows in sorted(found.items())
        if datetime.fromisoformat(at) > now - LONGEST
    ]
    if held:
        _put(folder / FILE, json.dumps(held))


def read(folder: Path) -> list[dict[str, Any]]:
    """Each erasure of the list in that folder: when it was, and its rows; none without a list.
    Raises OSError, and ValueError where it is no such list.
    """
    file = folder / FILE
    return list(json.loads(file.read_text())) if file.is_file() else []


def again(entries: Iterable[dict[str, Any]]) -> int:
    """Erase once more what these name, and write down that it was, of what the database does not
    know. Returns how many rows there were again.
    """
    count = 0
    for entry in entries:
        with transaction.atomic():
            count += _erase(entry["rows"])
            _note(datetime.fromisoformat(entry["at"]), entry["rows"])
    return count


def _erase(rows: Rows) -> int:
    gone, kept = (_keys(Appointment, Q(uuid__in=rows[name])) for name in ("visits", "kept"))
    wishes, questions = (
        [key for pk, at in rows[name] for key in _keys(model, Q(pk=pk, created_at=at))]
        for name, model in (("wishes", WaitlistEntry), ("questions", Enquiry))
    )
    erasing.erase_visits(gone)
    erasing.strip_visits(kept)
    erasing.erase_wishes(wishes)
    erasing.erase_questions(questions)
    return len(gone) + len(wishes) + len(questions)


def _keys(model: type[models.Model], which: Q) -> list[int]:
    return list(model._default_manager.filter(which).order_by().values_list("pk", flat=True))


def _note(at: datetime, rows: Rows) -> None:
    if not DataRequest.objects.filter(kind=DataRequest.Kind.ERASED, made_at=at).exists():
        counts = {name: len(found) for name, found in rows.items()}
        DataRequest.objects.create(kind=DataRequest.Kind.ERASED, made_at=at, rows=rows, **counts)


def _put(file: Path, text: str) -> None:
    """Whole or not at all."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        partial.touch(mode=0o600)
        with partial.open("w") as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
