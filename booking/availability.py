"""Which times can be booked: arithmetic on intervals, and nothing else.

Times are whole **minutes since the Unix epoch, UTC** (`int`), so that a month of twenty
calendars is plain integer work. A `Span` is half-open: `(start, end)` holds start, not end.
Standard library only: no Django, no database, no clock.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

Span = tuple[int, int]
Stay = tuple[int, int, int, int]  # start, end, place, minutes of travel between it and another
NOWHERE = 0  # the place of a stay that takes no travel, such as time off
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def to_minutes(instant: datetime) -> int:
    """Minutes since the epoch of an aware datetime; seconds are dropped."""
    return (instant - EPOCH) // MINUTE


def to_minutes_up(instant: datetime) -> int:
    """The same, but a started minute counts as a whole one."""
    return -((EPOCH - instant) // MINUTE)


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
    merged: list[Span] = []
    begins, ends = 0, 0
    for start, end in sorted(spans):
        if start > ends or begins == ends:
            if begins < ends:
                merged.append((begins, ends))
            begins, ends = start, max(start, end)
        elif end > ends:
            ends = end
    if begins < ends:
        merged.append((begins, ends))
    return merged


def busy_at(place: int, travel: int, stays: Iterable[Stay]) -> list[Span]:
    """What refuses visits at a place, merged: every stay, and around one elsewhere the way too.

    The way between two places takes the longer of their minutes of travel.
    """
    near = NOWHERE, place
    spans = [
        (start, end) if other in near else _widened(start, end, max(way, travel))
        for start, end, other, way in stays
    ]
    return merge(spans)


def _widened(start: int, end: int, gap: int) -> Span:
    return start - gap, end + gap


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


def free_starts(
    opening: Span, busy: Sequence[Span], *, minutes: int, step: int, before: int = 0, after: int = 0
) -> list[int]:
    """Start times inside one opening interval, on its step, that no busy span refuses.

    `busy` is sorted and merged (see `merge`). A visit of `minutes` must fit inside `opening`;
    `before` and `after` are minutes that must be free around it, and may reach outside.
    Steps are counted from the opening: a visit of 45 on a step of 15 from 9:05 can start at
    9:05, 9:20 and so on.
    """
    opens, closes = opening
    starts: list[int] = []
    start, lead, trail = opens, opens - before, after + minutes
    # Those that begin in between, and the last before them; a tuple of one is less than a span.
    index = bisect_left(busy, (lead,))
    for busy_from, busy_until in busy[index and index - 1 : bisect_left(busy, (closes + after,))]:
        if start <= busy_from - trail:
            starts += range(start, busy_from - trail + 1, step)
        # the first step at which this busy span is over, if that is not behind us
        over = opens - (lead - busy_until) // step * step
        if over > start:
            start = over
    starts += range(start, closes - minutes + 1, step)
    return starts


def days(first: date, last: date) -> Iterator[date]:
    """Each day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
