"""Which times can be booked: arithmetic on intervals, and nothing else.

Times are whole **minutes since the Unix epoch, UTC** (`int`), so that a month of twenty
calendars is plain integer work. A `Span` is half-open: `(start, end)` holds start, not end.
Standard library only: no Django, no database, no clock.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from math import inf
from typing import NamedTuple

Span = tuple[int, int]
Edges = list[int]  # of merged spans: where one starts, where it ends, where the next starts …
NOWHERE = 0  # the place of a stay that takes no travel, such as time off
FAR = 1 << 40  # farther from the epoch than every start that is asked for
NO_VISIT = -1  # the lead of a stay that is no visit
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Stay(NamedTuple):
    """When a therapist takes no other visit, buffers included, and where they are; in minutes."""

    therapist_id: int
    start: int
    end: int
    place: int
    travel: int  # between that place and another
    lead: int  # from the start until a visit begins


def to_minutes(instant: datetime) -> int:
    """Minutes since the epoch of an aware datetime; seconds are dropped."""
    return (instant - EPOCH) // MINUTE


def to_minutes_up(instant: datetime) -> int:
    """The same, but a started minute counts as a whole one."""
    return -((EPOCH - instant) // MINUTE)


@lru_cache(maxsize=8192)  # the same times are asked for again and again
def to_instant(minutes: int) -> datetime:
    """Aware UTC datetime of minutes since the epoch."""
    return EPOCH + minutes * MINUTE


@lru_cache(maxsize=4096)
def local_minutes(day: date, wall: time, zone: tzinfo) -> int:
    """Minutes since the epoch of a wall-clock time on a day in a zone.

    On a day of a clock change, a time that the clock skips counts as the moment of the jump
    plus the same distance (fold=0: the offset before it), and a time that comes twice as its
    first coming.
    """
    return to_minutes(datetime.combine(day, wall, zone))


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as sorted spans that neither touch nor overlap; empty ones dropped."""
    edges = merged_edges(spans)
    return list(zip(edges[::2], edges[1::2], strict=True))


def merged_edges(spans: Iterable[Span]) -> Edges:
    """Where merged spans start and end, by turns."""
    edges: Edges = []
    last = -inf
    for start, end in sorted(spans):
        if start > last:
            if start < end:
                edges += (start, end)
                last = end
        elif end > last:
            edges[-1] = last = end
    return edges


def refused_starts(
    place: int,
    travel: int,
    stays: Iterable[Stay],
    *,
    minutes: int,
    before: int = 0,
    after: int = 0,
    earliest: int = -FAR,
) -> Edges:
    """At which starts a visit of `minutes` at a place would touch a stay.

    `before` and `after` are minutes that must be free around the visit. Around a stay elsewhere
    the way must be free too: of two places the longer of their minutes of travel. Every start
    before `earliest` is refused, and at the end of time.
    """
    near, trail = (NOWHERE, place), minutes + after - 1
    spans = [
        (start - trail, end + before)
        if other in near
        else (start - trail - max(way, travel), end + before + max(way, travel))
        for _therapist, start, end, other, way, _lead in stays
    ]
    return [*merged_edges([(-FAR, earliest), *spans]), FAR, FAR]


def subtract(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of merged spans when merged others are taken away."""
    left: list[Span] = []
    for start, end in spans:
        for cut_start, cut_end in taken:
            if cut_start < end and cut_end > start:
                if start < cut_start:
                    left.append((start, cut_start))
                start = cut_end
        if start < end:
            left.append((start, end))
    return left


def free_starts(openings: Iterable[Span], refused: Edges, *, minutes: int, step: int) -> list[int]:
    """Starts of visits that fit inside an opening, on its step, unless refused.

    Steps are counted from the opening: a visit of 45 on a step of 15 from 9:05 can start at
    9:05, 9:20 and so on.
    """
    starts: list[int] = []
    for opens, closes in openings:
        start, until = opens, closes - minutes + 1
        index = bisect_right(refused, opens)
        index -= index % 2  # where the first refused span starts that is not over
        while start < until:
            begins, ends = refused[index], refused[index + 1]
            if start < begins:
                starts += range(start, begins if begins < until else until, step)
            if start < ends:
                start = opens - (opens - ends) // step * step  # the first step that is not before
            index += 2
    return starts


def days(first: date, last: date) -> Iterator[date]:
    """Each day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + offset * DAY
