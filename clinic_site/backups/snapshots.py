"""A database as it was at one moment, while others write on."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from clinic_site.backups.archives import Archive

SQLITE_FILE = "database.sqlite3"
MIGRATIONS = "django_migrations"  # made anew by the restore
NO_LIMITS = (
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
    " SET LOCAL lock_timeout = '30s'"
)


def add_database(archive: Archive, scratch: Path) -> None:
    """Add the site's database; tables, their rows and migrations are noted in the manifest."""
    archive.manifest["database"] = connection.vendor
    if connection.vendor == "sqlite":
        _add_sqlite(archive, scratch)
    else:
        _add_postgresql(archive, scratch)


def applied_migrations() -> list[list[str]]:
    """App and name of each, in order."""
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


def _add_sqlite(archive: Archive, scratch: Path) -> None:
    """SQLite's own backup, in one step: in many, each write would begin it anew. Whoever writes
    waits for it as for another writer; the time limits are 8 s, and a clinic's file takes less.
    """
    path = scratch / SQLITE_FILE
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=30)) as live,
        closing(sqlite3.connect(path)) as copy,
    ):
        live.backup(copy)
        archive.manifest["tables"] = tables_of(copy)
        archive.manifest["migrations"] = sorted(
            map(list, copy.execute("SELECT app, name FROM django_migrations"))
        )
    with path.open("rb") as file:
        archive.add(SQLITE_FILE, file)
    path.unlink()


def tables_of(database: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """How many rows each table has."""
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {
        name: {"rows": database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]}  # noqa: S608
        for (name,) in names.fetchall()
    }


def _add_postgresql(archive: Archive, scratch: Path) -> None:
    """COPY of every table in one transaction that sees one moment. It needs no program on the
    machine, where pg_dump must be there and be no older than the server; and the tables come
    from the migrations, as they do everywhere.
    """
    tables = archive.manifest["tables"] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # Before the first question, or PostgreSQL refuses it.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(NO_LIMITS)
        archive.manifest["migrations"] = applied_migrations()
        for table in sorted(connection.introspection.table_names(cursor)):
            if table != MIGRATIONS:
                columns = columns_of(cursor, table)
                with tempfile.TemporaryFile(dir=scratch) as file:
                    rows = _copy_out(cursor, table, columns, file)
                    archive.add(f"tables/{table}", file)  # type: ignore[arg-type]
                tables[table] = {"rows": rows, "columns": columns}


def columns_of(cursor: Any, table: str) -> list[str]:
    """Those that hold something of their own: what is generated follows from the others."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [connection.ops.quote_name(table)],
    )
    return [name for (name,) in cursor.fetchall()]


def copy_statement(table: str, columns: list[str], direction: str) -> str:
    quote = connection.ops.quote_name
    return f"COPY {quote(table)} ({', '.join(map(quote, columns))}) {direction}"


def _copy_out(cursor: Any, table: str, columns: list[str], file: Any) -> int:
    with cursor.copy(copy_statement(table, columns, "TO STDOUT")) as copy:
        for block in copy:
            file.write(block)
    return cursor.rowcount
