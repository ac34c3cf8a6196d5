"""What a patient was told: the time from start to end, therapist, place and address.

Filled as a row is first written, by whatever way but a fixture: that is written as it is, over a
row that was told something, too. Where it says nothing of this, nobody knows what the patient was
told, and that is a doubt about the visit (`calendars/doubts.py`).

Of the status and the visit type nothing is kept. A cancelled visit is no booked one that could be
untrue, and what a visit is called sends nobody to another time or place.
"""

from typing import Any

from django.db import models


class ToldField(models.DateTimeField):
    """The start as told; a new row that brings none counts as told as it stands.

    Filled by `save()` and by `bulk_create`, with all that the row's `tell()` notes: it stands
    before those fields in the model, and Django asks for the values in that order. What is in the
    database already is never filled.
    """

    def pre_save(self, row: Any, add: bool) -> Any:
        if add and getattr(row, self.attname) is None:
            row.tell()
        return super().pre_save(row, add)

    def deconstruct(self) -> Any:
        """For migrations it is a plain one: in the database nothing of it shows."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
