"""Signing content off."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Q

from conditions.models import (
    Article,
    Author,
    Citation,
    Condition,
    Content,
    Exercise,
    Reviewed,
    Reviewer,
    SafetyLine,
    Slugged,
    State,
    UrgencyLine,
)
from conditions.models.base import kinds_of

REVIEW_LASTS = timedelta(days=365)
SIGNATURE = {"state", "reviewer_id", "reviewed_by", "reviewed_licence", "reviewed_on"}
SIGNATURE |= {"next_review_due"}


class NoEmergencyLine(Exception):
    """No page may stand, and none be approved, without a public emergency line."""


def reviewer_of(user: User | AnonymousUser) -> Reviewer | None:
    """The Reviewer row of a signed-in, active user, or None: only reviewers may approve."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    return Reviewer.objects.filter(user=user).first()


def version(content: Reviewed) -> str:
    """Tells one saving of a row, and of what stands in it, from the next."""
    return versions([content])[content.pk]


def versions(rows: Sequence[Reviewed]) -> dict[Any, str]:
    """The version of each of these rows of one model, by key; so many queries whatever their
    number. A signature on what stands in a row changes none of the row's words.
    """
    told: dict[Any, list[Any]] = {row.pk: [_own(row)] for row in rows}
    for model in {type(row) for row in rows}:
        for name, parts in _parts(model):
            for values in parts.filter(**{f"{name}__in": list(told)}).order_by("pk").values():
                told[values[name]].append(_words(values))
    return {key: hashlib.sha256(repr(each).encode()).hexdigest() for key, each in told.items()}


def _own(row: Reviewed) -> list[str]:
    return [str(getattr(row, field.attname)) for field in row._meta.fields]


def _parts(model: type[Reviewed]) -> Iterator[tuple[str, Any]]:
    """Rows that stand in one of the model's: those below it, and those that it shares."""
    for below in model._meta.related_objects:
        if below.one_to_many and below.related_model._meta.app_label == model._meta.app_label:
            yield below.field.attname, below.related_model._base_manager.all()
    for shared in model._meta.many_to_many:
        through: Any = shared.remote_field.through
        one, other = shared.m2m_field_name(), shared.m2m_reverse_field_name()
        fields = [field.attname for field in shared.related_model._meta.fields]
        own_page = issubclass(shared.related_model, Reviewed)  # signed by itself: a link to it
        words = {f"shows_{name}": F(f"{other}__{name}") for name in fields if not own_page}
        yield f"{one}_id", through._base_manager.annotate(**words)


def _words(values: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in values.items() if name not in SIGNATURE)


def approve(*, content: Reviewed, reviewer: Reviewer, on: date) -> None:
    """Sign content off: copy name and licence, date it, and set the next review a year on.

    `on` is the clinic's date. Raises NoEmergencyLine for a page while none is public.
    """
    if isinstance(content, Content) and not _has_emergency_line():
        raise NoEmergencyLine
    content.state = State.APPROVED
    content.reviewer = reviewer
    content.reviewed_by = str(reviewer)
    content.reviewed_licence = reviewer.licence
    content.reviewed_on = on
    content.next_review_due = on + REVIEW_LASTS
    content.save()


def take_back(*, content: Reviewed) -> None:
    """Make content a draft again: it leaves the public site.

    Raises NoEmergencyLine for the last line that warns of an emergency.
    """
    if isinstance(content, UrgencyLine) and content.is_last_emergency_line():
        raise NoEmergencyLine
    content.state = State.DRAFT
    content.save()


def lose_signature(*, content: Reviewed) -> None:
    """The text changed after it was approved: nobody has signed what it says now."""
    content.state = content.unsigned_state
    content.save()


def is_shown_signed(row: Slugged) -> bool:
    """Whether a page that a clinician has approved shows this row: its words need a signature."""
    if isinstance(row, Author):
        signed = {"author": row, "state": State.APPROVED}
        return any(kind._default_manager.filter(**signed).exists() for kind in kinds_of(Content))
    if isinstance(row, Citation):
        return any(each.is_signed_off() for each in _citing(row))
    if isinstance(row, SafetyLine) and row.exercise is None:  # stands on all of them
        kinds = [Article, Condition, Exercise]
        return any(kind._default_manager.filter(state=State.APPROVED).exists() for kind in kinds)
    return row.is_signed_off()


def _citing(source: Citation) -> Iterator[Slugged]:
    """Rows whose text names a source, and what it is evidence of."""
    yield from source.evidence.select_related("treatment")
    for kind in kinds_of(Slugged):
        named = [Q(**{f"{name}__contains": f"[@{source.slug}]"}) for name in kind.prose]
        if source.slug and named:
            yield from kind._default_manager.filter(reduce(or_, named))


def _has_emergency_line() -> bool:
    return UrgencyLine.objects.published().emergency().exists()
