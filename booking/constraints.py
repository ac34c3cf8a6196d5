"""A calendar constraint the database keeps, on PostgreSQL and on SQLite."""

from collections.abc import Sequence

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, F, Func, Q, Window
from django.db.models.functions import Lag
from django.db.models.sql import Query

PRESENT = {
    "postgresql": "SELECT conname FROM pg_constraint WHERE contype = 'x' AND convalidated"
    " UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class NoOverlap(ExclusionConstraint):
    """Rows sharing ``partition`` never overlap in the half-open [start, end).

    PostgreSQL enforces it with EXCLUDE USING gist; SQLite, which has no such
    constraint, with a pair of triggers. Both raise IntegrityError. Give the table an
    index on (partition, end): with one on (partition, start) the trigger reads all history.
    """

    sqlite_trigger = (
        "CREATE TRIGGER %(name)s AFTER %(event)s ON %(table)s BEGIN "
        "SELECT RAISE(ABORT, %(message)s) FROM "
        "(SELECT * FROM %(table)s WHERE %(where)s) AS mine, "
        "(SELECT * FROM %(table)s WHERE %(where)s) AS theirs "
        "WHERE mine.%(pk)s = NEW.%(pk)s AND theirs.%(pk)s <> mine.%(pk)s "
        "AND theirs.%(partition)s = mine.%(partition)s "
        "AND theirs.%(start)s < mine.%(end)s AND mine.%(start)s < theirs.%(end)s; END"
    )

    def __init__(self, *, name, partition, start, end, condition=None, **kwargs):
        self.partition, self.start, self.end = partition, start, end
        during = TsTzRange(start, end, RangeBoundary())
        super().__init__(
            name=name,
            expressions=[
                (partition, RangeOperators.EQUAL),
                (during, RangeOperators.OVERLAPS),
            ],
            condition=condition,
            **kwargs,
        )

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        del kwargs["expressions"]
        kwargs |= {"partition": self.partition, "start": self.start, "end": self.end}
        return path, args, kwargs

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().constraint_sql(model, schema_editor)
        # Deferred, as Django does for partial unique indexes: the statement
        # then follows the table through SQLite's create-copy-rename dance.
        schema_editor.deferred_sql += [
            self._trigger(model, schema_editor, event) for event in ("INSERT", "UPDATE")
        ]
        return None

    def _trigger(self, model, schema_editor, event):
        def column(field):
            return schema_editor.quote_name(model._meta.get_field(field).column)

        query = Query(model, alias_cols=False)
        compiler = query.get_compiler(connection=schema_editor.connection)
        return Statement(
            self.sqlite_trigger,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(f"{self.name}_{event.lower()}"),
            event=event,
            message=schema_editor.quote_value(self.name),
            where=self._get_condition_sql(compiler, schema_editor, query) or "1",  # type: ignore[attr-defined]
            pk=column(model._meta.pk.name),
            partition=column(self.partition),
            start=column(self.start),
            end=column(self.end),
        )

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """Ask the database whether the row would clash. Raises ValidationError.

        Whatever the form shows: one of the status or the start alone, without the fields in
        `exclude`, can clash too. Where a time is missing, its own field says so.
        """
        partition, start, end = (
            getattr(instance, model._meta.get_field(name).attname)
            for name in (self.partition, self.start, self.end)
        )
        if None in (partition, start, end):
            return
        condition = self.condition or Q()
        values = instance._get_field_expression_map(meta=model._meta)
        if self.condition and not condition.check(values, using=using):
            return
        clashes = model._default_manager.using(using).filter(
            condition,
            **{self.partition: partition, f"{self.start}__lt": end, f"{self.end}__gt": start},
        )
        if clashes.exclude(pk=instance.pk).exists():
            raise ValidationError(
                self.get_violation_error_message(), code=self.violation_error_code
            )


class AppendOnly(BaseConstraint):
    """Rows are written once: nobody changes one, or deletes one before it is `days` old by its
    field `at`, whoever asks, in whatever way. Raises IntegrityError. Triggers on both databases.
    """

    sqlite_trigger = (
        "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s %(when)s"
        "BEGIN SELECT RAISE(ABORT, %(message)s); END"
    )
    # REPLACE deletes without asking a trigger: a row that takes another one's key is refused.
    sqlite_when = {
        "UPDATE": "",
        "DELETE": "WHEN OLD.%(at)s >= datetime('now', '-%(days)d days') ",
        "INSERT": "WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(pk)s = NEW.%(pk)s) ",
    }
    postgres_function = (
        "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "IF OLD.%(at)s < now() - interval '%(days)d days' THEN RETURN OLD; END IF; END IF; "
        "IF TG_OP = 'TRUNCATE' THEN IF NOT EXISTS (SELECT FROM %(table)s "
        "WHERE %(at)s >= now() - interval '%(days)d days') THEN RETURN NULL; END IF; END IF; "
        "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = %(message)s; "
        "END $$"
    )
    postgres_trigger = (
        "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s "
        "FOR EACH %(each)s EXECUTE FUNCTION %(function)s()"
    )

    def __init__(self, *, name, at, days, **kwargs):
        self.at, self.days = at, days
        super().__init__(name=name, **kwargs)

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"at": self.at, "days": self.days}

    def __eq__(self, other):
        return isinstance(other, AppendOnly) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((self.name, self.at, self.days))

    def constraint_sql(self, model, schema_editor):
        # Deferred: as those of NoOverlap.
        is_postgres = schema_editor.connection.vendor == "postgresql"
        make = self._postgres if is_postgres else self._sqlite
        schema_editor.deferred_sql += make(model, schema_editor)

    def create_sql(self, model, schema_editor):
        return ";".join(map(str, self._postgres(model, schema_editor)))

    def remove_sql(self, model, schema_editor):
        connection, quote = schema_editor.connection, schema_editor.quote_name
        of = f" ON {quote(model._meta.db_table)}" if connection.vendor == "postgresql" else ""
        names = guard_names(self, connection)
        return ";".join(f"DROP TRIGGER {quote(name)}{of}" for name in names)

    def _sqlite(self, model, schema_editor):
        parts = self._parts(model, schema_editor)
        for event, when in self.sqlite_when.items():
            name = schema_editor.quote_name(f"{self.name}_{event.lower()}")
            table = Table(model._meta.db_table, schema_editor.quote_name)
            own = parts | {"name": name, "event": event, "table": table}
            yield Statement(self.sqlite_trigger, **own, when=Statement(when, **own))

    def _postgres(self, model, schema_editor):
        quote, parts = schema_editor.quote_name, self._parts(model, schema_editor)
        function = quote(self.name)
        yield Statement(self.postgres_function, **parts, name=function)
        for name, event, each in [
            (f"{self.name}_row", "UPDATE OR DELETE", "ROW"),
            (f"{self.name}_truncate", "TRUNCATE", "STATEMENT"),
        ]:
            own = {"name": quote(name), "event": event, "each": each, "function": function}
            yield Statement(self.postgres_trigger, **parts, **own)

    def _parts(self, model, schema_editor):
        return {
            "table": Table(model._meta.db_table, schema_editor.quote_name),
            "at": schema_editor.quote_name(model._meta.get_field(self.at).column),
            "pk": schema_editor.quote_name(model._meta.pk.column),
            "days": self.days,
            "message": schema_editor.quote_value(self.name),
        }

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        """Nothing: no form changes such a row."""


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


