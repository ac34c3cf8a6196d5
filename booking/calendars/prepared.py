"""Queries whose SQL is written once.

Django takes longer to write the SQL of a large union than a database to answer it, and free
times ask the same union again and again, with other values.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
Part = int | datetime
Value = Part | tuple[int, ...]
Converters = dict[int, tuple[list[Callable[..., Any]], Any]]  # by column, as a compiler has them


class Unwritable(Exception):
    """A query that cannot be written once: it is another for other values, or finds nothing."""


class Written(NamedTuple):
    """The SQL of a query for values of one form."""

    sql: str
    constants: list[Any]  # all parameters, with a stand-in wherever a value goes
    places: list[tuple[int, int]]  # of such a place, and of the part of the values that goes there
    converters: Converters

    def parameters(self, parts: list[Any]) -> list[Any]:
        """All parameters for such parts."""
        parameters = self.constants.copy()
        for place, number in self.places:
            parameters[place] = parts[number]
        return parameters


class Prepared:
    """A query, given as a function from its values to a queryset.

    The function is called with stand-ins, and may make a value nothing but a parameter: no `if`,
    no arithmetic. It must be able to find something.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Any]]) -> None:
        self.query = query
        self.written: dict[tuple[object, ...], Written] = {}  # by the form of the values

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values: numbers, aware datetimes, or tuples of numbers.

        They come as the database has them: SQLite may write dates and times as text.
        Raises Unwritable, when it is first asked for values of a form.
        """
        return self._asked(values)[1]

    def instances(self, model: type[Row], **values: Value) -> list[Row]:
        """The same as instances of a model, all of whose columns the queryset gives."""
        written, rows = self._asked(values)
        names = [field.attname for field in model._meta.concrete_fields]
        # As `raw()` makes them, which looks for the same columns anew each time.
        return [
            model.from_db(connection.alias, names, row)
            for row in _converted(rows, written.converters)
        ]

    def _asked(self, values: dict[str, Value]) -> tuple[Written, list[tuple[Any, ...]]]:
        values = {name: _each_once(value) for name, value in values.items()}
        written = self._written(values)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, written.parameters(_adapted(values)))
            return written, cursor.fetchall()

    def _written(self, values: dict[str, Value]) -> Written:
        form = connection.vendor, *((name, len(_parts(value))) for name, value in values.items())
        if form not in self.written:
            self.written[form] = self._write(values)
        return self.written[form]

    def _write(self, values: dict[str, Value]) -> Written:
        stand_ins = _stand_ins(values)
        sql, parameters, converters = self._compiled(stand_ins)
        numbers = {part: number for number, part in enumerate(_adapted(stand_ins))}
        places = [
            (place, numbers[found]) for place, found in enumerate(parameters) if found in numbers
        ]
        written = Written(sql, parameters, places, converters)
        # The query itself, asked once, shows what the function did beyond making parameters.
        filled = sql, written.parameters(_adapted(values))
        if filled != self._compiled(values)[:2]:
            raise Unwritable(f"{self.query} makes another query of other values.")
        return written

    def _compiled(self, values: dict[str, Value]) -> tuple[str, list[Any], Converters]:
        compiler = self.query(**values).query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet as error:
            raise Unwritable(f"{self.query} finds nothing.") from error
        columns = (expression for expression, _sql, _alias in compiler.select)
        return sql, list(parameters), compiler.get_converters(columns)


def _converted(rows: list[tuple[Any, ...]], converters: Converters) -> Iterator[list[Any]]:
    """The rows as models want them: SQLite has truth as a number."""
    for row in map(list, rows):
        for column, (converts, expression) in converters.items():
            for convert in converts:
                row[column] = convert(row[column], expression, connection)
        yield row


def _each_once(value: Value) -> Value:
    """Without what comes twice: Django leaves it out of a list, and so makes another query."""
    return tuple(dict.fromkeys(value)) if isinstance(value, tuple) else value


def _parts(value: Value) -> tuple[Part, ...]:
    return value if isinstance(value, tuple) else (value,)


def _adapted(values: dict[str, Value]) -> list[Any]:
    """Every part of the values, as the database takes it."""
    adapt = connection.ops.adapt_datetimefield_value
    parts = (part for value in values.values() for part in _parts(value))
    return [adapt(part) if isinstance(part, datetime) else part for part in parts]


def _stand_ins(values: dict[str, Value]) -> dict[str, Value]:
    """Values of the same form that stand nowhere else in a query: negative, and long ago."""
    numbers = iter(range(-1_000_000_000, 0))

    def like(part: Part) -> Part:
        number = next(numbers)
        return datetime.fromtimestamp(number, UTC) if isinstance(part, datetime) else number

    return {
        name: tuple(next(numbers) for _part in value) if isinstance(value, tuple) else like(value)
        for name, value in values.items()
    }
