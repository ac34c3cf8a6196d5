"""Visits that were found, as a page shows them: those to come, the next first; then the others, the
latest first. And names that are nearly what was typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from rapidfuzz.distance import OSA

from booking.desk.finding import spoken
from booking.models import Appointment, AppointmentStatus
from booking.models.appointment import AppointmentQuerySet
from booking.models.findable import is_to_come

PAGE = 30
# Of a clinic with more names, those that come first in the alphabet: 50,000 take a tenth of a
# second to compare.
MOST_NAMES = 50_000
MOST_NEAR = 20


@dataclass
class Found:
    """One page of visits; `last` is where the next one goes on, None on the last page."""

    coming: list[Appointment]
    past: list[Appointment]
    last: Appointment | None

    @property
    def visits(self) -> list[Appointment]:
        """All of them, in the page's order."""
        return [*self.coming, *self.past]

    def __bool__(self) -> bool:
        return bool(self.coming or self.past)


def page(rows: AppointmentQuerySet, now: datetime, after: Appointment | None = None) -> Found:
    """The first visits of these, or those that follow `after`, the last one of the page before.

    Three queries at most: which they are is asked without their details, so that an index answers.
    """
    keys = [] if after and not _is_to_come(after, now) else _coming(rows, now, after)
    room = PAGE + 1 - len(keys)
    every = keys + (_gone(rows, now, after, room) if room else [])
    by_key = Appointment.objects.with_details().in_bulk(every[:PAGE])
    visits = [by_key[key] for key in every[:PAGE] if key in by_key]
    return Found(
        coming=[visit for visit in visits if visit.pk in keys],
        past=[visit for visit in visits if visit.pk not in keys],
        last=visits[-1] if len(every) > PAGE and visits else None,
    )


def _is_to_come(visit: Appointment, now: datetime) -> bool:
    awaited = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)
    return visit.status in awaited and visit.ends_at > now


def _coming(rows: AppointmentQuerySet, now: datetime, after: Appointment | None) -> list[int]:
    rows = rows.to_come(now)
    if after:
        at, pk = after.starts_at, after.pk
        rows = rows.filter(Q(starts_at__gt=at) | Q(starts_at=at, pk__gt=pk))
    return list(rows.values_list("pk", flat=True)[: PAGE + 1])


def _gone(
    rows: AppointmentQuerySet, now: datetime, after: Appointment | None, most: int
) -> list[int]:
    rows = rows.gone(now)
    if after and not _is_to_come(after, now):
        at, pk = after.starts_at, after.pk
        rows = rows.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=pk))
    return list(rows.values_list("pk", flat=True)[:most])


def totals(rows: AppointmentQuerySet, now: datetime) -> dict[str, int]:
    """How many of these visits are to come, and how the others went."""
    status = AppointmentStatus
    return rows.order_by().aggregate(
        coming=Count("pk", is_to_come(now)),
        seen=Count("pk", Q(status=status.FULFILLED)),
        missed=Count("pk", Q(status=status.NO_SHOW)),
        cancelled=Count("pk", Q(status=status.CANCELLED)),
    )


def near(typed: str, names: Iterable[str]) -> list[str]:
    """The folded names in which each word that was typed has one that it may have slipped from:
    a letter more, less, other or swapped; of eight letters and more, two. The nearest first.
    """
    words = spoken(typed)
    if not words or any(word.isdecimal() for word in words):
        return []
    farthest = {word: 2 * _slips(word) + 1 for word in words}
    known: dict[tuple[str, str], int] = {}
    found = []
    for name in names:
        parts = name.split()
        off = [min(_off(word, part, known) for part in parts) for word in words]
        if all(far <= farthest[word] for word, far in zip(words, off, strict=True)):
            found.append((sum(off), name))
    return [name for _off_by, name in sorted(found)[:MOST_NEAR]]


def _slips(word: str) -> int:
    """How many slips are forgiven: none in a word that is hardly more than one letter."""
    return (len(word) > 2) + (len(word) > 7)


def _off(word: str, part: str, known: dict[tuple[str, str], int]) -> int:
    """How far what was typed is from a word: twice the slips, and one more where it is nearer to
    the word's beginning. Words stand in many names: each is compared once.
    """
    pair = (word, part)
    if pair not in known:
        most = _slips(word)
        whole = OSA.distance(word, part, score_cutoff=most)
        beginning = OSA.distance(word, part[: len(word)], score_cutoff=most)
        known[pair] = min(2 * whole, 2 * beginning + 1)
    return known[pair]
