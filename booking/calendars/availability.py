"""Which times can be booked: arithmetic on intervals, and nothing else.

Times are whole **minutes since the Unix epoch, UTC** (`int`), so that a month of twenty
calendars is plain integer work. A `Span` is half-open: `(start, end)` holds start, not end.
Standard library only: no Django, no database, no clock.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from math import inf
from typing import NamedTuple

Span = tuple[int, int]
Start = tuple[int, int]  # when a visit could begin, and at which place
Edges = list[int]  # of merged spans: where one starts, where it ends, where the next starts …
NOWHERE = 0  # the place of a stay that takes no travel, such as time off
LONG_AGO = -(1 << 40)  # in minutes: before every start that is asked for
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Stay(NamedTuple):
    """When a therapist takes no other visit, and where they are meanwhile.

    In minutes: `start` and `end` have the buffers of a visit in them, `begins` has not.
    """

    therapist_id: int
    start: int
    end: int
    place: int
    travel: int  # between that place and another
    begins: int
    visit_id: int | None = None  # primary key; None for what is no visit


def to_minutes(instant: datetime) -> int:
    """Minutes since the epoch of an aware datetime; seconds are dropped."""
    return (instant - EPOCH) // MINUTE


def to_minutes_up(instant: datetime) -> int:
    """Minutes since the epoch of an aware datetime; a started minute counts as a whole one."""
    return -((EPOCH - instant) // MINUTE)


def to_instant(minutes: int) -> datetime:
    """Aware UTC datetime of minutes since the epoch."""
    return EPOCH + minutes * MINUTE


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
    last = -inf
    for start, end in sorted(spans):
        if start > last:
            if start < end:
                merged.append((start, end))
                last = end
        elif end > last:
            merged[-1] = merged[-1][0], end
            last = end
    return merged


def refused_starts(
    place: int,
    travel: int,
    stays: Iterable[Stay],
    *,
    minutes: int,
    before: int = 0,
    after: int = 0,
    earliest: int = LONG_AGO,
) -> Edges:
    """At which starts a visit of `minutes` at a place would touch a stay.

    `before` and `after` are minutes that must be free around the visit. Around a stay elsewhere
    the way must be free too: of two places the longer of their minutes of travel. Every start
    before `earliest` is refused.
    """
    spans = [(LONG_AGO, earliest)]
    for stay in stays:
        way = 0 if stay.place in (NOWHERE, place) else max(stay.travel, travel)
        spans.append((stay.start - way - minutes - after + 1, stay.end + way + before))
    return [edge for span in merge(spans) for edge in span]


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
    return [
        start
        for opens, closes in openings
        for start in range(opens, closes - minutes + 1, step)
        if bisect_right(refused, start) % 2 == 0  # as many spans have ended as have started
    ]


def filling(
    openings: Sequence[Sequence[Start]],
    travel: Mapping[int, int],
    *,
    length: int,
    step: int,
    shortest: int,
) -> set[Start]:
    """Of a therapist's free starts of a day, opening by opening, those that keep the day full.

    A visit at one of them lowers by exactly one how many such visits still fit that day. Of an
    opening's such starts only those are taken that leave no gap too short for any visit, if there
    are any: a gap that is left is at least `shortest`, the minutes of the shortest visit. Every
    opening with a free start keeps one: where the next hours lie closer than the way there, and
    each of its starts costs two visits, those that cost least.

    `length` is that of a visit with what must be free around it; `travel` gives the minutes from
    a place to any other; starts lie on a `step`.
    """
    starts = sorted({start for opening in openings for start in opening})
    fitting = dict(zip(starts, _fitting(starts, travel, length), strict=True))
    kept: set[Start] = set()
    for opening in filter(None, openings):
        most = max(fitting[start] for start in opening)
        full = {start for start in opening if fitting[start] == most}
        kept |= full & _gapless(opening, step, shortest) or full
    return kept


def _fitting(starts: Sequence[Start], travel: Mapping[int, int], length: int) -> list[int]:
    """How many visits fit that day if one begins at each of these starts, which are in order."""
    mirrored = [(-at, place) for at, place in reversed(starts)]
    before = _fitting_before(starts, travel, length)
    after = reversed(_fitting_before(mirrored, travel, length))
    return [one + 1 + other for one, other in zip(before, after, strict=True)]


def _fitting_before(starts: Iterable[Start], travel: Mapping[int, int], length: int) -> list[int]:
    """How many visits fit before one at each of these starts, which are in order."""
    seen: dict[int, tuple[list[int], list[int]]] = {place: ([], []) for place in travel}
    most = []
    for at, place in starts:
        fit = 0
        for other, (times, fitting) in seen.items():
            way = 0 if other == place else max(travel[other], travel[place])
            passed = bisect_right(times, at - length - way)
            fit = max(fit, fitting[passed - 1] if passed else 0)
        most.append(fit)
        times, fitting = seen[place]
        times.append(at)
        fitting.append(fit + 1)  # of one place never less than at the start before
    return most


def _gapless(opening: Iterable[Start], step: int, shortest: int) -> set[Start]:
    """Of an opening's free starts, in order, those whose visit leaves no gap below `shortest`.

    A gap is counted within the starts that follow each other on the step: from the first of them
    to the visit's, and from there to the last.
    """
    kept = set()
    for _first, numbered in groupby(enumerate(opening), lambda pair: pair[1][0] - pair[0] * step):
        stretch = [start for _number, start in numbered]
        first, last = stretch[0][0], stretch[-1][0]
        for at, place in stretch:
            if all(gap == 0 or gap >= shortest for gap in (at - first, last - at)):
                kept.add((at, place))
    return kept


def days(first: date, last: date) -> Iterator[date]:
    """Each day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + offset * DAY
