"""Queries whose SQL is written once.

Django takes longer to write the SQL of a large union than a database to answer it, and free
times ask the same union again and again, with other values.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
Part = int | datetime
Value = Part | tuple[int, ...]


class Prepared:
    """A query, given as a function from its values to a queryset.

    The function is called with stand-ins, and may make a value nothing but a parameter: no `if`,
    no arithmetic. It must be able to find something.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Any]]) -> None:
        self.query = query
        # By the form of the values: SQL, its parameters, and which of the values go where.
        self.written: dict[tuple[object, ...], tuple[str, list[Any], list[tuple[int, int]]]] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values: numbers, aware datetimes, or tuples of numbers.

        They come as the database has them: SQLite writes dates and times as text.
        """
        with connection.cursor() as cursor:
            cursor.execute(*self._filled(values))
            return cursor.fetchall()

    def instances(self, model: type[Row], **values: Value) -> list[Row]:
        """The same as instances of a model, whose columns the queryset gives."""
        return list(model._default_manager.raw(*self._filled(values)))

    def _filled(self, values: dict[str, Value]) -> tuple[str, list[Any]]:
        form = connection.vendor, *((name, len(_parts(value))) for name, value in values.items())
        if form not in self.written:
            self.written[form] = self._write(values)
        sql, constants, places = self.written[form]
        parameters, parts = constants.copy(), _adapted(values)
        for place, number in places:
            parameters[place] = parts[number]
        return sql, parameters

    def _write(self, values: dict[str, Value]) -> tuple[str, list[Any], list[tuple[int, int]]]:
        stand_ins = _stand_ins(values)
        sql, parameters = self.query(**stand_ins).query.sql_with_params()
        numbers = {part: number for number, part in enumerate(_adapted(stand_ins))}
        places = [
            (place, numbers[found]) for place, found in enumerate(parameters) if found in numbers
        ]
        return sql, list(parameters), places


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
