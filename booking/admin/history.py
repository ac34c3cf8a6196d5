"""Who changed what, and when: the history of a row, in the desk's words."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conditions.admin.moving import MovesInList
from conditions.admin.ordering import ComesLast
from conditions.admin.saving import SavesInTurn

SHOWN = 200
NOTHING = ("None", "", None)


class FieldChange(NamedTuple):
    """One field, before and after, in words; empty where there was nothing."""

    label: str
    old: str
    new: str


class Change(NamedTuple):
    """One saving of a row. `who` is empty for what came in online or from a command;
    `what` names the row where it is a part of the one asked about."""

    when: datetime
    who: str
    what: str
    action: int
    fields: list[FieldChange]


def changes(
    row: models.Model, parts: Sequence[type[models.Model]] = (), most: int = SHOWN
) -> list[Change]:
    """The row's latest changes, newest first, with those of rows that belong to it."""
    about = entries_about(row, parts).select_related("actor", "content_type")
    entries = list(about.order_by("-timestamp", "-pk")[:most])
    by_model: dict[type[models.Model], list[LogEntry]] = defaultdict(list)
    for entry in entries:
        by_model[entry.content_type.model_class()].append(entry)
    words = {model: _Words(model, found) for model, found in by_model.items()}
    return [words[entry.content_type.model_class()].change(entry, row) for entry in entries]


def entries_about(row: models.Model, parts: Sequence[type[models.Model]]) -> models.QuerySet:
    """Entries of a row, and of the rows of `parts` that were made for it, removed ones too."""
    entries = LogEntry.objects.get_for_object(row)
    made_for = {f"changes__{row._meta.model_name}__1": str(row.pk)}
    for part in parts:
        of_part = LogEntry.objects.get_for_model(part)
        made = of_part.filter(action=LogEntry.Action.CREATE, **made_for).values("object_id")
        entries |= of_part.filter(object_id__in=made)
    return entries


class _Words:
    """Turns what is stored into words; asks once for each kind of related row."""

    def __init__(self, model: type[models.Model], entries: list[LogEntry]) -> None:
        self.model = model
        self.related = self._related(entries)

    def _related(self, entries: list[LogEntry]) -> dict[str, dict[str, str]]:
        wanted: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            for name, pair in entry.changes_dict.items():
                wanted[name].update(value for value in pair if str(value).isdigit())
        return {
            field.name: {
                str(row.pk): str(row)
                for row in field.related_model._default_manager.filter(pk__in=wanted[field.name])
            }
            for field in self.model._meta.fields
            if isinstance(field, models.ForeignKey) and wanted[field.name]
        }

    def change(self, entry: LogEntry, row: models.Model) -> Change:
        what = ""
        if not isinstance(row, self.model):
            what = f"{capfirst(self.model._meta.verbose_name)}: {entry.object_repr}"
        who = str(entry.actor or "")
        return Change(entry.timestamp, who, what, entry.action, self.fields(entry, row))

    def fields(self, entry: LogEntry, row: models.Model) -> list[FieldChange]:
        """In the model's order; what stayed empty is no change, and whose part it is is known."""
        order = {field.name: place for place, field in enumerate(self.model._meta.fields)}
        owner = {
            field.name for field in self.model._meta.fields if field.related_model is type(row)
        }
        changed = set(entry.changes_dict) - {self.model._meta.pk.name} - owner
        names = sorted(changed, key=lambda name: order.get(name, len(order)))
        found = [self.field(name, *_pair(entry.changes_dict[name])) for name in names]
        return [change for change in found if change.old or change.new]

    def field(self, name: str, old: Any, new: Any) -> FieldChange:
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:  # a field of an earlier version
            return FieldChange(name, str(old), str(new))
        label = capfirst(str(getattr(field, "verbose_name", name)))
        if old == new and old not in NOTHING:  # what it was stands in neither
            return FieldChange(label, "", _("changed"))
        return FieldChange(label, self.value(field, old), self.value(field, new))

    def value(self, field: Any, stored: Any) -> str:
        if stored in NOTHING:
            return ""
        if isinstance(field, models.ForeignKey):
            return self.related[field.name].get(str(stored), str(stored))
        if isinstance(field, models.BooleanField) and stored in ("True", "False"):
            return _("yes") if stored == "True" else _("no")
        if isinstance(field, models.DateTimeField) and (naive := parse_datetime(stored)):
            return date_format(localtime(naive.replace(tzinfo=UTC)), "D, M j, Y, P")
        if isinstance(field, models.DateField) and (day := parse_date(stored)):
            return date_format(day, "D, M j, Y")
        if isinstance(field, models.TimeField) and (wall := parse_time(stored)):
            return time_format(wall, "P")
        if field.choices:
            return str({str(key): label for key, label in field.flatchoices}.get(stored, stored))
        return str(stored)


def _pair(stored: Any) -> Sequence[Any]:
    """A field before and after; of links to other rows those taken away, and those added."""
    if not isinstance(stored, dict):
        return stored
    rows = ", ".join(stored["objects"])
    return (rows, "") if stored["operation"] == "delete" else ("", rows)


class AuditedAdmin(MovesInList, ComesLast, SavesInTurn):
    """An admin whose history names every field that changed, whoever changed it."""

    history_parts: Sequence[type[models.Model]] = ()  # rows that belong to one of these
    history_nobody = gettext_lazy("Automatic")  # who it was when nobody was signed in

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who changed what"),
            "opts": self.opts,
            "object": row,
            "changes": changes(row, self.history_parts),
            "nobody": self.history_nobody,
        }
        return TemplateResponse(request, "admin/booking/history.html", context)
