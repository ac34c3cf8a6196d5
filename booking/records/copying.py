"""A copy of all that is kept of one person, to be given to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from booking.models import DataRequest
from booking.records.people import Person

# What says nothing that another field does not say: how rows are found, tied together, sent once.
LEFT_OUT = {
    *("id", "uuid", "key", "request_digest", "device", "series", "token_version", "token_hash"),
    *("sequence", "folded_name", "mailbox", "phone_e164", "phone_backwards", "later_words"),
    *("word_1", "word_2", "word_3", "word_4", "network", "wide_network", "updated_at"),
    *("appointment", "enquiry", "wish", "offer", "entry", "occasion", "leased_until", "held_at"),
    *("attempts", "known", "kept_against", "overrides"),
}


@dataclass
class Entry:
    """One row: what it is, its fields (name, label, value) and the rows that belong to it."""

    kind: str
    title: str
    fields: list[tuple[str, str, Any]]
    parts: list["Entry"] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same, for programs."""
        own = {name: value for name, _label, value in self.fields}
        parts = [part.as_json() for part in self.parts]
        return {"row": self.kind, **own} | ({"parts": parts} if parts else {})


def copy_of(person: Person) -> list[Entry]:
    """Every row of the person, with what was mailed, called and changed of it."""
    return [
        *(_entry(row, _of_visit(row)) for row in person.visits),
        *(_entry(row, _of_wish(row)) for row in person.wishes),
        *(_entry(row, [*row.emails.all(), *row.attempts.all()]) for row in person.questions),
    ]


def note_copy(person: Person, user: AbstractUser, now: datetime) -> DataRequest:
    """Write down that a copy was made."""
    return DataRequest.objects.create(
        kind=DataRequest.Kind.COPIED,
        made_at=now,
        made_by_id=user.pk,
        visits=len(person.visits),
        wishes=len(person.wishes),
        questions=len(person.questions),
    )


def _of_visit(row: Any) -> list[models.Model]:
    estimate = getattr(row, "estimate", None)
    return [*([estimate] if estimate else []), *row.emails.all(), *row.attempts.all()]


def _of_wish(row: Any) -> list[models.Model]:
    return [*row.offers.all(), *row.emails.all(), *row.attempts.all()]


def _entry(row: models.Model, parts: Iterable[models.Model] = ()) -> Entry:
    entry = Entry(row._meta.model_name or "", capfirst(str(row._meta.verbose_name)), _fields(row))
    entry.parts = [_entry(part) for part in parts] + [*map(_change, _history(row))]
    return entry


def _fields(row: models.Model) -> list[tuple[str, str, Any]]:
    """Those that hold something, in the model's order; a row that it leads to by its name."""
    found = []
    for each in row._meta.concrete_fields:
        value = getattr(row, each.name) if each.name not in LEFT_OUT else None
        if value in (None, "", [], False):
            continue
        display = getattr(row, f"get_{each.name}_display", None)
        shown = display() if display else value
        is_row = isinstance(shown, models.Model)
        found.append((each.name, capfirst(str(each.verbose_name)), str(shown) if is_row else shown))
    return found


def _history(row: models.Model) -> Iterable[LogEntry]:
    return LogEntry.objects.get_for_object(row).order_by("timestamp", "pk")


def _change(entry: LogEntry) -> Entry:
    """What was changed: each field, before and after."""
    changed = [(name, capfirst(name), _pair(pair)) for name, pair in entry.changes_dict.items()]
    when = ("changed_at", _("When"), entry.timestamp)
    return Entry("change", _("Change"), [when, *changed])


def _pair(pair: Any) -> str:
    if not isinstance(pair, list):
        return str(pair)
    return " → ".join("" if value in (None, "None") else str(value) for value in pair)
