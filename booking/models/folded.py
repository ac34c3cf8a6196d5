"""A name as people compare it, kept beside the name."""

from typing import Any

from django.db import models

from booking.contacts import FOLDED_LENGTH, fold


class Folded:
    """The attribute of a row: whatever was put there, it is the row's name, folded."""

    def __init__(self, field: models.Field) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, model: Any = None) -> Any:
        return self if row is None else fold(getattr(row, FoldedField.SOURCE))

    def __set__(self, row: models.Model, value: Any) -> None:
        # Django takes a field for not loaded, and leaves it out of `save()`, if it is not here.
        row.__dict__[self.field.attname] = value


class FoldedField(models.CharField):
    """The row's `name`, folded: filled by every way of saving the row, fixtures too.

    Whoever writes the name alone, by `update()` or `update_fields`, must write this with it.
    """

    SOURCE = "name"
    descriptor_class = Folded

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "max_length": FOLDED_LENGTH,
            "blank": True,
            "default": "",
            "editable": False,
        }
        super().__init__(*args, **(given | kwargs))