def check_append_only(
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """An error for each trigger of `AppendOnly` that a database with its table lacks."""
    return [
        Error(
            f"The database does not keep {name}: who looked at whom or signed in could be changed.",
            hint="Restore it as the app's migration makes it: sqlmigrate booking 0210 or 0305.",
            id="booking.E002",
        )
        for alias in databases or []
        for name in missing_guards(alias, AppendOnly)
    ]


def missing_guards(
    alias: str = DEFAULT_DB_ALIAS, kind: type[BaseConstraint] = NoOverlap
) -> list[str]:
    """Names of the constraints and triggers of a kind that ought to be in the database and are
    not.
    """
    connection = connections[alias]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    return sorted(
        name
        for model in apps.get_app_config("booking").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kind) and model._meta.db_table in tables
        for name in guard_names(constraint, connection)
        if name not in present
    )


def overlaps(alias: str = DEFAULT_DB_ALIAS) -> int:
    """How many rows overlap the one before them, past every `NoOverlap`: a file that is copied
    into place asks no trigger.
    """
    return sum(
        model._default_manager.using(alias)
        .filter(constraint.condition or Q())
        .annotate(
            before=Window(Lag(constraint.end), [F(constraint.partition)], F(constraint.start).asc())
        )
        .filter(before__gt=F(constraint.start))
        .count()
        for model in apps.get_app_config("booking").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, NoOverlap)
    )


def guard_names(constraint: BaseConstraint, connection: BaseDatabaseWrapper) -> list[str]:
    """What `constraint` is called in the database: triggers, but for NoOverlap on PostgreSQL."""
    if isinstance(constraint, AppendOnly):
        is_file = connection.vendor == "sqlite"
        ends = ["update", "delete", "insert"] if is_file else ["row", "truncate"]
        return [f"{constraint.name}_{end}" for end in ends]
    if connection.vendor == "sqlite":
        return [f"{constraint.name}_insert", f"{constraint.name}_update"]
    return [constraint.name]
