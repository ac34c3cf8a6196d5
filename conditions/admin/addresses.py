"""What an address of the admin may ask of a list: what the admin's own links ask, and no more."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db import DataError, models
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from conditions.admin.words import PlainPages

LOOKUPS = {"exact", "in", "isnull", "gte", "lt"}  # what filters of the admin link to
OF_DAYS = {"year", "month", "day"}  # and what the row of days above a list does


# What a database, or its driver, says of a value that a column cannot hold: SQLite, PostgreSQL, and
# psycopg of what is no network address. Of the list's own query alone, so no fault of ours hides.
OUTSIDE = (OverflowError, DataError, ValueError)


class KnownRange(ChangeList):
    """A list that was asked for a value which the database or the calendar does not hold: 400."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_queryset(request, *args, **kwargs)
        except (OverflowError, ValueError) as error:  # of a year in the row of days, or a filter
            raise BadRequest from error

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except OUTSIDE as error:
            raise BadRequest from error


class KnownFilters(PlainPages):
    """Lists take the comparisons of LOOKUPS, of every field; others are answered with 400.

    Those need types, functions or values that a database may not have, and would fail in it.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        field, rest = split(self.model, lookup)
        known = LOOKUPS | (OF_DAYS if field == self.date_hierarchy else set())
        if field and rest and rest not in known:
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KnownRange


def split(model: type[models.Model] | None, lookup: str) -> tuple[str, str]:
    """The field that a lookup is about, over relations, and what it asks of it."""
    parts, fields = lookup.split(LOOKUP_SEP), 0
    for part in parts:
        if model is None:
            break
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            break
        model, fields = getattr(field, "related_model", None), fields + 1
    return LOOKUP_SEP.join(parts[:fields]), LOOKUP_SEP.join(parts[fields:])
