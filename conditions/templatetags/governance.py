"""What the admin says of reviews: which are overdue, and what awaits a clinician."""

from typing import Any

from django import template
from django.db.models import F, Value
from django.urls import reverse
from django.utils import timezone

from conditions import confirming
from conditions.models import (
    Article,
    Condition,
    Exercise,
    Page,
    Reviewed,
    Slugged,
    Testimonial,
    UrgencyLine,
)

register = template.Library()
# Each kind with the field by which staff know a row.
REVIEWED: list[tuple[Any, str]] = [
    (Condition, "title"),
    (Article, "title"),
    (Exercise, "title"),
    (Page, "title"),
    (UrgencyLine, "text"),
    (Testimonial, "shown_name"),
]
SHOWN = 50


@register.inclusion_tag("admin/conditions/overdue.html")
def overdue_reviews() -> dict[str, Any]:
    """Approved content whose next review was due before today, longest ago first. One query."""
    first, *others = [_overdue(model, name) for model, name in REVIEWED]
    rows = first.union(*others, all=True).order_by("next_review_due", "known_as")[:SHOWN]
    return {
        "rows": [
            {"name": name, "due": due, "url": reverse(f"admin:conditions_{kind}_change", args=[pk])}
            for kind, pk, name, due in rows
        ]
    }


def _overdue(model: type[Reviewed], name: str) -> Any:
    rows = model._default_manager.overdue(timezone.localdate())  # type: ignore[attr-defined]
    told = {"kind": Value(model._meta.model_name), "known_as": F(name)}
    return rows.order_by().annotate(**told).values_list("kind", "pk", "known_as", "next_review_due")


@register.simple_tag
def to_confirm(row: Slugged) -> list[str]:
    """The sentences of a row that a clinician has to confirm, since they name no source."""
    return confirming.to_confirm(row)
