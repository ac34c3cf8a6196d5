"""The arithmetic of free times, against models that count minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.calendars.availability import (
    NOWHERE,
    Stay,
    days,
    free_starts,
    local_minutes,
    merge,
    refused_starts,
    to_instant,
    to_minutes,
    to_minutes_up,
)

minute = st.integers(min_value=-60, max_value=300)
spans = st.lists(st.tuples(minute, minute), max_size=8)
length = st.integers(min_value=1, max_value=90)
gap = st.integers(min_value=0, max_value=40)
instants = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)
)


def minutes_of(some_spans):
    return {minute for start, end in some_spans for minute in range(start, end)}


@given(spans)
def test_merge_keeps_the_minutes_in_sorted_spans_that_do_not_touch(some_spans):
    merged = merge(some_spans)

    assert minutes_of(merged) == minutes_of(some_spans)
    assert all(start < end for start, end in merged)
    assert all(one[1] < other[0] for one, other in pairwise(merged))


@given(spans)
def test_merge_does_not_ask_for_an_order(some_spans):
    assert merge(reversed(some_spans)) == merge(some_spans)


def stays_nowhere(some_spans):
    return [Stay(1, start, end, NOWHERE, 0, start) for start, end in some_spans]


def found_in(opening, stays, *, step, here=1, travel=0, earliest=-1000, **visit):
    """The free starts of a visit in one opening, among such stays."""
    refused = refused_starts(here, travel, stays, earliest=earliest, **visit)
    return free_starts([opening], refused, minutes=visit["minutes"], step=step)


@given(
    opens=minute,
    open_for=length,
    busy=st.lists(st.tuples(minute, length), max_size=8),
    minutes=length,
    step=length,
    before=gap,
    after=gap,
    earliest=minute,
)
def test_free_starts_are_those_whose_every_minute_is_free(
    opens, open_for, busy, minutes, step, before, after, earliest
):
    closes, spans = opens + 3 * open_for, [(start, start + lasts) for start, lasts in busy]
    taken = minutes_of(spans)
    expected = [
        start
        for start in range(opens, closes - minutes + 1, step)
        if start >= earliest and taken.isdisjoint(range(start - before, start + minutes + after))
    ]

    visit = {"minutes": minutes, "before": before, "after": after, "earliest": earliest}
    found = found_in((opens, closes), stays_nowhere(spans), step=step, **visit)

    assert found == expected


@given(openings=spans, busy=st.lists(st.tuples(minute, length), max_size=8), minutes=length)
def test_each_opening_of_a_day_gives_its_own_starts(openings, busy, minutes):
    stays = stays_nowhere((start, start + lasts) for start, lasts in busy)
    refused = refused_starts(1, 0, stays, minutes=minutes)

    found = free_starts(merge(openings), refused, minutes=minutes, step=15)

    alone = [free_starts([span], refused, minutes=minutes, step=15) for span in merge(openings)]
    assert found == [start for starts in alone for start in starts]


@pytest.mark.parametrize(
    ("busy", "buffers", "expected"),
    [
        ([], {}, [540, 555, 570, 585]),
        ([(540, 541)], {}, [555, 570, 585]),
        ([(585, 600)], {}, [540]),
        ([(500, 540), (630, 700)], {}, [540, 555, 570, 585]),
        ([(500, 540)], {"before": 5}, [555, 570, 585]),
        ([(630, 700)], {"after": 5}, [540, 555, 570]),
        ([(0, 2000)], {}, []),
        ([], {"earliest": 541}, [555, 570, 585]),
    ],
)
def test_a_visit_of_45_in_a_morning_from_9_to_half_past_10(busy, buffers, expected):
    assert found_in((540, 630), stays_nowhere(busy), minutes=45, step=15, **buffers) == expected


place = st.integers(NOWHERE, 3)
stays = st.lists(st.tuples(minute, length, place, gap), max_size=6)
asked = st.fixed_dictionaries({"here": st.integers(1, 3), "travel": gap, "minutes": length})


def way_between(here, travel, stay):
    _begins, _lasts, other, way = stay
    return 0 if other in (NOWHERE, here) else max(way, travel)


@st.composite
def visits_beside_a_stay(draw):
    """Stays, a visit, and a start a minute at most from where the way to the first just fits."""
    visit, first, others = draw(asked), draw(stays.filter(bool)), draw(stays)
    begins, lasts, *_rest = first[0]
    way = way_between(visit["here"], visit["travel"], first[0])
    edges = [begins - way - visit["minutes"], begins + lasts + way]
    start = draw(st.sampled_from(edges)) + draw(st.sampled_from([-1, 0, 1]))
    return first[:1] + others[:2], visit, start


@given(visits_beside_a_stay())
def test_a_visit_keeps_the_way_to_every_visit_elsewhere(drawn):
    """Free is what ends so long before, or begins so long after, as the way takes."""
    stays, visit, start = drawn
    end = start + visit["minutes"]

    def leaves_the_way(stay):
        begins, lasts, *_rest = stay
        between = way_between(visit["here"], visit["travel"], stay)
        return end + between <= begins or begins + lasts + between <= start

    away = [Stay(1, at, at + lasts, *rest, at) for at, lasts, *rest in stays]
    found = found_in((start, end), away, step=1, **visit)

    assert found == ([start] if all(map(leaves_the_way, stays)) else [])


@given(stays=stays, here=st.integers(1, 3))
def test_without_travel_it_does_not_matter_where(stays, here):
    spans = [(at, at + lasts) for at, lasts, _place, _way in stays]

    def refused(place, way):
        stays = [Stay(1, *span, place, way, span[0]) for span in spans]
        return refused_starts(here, 0, stays, minutes=45)

    assert refused(here, 40) == refused(3 - here, 0) == refused(NOWHERE, 40)


def test_steps_are_counted_from_the_opening():
    assert found_in((545, 605), [], minutes=30, step=15) == [545, 560, 575]


@pytest.mark.parametrize("closes", [540, 584])
def test_nothing_fits_into_less_than_its_length(closes):
    assert found_in((540, closes), [], minutes=45, step=15) == []


@given(instants)
def test_minutes_round_down_and_up_around_an_instant(instant):
    down, up = to_instant(to_minutes(instant)), to_instant(to_minutes_up(instant))

    assert down <= instant <= up
    assert up - down == (
        timedelta(minutes=1) if instant.second or instant.microsecond else timedelta(0)
    )


@given(st.integers(min_value=-30_000_000, max_value=60_000_000))
def test_minutes_survive_the_way_to_an_instant_and_back(minutes):
    instant = to_instant(minutes)

    assert to_minutes(instant) == to_minutes_up(instant) == minutes
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (date(2026, 3, 7), time(9), "2026-03-07T14:00"),
        (date(2026, 3, 8), time(9), "2026-03-08T13:00"),
        (date(2026, 3, 8), time(2, 30), "2026-03-08T07:30"),  # skipped by the clock
        (date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),  # comes twice: the first
        (date(2026, 11, 1), time(9), "2026-11-01T14:00"),
    ],
)
def test_wall_times_around_a_clock_change(day, wall, expected):
    found = to_instant(local_minutes(day, wall, ZoneInfo("America/New_York")))

    assert found.isoformat() == f"{expected}:00+00:00"


def test_days_hold_both_ends():
    assert [day.day for day in days(date(2026, 11, 29), date(2026, 12, 1))] == [29, 30, 1]
    assert list(days(date(2026, 12, 1), date(2026, 11, 30))) == []
