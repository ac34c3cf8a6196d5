"""Rows that are kept between tests, and written as they were, in few statements.

A loader or a serializer asks a question for each row: each test would pay for them anew.
"""

import copy
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

APPEND_ONLY = ["booking.Look", "booking.SignIn"]
Rows = dict[type[models.Model], list[Any]]


def read(tables: Iterable[type[models.Model]]) -> Rows:
    """Every row of these tables; of a table without rows nothing."""
    found = {model: list(model._base_manager.all()) for model in tables}
    return {model: rows for model, rows in found.items() if rows}


def read_all() -> Rows:
    """Every row of every table."""
    return read(apps.get_models(include_auto_created=True))


@transaction.atomic
def write(rows: Rows, ignore_conflicts: bool = False) -> None:
    """Put the rows under their keys of the first time, which sequences have passed since."""
    for model, kept in rows.items():
        fresh = [copy.copy(row) for row in kept]
        for row in fresh:
            row._state = models.base.ModelState()
        model._base_manager.bulk_create(fresh, ignore_conflicts=ignore_conflicts)


def emptying(tables: list[str]) -> list[str]:
    """Statements that take the rows out of these tables of PostgreSQL. As TRUNCATE would, they
    wait for whoever still writes; it makes new files for each table, and takes ten times as long.
    """
    # Nothing of tests stays, though nobody else takes such a row out.
    kept = [f"ALTER TABLE {connection.ops.quote_name(table)}" for table in append_only()]
    off, on = ([f"{table} {word} TRIGGER USER" for table in kept] for word in ("DISABLE", "ENABLE"))
    names = [connection.ops.quote_name(table) for table in tables]
    lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
    emptied = [" ".join(["DELETE FROM", name]) for name in names]
    return [lock, *off, *emptied, *on]


def append_only() -> list[str]:
    """Tables in which nobody changes a row."""
    return [apps.get_model(label)._meta.db_table for label in APPEND_ONLY]


def emptying_file(statements: list[str]) -> list[str]:
    """The same of SQLite: what Django empties tables by, with those triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
            append_only(),
        )
        triggers = cursor.fetchall()
    dropped = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _sql in triggers]
    return [*dropped, *statements, *(sql for _name, sql in triggers)]
