"""What people compare, kept beside what they wrote: names folded, as a whole and by words,
addresses as mailboxes, numbers from their last digit on.
"""

import re
from typing import Any

from django.db import models
from django.db.models.lookups import StartsWith

from booking.contacts import FOLDED_LENGTH, MAILBOX_LENGTH, fold, mailbox

PHONE_LENGTH = 40


class Derived:
    """The attribute of a row: whatever was put there, it is what follows from the row's source."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, model: Any = None) -> Any:
        return self if row is None else self.field.of(row)

    def __set__(self, row: models.Model, value: Any) -> None:
        # Django takes a field for not loaded, and leaves it out of `save()`, if it is not here.
        row.__dict__[self.field.attname] = value


class DerivedField(models.CharField):
    """What follows from the row's SOURCE: filled by every way of saving the row, fixtures too.

    Whoever writes the source alone, by `update()` or `update_fields`, must write this with it.
    """

    SOURCE = ""
    LENGTH = 0
    descriptor_class = Derived

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "max_length": self.LENGTH,
            "blank": True,
            "default": "",
            "editable": False,
        }
        super().__init__(*args, **(given | kwargs))

    def of(self, row: models.Model) -> str:
        """What belongs into this field of the row."""
        return self.derive(getattr(row, self.SOURCE))

    def derive(self, source: str) -> str:
        """What belongs beside that source."""
        raise NotImplementedError


@models.CharField.register_lookup
class Begins(StartsWith):
    """`word__begins="ros"`: by an index, on PostgreSQL by one with `varchar_pattern_ops`.

    SQLite's LIKE minds no capitals and so uses no such index: there it is a range, up to where no
    letter stands any more.
    """

    lookup_name = "begins"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return connection.operators["startswith"] % rhs

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, of_column = self.process_lhs(compiler, connection)
        after = f"{self.rhs}{chr(0x10FFFF)}"
        return f"({column} >= %s AND {column} < %s)", [*of_column, self.rhs, *of_column, after]


class FoldedField(DerivedField):
    """The row's `name`, folded."""

    SOURCE, LENGTH = "name", FOLDED_LENGTH

    def derive(self, source: str) -> str:
        return fold(source)


class MailboxField(DerivedField):
    """Where mail to the row's `email` arrives; empty without an address."""

    SOURCE, LENGTH = "email", MAILBOX_LENGTH

    def derive(self, source: str) -> str:
        return mailbox(source) if source else ""


class WordField(DerivedField):
    """One word of the row's folded `name`, counted from 1; empty where it has fewer."""

    SOURCE, LENGTH = "name", FOLDED_LENGTH

    def __init__(self, number: int, **kwargs: Any) -> None:
        self.number = number
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.number, *args], kwargs

    def derive(self, source: str) -> str:
        return "".join(fold(source).split()[self.number - 1 : self.number])


class LaterWordsField(WordField):
    """The words of the row's folded `name` from that number on, each behind a space."""

    def derive(self, source: str) -> str:
        return "".join(f" {word}" for word in fold(source).split()[self.number - 1 :])


class BackwardsField(DerivedField):
    """The digits of the row's telephone number, in E.164 where it can be, the last one first."""

    SOURCE, LENGTH = "phone", PHONE_LENGTH

    def of(self, row: Any) -> str:
        return self.derive(row.phone_e164 or row.phone)

    def derive(self, source: str) -> str:
        return re.sub(r"\D", "", source)[::-1]
