"""Signing content off."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import F

from conditions.models import (
    Content,
    Reviewed,
    Reviewer,
    Signature,
    Slugged,
    State,
    UrgencyLine,
)
from conditions.models.base import SIGNATURE, parts_of
from conditions.review.parts import pages_showing, standing, unsigned

REVIEW_LASTS = timedelta(days=365)
NO_WORDS = SIGNATURE | {"reviewer_id"}


class NoEmergencyLine(Exception):
    """No page may stand, and none be approved, without a public emergency line."""


class UnsignedParts(Exception):
    """A page is signed with all that it shows: nobody has signed these parts of it."""

    def __init__(self, parts: Sequence[Reviewed]) -> None:
        super().__init__(", ".join(f"“{part}”" for part in parts))
        self.parts = parts


def reviewer_of(user: User | AnonymousUser) -> Reviewer | None:
    """The Reviewer row of a signed-in, active user, or None: only reviewers may approve."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    return Reviewer.objects.filter(user=user).first()


def who_names_reviewers() -> list[User]:
    """Staff who may add a reviewer: who manages staff accounts, and has the right to."""
    managers = User.objects.with_perm("auth.change_user").filter(is_staff=True)
    naming = User.objects.with_perm("conditions.add_reviewer").values("pk")
    return list(managers.filter(pk__in=naming).order_by("username"))


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
        if not through._meta.auto_created:
            continue  # its rows are among those below
        one, other = shared.m2m_field_name(), shared.m2m_reverse_field_name()
        fields = [field.attname for field in shared.related_model._meta.fields]
        own_page = issubclass(shared.related_model, Reviewed)  # signed by itself: a link to it
        words = {f"shows_{name}": F(f"{other}__{name}") for name in fields if not own_page}
        yield f"{one}_id", through._base_manager.annotate(**words)


def _words(values: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in values.items() if name not in NO_WORDS)


def approve(*, content: Reviewed, reviewer: Reviewer, on: date) -> None:
    """Sign content off: copy name and licence, date it, and set the next review a year on.

    `on` is the clinic's date. Raises NoEmergencyLine for a page while none is public, and
    UnsignedParts while a part that it shows has no signature.
    """
    _check(content)
    _sign(content, reviewer, on)


def _check(content: Reviewed) -> None:
    if isinstance(content, Content) and not _has_emergency_line():
        raise NoEmergencyLine
    if parts := unsigned(content):
        raise UnsignedParts(parts)


@transaction.atomic
def approve_all(rows: Sequence[Reviewed], reviewer: Reviewer, on: date) -> None:
    """Sign rows that were read together, such as a page and parts of it: all of them, or none.

    Raises as `approve` does, UnsignedParts for a part that is not among them.
    """
    for row in rows:
        _sign(row, reviewer, on)
    for row in rows:
        _check(row)


def hold(page: Reviewed) -> None:
    """Closes the race between a signing and a saving: what is read now stays so until it is signed.

    What the page shares is locked before it, and what goes with it after it, as savings lock them.
    """
    kinds = sorted(parts_of(type(page)), key=lambda part: part.model._meta.label)
    for part in kinds:
        if part.is_shared:
            _lock(part.model, getattr(page, part.name).values_list("pk", flat=True))
    _lock(type(page), [page.pk])
    for part in kinds:
        if not part.is_shared:
            _lock(part.model, getattr(page, part.name).values_list("pk", flat=True))
    for row in sorted(
        {*unsigned(page), *standing(page)}, key=lambda row: (row._meta.label, row.pk)
    ):
        _lock(type(row), [row.pk])


def _lock(model: type[Slugged], keys: Iterable[Any]) -> None:
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=list(keys))
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
def approve_with_parts(
    *,
    content: Reviewed,
    together: Sequence[Reviewed],
    reviewer: Reviewer,
    on: date,
    texts: Sequence[tuple[Reviewed, list[str]]] = (),
) -> None:
    """Sign a page and those of its parts that were read with it: all of them, or none.

    `texts` holds what was read of each row, line by line: it is kept. Raises as `approve` does,
    UnsignedParts for a part that is not among those read `together`.
    """
    for part in together:
        _sign(part, reviewer, on)
    approve(content=content, reviewer=reviewer, on=on)
    keep_texts(texts, reviewer, on)


@transaction.atomic
def sign_where_it_stands(
    *, row: Slugged, reviewer: Reviewer, on: date, texts: Sequence[tuple[Reviewed, list[str]]]
) -> None:
    """Sign a row that stands on signed pages, which go on with it under their own signatures.

    `texts` holds what was read of each, line by line: it is kept. A row without a signature of its
    own is signed by that alone. Raises as `approve` does.
    """
    if isinstance(row, Reviewed):
        approve(content=row, reviewer=reviewer, on=on)
    keep_texts(texts, reviewer, on)


def keep_texts(texts: Iterable[tuple[Reviewed, list[str]]], reviewer: Reviewer, on: date) -> None:
    """Keep what each of these signed rows says, line by line, and who read it so."""
    Signature.objects.bulk_create(_kept(row, lines, reviewer, on) for row, lines in texts)


def _kept(row: Slugged, lines: list[str], reviewer: Reviewer, on: date) -> Signature:
    return Signature(
        model=str(row._meta.model_name),
        slug=row.slug,
        reviewed_by=str(reviewer),
        reviewed_licence=reviewer.licence,
        reviewed_on=on,
        lines=lines,
    )


def _sign(content: Reviewed, reviewer: Reviewer, on: date) -> None:
    content.state = State.APPROVED
    content.reviewer = reviewer
    content.reviewed_by = str(reviewer)
    content.reviewed_licence = reviewer.licence
    content.reviewed_on = on
    content.next_review_due = on + REVIEW_LASTS
    when = ["updated_at"] if isinstance(content, Content) else []
    content.save(update_fields=[*SIGNATURE, *when])  # never the words: they are as they were read


@transaction.atomic
def take_back(*, content: Reviewed) -> list[Reviewed]:
    """Make content a draft again: it leaves the public site, and so do approved pages with it.

    Returns these pages. Raises NoEmergencyLine for the last line that warns of an emergency.
    """
    if isinstance(content, UrgencyLine) and content.is_last_emergency_line():
        raise NoEmergencyLine
    _lock(type(content), [content.pk])  # a signing of a page that shows it comes first, or last
    shown_on = pages_showing([content])
    content.state = State.DRAFT
    content.save()
    return [lost for page in shown_on for lost in lose_signature(content=page)]


@transaction.atomic
def lose_signature(*, content: Reviewed) -> list[Reviewed]:
    """The text changed after it was approved: nobody has signed what it says now.

    An approved page that shows it loses its signature too: it would go without this part. Not so
    for other words of a warning on many pages: it still stands there, so these keep theirs, and
    are public again once it is signed. Returns every row that lost one.
    """
    lost = []
    content.refresh_from_db(fields=["state"])
    if content.state == State.APPROVED:
        content.state = content.unsigned_state
        content.save(update_fields=["state"])
        lost.append(content)
    rows: Any = type(content)._default_manager
    stands_on = isinstance(content, UrgencyLine) and not content.condition_id
    if not stands_on and rows.waiting().filter(pk=content.pk).exists():
        for page in pages_showing([content]):
            lost += lose_signature(content=page)
    return lost


def _has_emergency_line() -> bool:
    return UrgencyLine.objects.published().emergency().exists()
