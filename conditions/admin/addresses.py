"""What an address of the admin may ask of a list: what the admin's own links ask, and no more."""

from typing import Any

from django.contrib.admin import SimpleListFilter
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
    """Lists are narrowed by what stands in `list_filter`, in the ways of LOOKUPS; what else an
    address asks is answered with 400. Django takes every field of the row's own: a name in an
    address finds a patient, and stays in the history of a shared computer.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        field, rest = split(self.model, lookup)
        if self.date_hierarchy and field == self.date_hierarchy:
            return rest in LOOKUPS | OF_DAYS
        names = set(map(_asked_by, self.get_list_filter(request)))
        if not field:  # of no field: a filter of our own, by its name
            return lookup in names
        listed = field in names or field.removesuffix(f"{LOOKUP_SEP}id") in names
        return listed and rest in {"", *LOOKUPS}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KnownRange


def _asked_by(item: Any) -> str:
    """What an entry of `list_filter` is called in addresses."""
    if isinstance(item, type) and issubclass(item, SimpleListFilter):
        return str(item.parameter_name)
    return str(item if isinstance(item, str) else item[0])


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
