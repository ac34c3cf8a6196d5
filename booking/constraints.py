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
from django.db.models import F, Func, Q, Window
from django.db.models.functions import Lag
from django.db.models.sql import Query

PRESENT = {
    "postgresql": "SELECT conname FROM pg_constraint WHERE contype = 'x' AND convalidated",
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
        present = {name for (name,) in cursor.fetchall()}
    return sorted(
        name
        for model in apps.get_app_config("booking").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, NoOverlap) and model._meta.db_table in tables
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


def guard_names(constraint: NoOverlap, connection: BaseDatabaseWrapper) -> list[str]:
    """What `constraint` is called in the database: a pair of triggers on SQLite."""
    if connection.vendor == "sqlite":
        return [f"{constraint.name}_insert", f"{constraint.name}_update"]
    return [constraint.name]
