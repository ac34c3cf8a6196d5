"""Approved content whose next review was due before today."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Value

from conditions.models import Reviewed
from conditions.models.base import kinds_of


class Overdue(NamedTuple):
    """One row with an overdue review; `kind` is its model's name in lower case."""

    kind: str
    pk: int
    known_as: str
    due: date


def overdue_reviews(today: date) -> list[Overdue]:
    """All of them, longest ago first; `today` is the clinic's date. One query."""
    first, *others = [_overdue(model, today) for model in kinds_of(Reviewed)]
    rows = first.union(*others, all=True).order_by("next_review_due", "known_as")
    return [Overdue(*row) for row in rows]


def _overdue(model: type[Reviewed], today: date) -> Any:
    rows = model._default_manager.overdue(today)  # type: ignore[attr-defined]
    told = {"kind": Value(model._meta.model_name), "known_as": F(model.known_by)}
    return rows.order_by().annotate(**told).values_list("kind", "pk", "known_as", "next_review_due")
