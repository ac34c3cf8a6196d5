"""What people compare, kept beside what they wrote: names folded, addresses as mailboxes."""

from typing import Any

from django.db import models

from booking.contacts import FOLDED_LENGTH, MAILBOX_LENGTH, fold, mailbox


class Derived:
    """The attribute of a row: whatever was put there, it is what follows from the row's source."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, model: Any = None) -> Any:
        return self if row is None else self.field.derive(getattr(row, self.field.SOURCE))

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

    def derive(self, source: str) -> str:
        """What belongs beside that source."""
        raise NotImplementedError


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
