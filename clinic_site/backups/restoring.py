"""A backup into an empty place, checked before anything is sent from it."""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from booking.constraints import missing_guards, overlaps
from booking.models import LastDone, OutgoingEmail, last_done
from booking.records import erased
from clinic_site.backups.archives import BLOCK, Manifest
from clinic_site.backups.making import UPLOADS
from clinic_site.backups.sealing import Unreadable
from clinic_site.backups.snapshots import (
    MIGRATIONS,
    NO_LIMITS,
    SQLITE_FILE,
    copy_statement,
    tables_of,
)


class Restored(NamedTuple):
    """What is there again: tables, their rows in all, files, messages that are held; and rows that
    were erased once more.
    """

    tables: int
    rows: int
    files: int
    held: int
    erased: int


def check_place(manifest: Manifest) -> None:
    """That this backup can go here, and nothing is here that it would lie over.

    Raises Unreadable.
    """
    check_empty()
    if manifest["database"] != connection.vendor:
        raise Unreadable(f"It is of {manifest['database']}: set DATABASE_URL to one of that kind.")
    known = set(MigrationLoader(None).disk_migrations)
    if set(map(tuple, manifest["migrations"])) - known:
        raise Unreadable("A newer release made it: install that one first.")


def check_empty() -> None:
    """That neither the database nor the folder of uploads holds anything. Raises Unreadable."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        is_empty = not Path(name).exists()
    else:
        is_empty = not connection.introspection.table_names()
    uploads = Path(settings.MEDIA_ROOT)
    if not is_empty:
        raise Unreadable("The database is not empty: restore into a new one.")
    if uploads.is_dir() and any(path.is_file() for path in uploads.rglob("*")):
        raise Unreadable("VAR_DIR/uploads is not empty: restore into a new VAR_DIR.")


def restore(
    manifest: Manifest, unpacked: Path, now: datetime, since: Sequence[dict[str, Any]]
) -> Restored:
    """Put it all in place. Mail that was owed is held in the same transaction in which it comes,
    or before its file is in place: no worker sends what may have left already. Who was erased
    `since` (see `records/erased`) is erased once more.

    Raises Unreadable, DatabaseError, OSError.
    """
    check_place(manifest)
    if connection.vendor == "sqlite":
        held, gone = _restore_sqlite(manifest, unpacked / SQLITE_FILE, now, since)
    else:
        held, gone = _restore_postgresql(manifest, unpacked / "tables", now, since)
    files = _restore_uploads(unpacked / UPLOADS)
    tables = manifest["tables"]
    rows = sum(table["rows"] for table in tables.values())
    return Restored(len(tables), rows, files, held, gone)


def _restore_sqlite(
    manifest: Manifest, file: Path, now: datetime, since: Sequence[dict[str, Any]]
) -> tuple[int, int]:
    """Checked, held and migrated beside its place, and moved there last."""
    place = Path(connection.settings_dict["NAME"])
    beside = place.with_name(f".{place.name}.restored")
    shutil.copyfile(file, beside)
    beside.chmod(0o600)
    try:
        _check_file(beside, manifest["tables"])
        connection.close()
        connection.settings_dict["NAME"] = beside
        held = OutgoingEmail.objects.hold_until_told(now)
        _catch_up()
        gone = _erase_again(manifest, since)
        connection.close()
        os.replace(beside, place)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = place
        beside.unlink(missing_ok=True)
    return held, gone


def _check_file(file: Path, tables: dict[str, Any]) -> None:
    """By SQLite's own checks of pages, indexes, constraints and keys, and every count."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)] or database.execute("PRAGMA foreign_key_check").fetchone():
            raise Unreadable("Its database is damaged, or rows in it break their constraints.")
        if tables_of(database) != tables:
            raise Unreadable("Its database has other rows than its manifest says.")


def _restore_postgresql(
    manifest: Manifest, folder: Path, now: datetime, since: Sequence[dict[str, Any]]
) -> tuple[int, int]:
    """Tables as they were, made by the migrations of that time; then their rows, in one
    transaction that the database ends by checking every constraint.
    """
    models = _migrate_as_then({tuple(each) for each in manifest["migrations"]})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NO_LIMITS)
        _empty(cursor)
        for table, its in manifest["tables"].items():
            _copy_in(cursor, table, its, folder / table)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        held = OutgoingEmail.objects.hold_until_told(now)
    _catch_up()
    return held, _erase_again(manifest, since)


def _migrate_as_then(applied: set[tuple[str, ...]]) -> list[type[Model]]:
    """Apply these, and no later ones; returns the models as they were."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    steps = executor.migration_plan(newest)
    plan = [(each, back) for each, back in steps if (each.app_label, each.name) in applied]
    state = executor.migrate(newest, plan=plan)
    return list(state.apps.get_models(include_auto_created=True))


def _empty(cursor: Any) -> None:
    """Without the rows that migrations have made: the backup holds its own."""
    names = set(connection.introspection.table_names(cursor)) - {MIGRATIONS}
    quoted = ", ".join(map(connection.ops.quote_name, sorted(names)))
    cursor.execute(f"TRUNCATE {quoted}")


def _copy_in(cursor: Any, table: str, its: dict[str, Any], file: Path) -> None:
    statement = copy_statement(table, its["columns"], "FROM STDIN")
    with file.open("rb") as rows, cursor.copy(statement) as copy:
        while block := rows.read(BLOCK):
            copy.write(block)
    if cursor.rowcount != its["rows"]:
        raise Unreadable(f"The table {table} has other rows than its manifest says.")


def _catch_up() -> None:
    """The migrations of this release, and what holds over all rows. Raises Unreadable."""
    call_command("migrate", interactive=False, verbosity=0)
    if missing := missing_guards():
        raise Unreadable(f"The guard against double booking is missing: {', '.join(missing)}")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(NO_LIMITS)
        if count := overlaps():
            raise Unreadable(f"Visits that overlap: {count}")


def _erase_again(manifest: Manifest, since: Sequence[dict[str, Any]]) -> int:
    """Whom the list names goes. Whom none does may be there again, and staff who have left: that
    somebody has to look is noted for `/readyz` and the admin.
    """
    LastDone.objects.note(last_done.RESTORED, datetime.fromisoformat(str(manifest["made_at"])))
    return erased.again(since)


def _restore_uploads(folder: Path) -> int:
    """Returns how many files there are again."""
    place = Path(settings.MEDIA_ROOT)
    if not folder.is_dir():
        return 0
    shutil.copytree(folder, place, dirs_exist_ok=True)
    return sum(path.is_file() for path in place.rglob("*"))
