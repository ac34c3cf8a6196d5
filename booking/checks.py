"""That the database itself keeps appointments apart, for `check --database` and /readyz."""

from collections.abc import Sequence

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from booking.constraints import NoOverlap

PRESENT = {
    "postgresql": "SELECT conname FROM pg_constraint WHERE contype = 'x' AND convalidated",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def check_no_overlap(
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """An error for each `NoOverlap` that the database lacks though its table is there."""
    return [
        Error(
            f"The database does not keep {name}: appointments could be booked twice.",
            hint="Restore it as the app's migration makes it: manage.py sqlmigrate booking 0001.",
            id="booking.E001",
        )
        for alias in databases or []
        for name in missing_guards(alias)
    ]


def missing_guards(alias: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of the constraints and triggers that ought to be in the database and are not."""
    connection = connections[alias]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
    return sorted(
        name
        for model in apps.get_app_config("booking").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, NoOverlap) and model._meta.db_table in tables
        for name in guard_names(constraint, connection)
        if name not in present
    )


def guard_names(constraint: NoOverlap, connection: BaseDatabaseWrapper) -> list[str]:
    """What `constraint` is called in the database: a pair of triggers on SQLite."""
    if connection.vendor == "sqlite":
        return [f"{constraint.name}_insert", f"{constraint.name}_update"]
    return [constraint.name]
