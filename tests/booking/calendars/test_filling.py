"""Starts that keep a day full, against a count of everything that could still be booked."""

from hypothesis import given
from hypothesis import strategies as st

from booking.calendars.availability import (
    LONG_AGO,
    NOWHERE,
    Stay,
    filling,
    free_starts,
    merge,
    refused_starts,
)

STEP = 15


class Day:
    """A therapist's day: openings by place, what is taken, and one kind of visit."""

    def __init__(
        self, openings, stays=(), travel=None, *, minutes=45, buffers=(0, 0), earliest=LONG_AGO
    ):
        self.openings = {place: merge(spans) for place, spans in openings.items()}
        self.travel = travel or dict.fromkeys(openings, 0)
        self.stays, self.minutes, self.buffers = tuple(stays), minutes, buffers
        self.earliest = earliest

    def free(self, stays):
        """The free starts, opening by opening."""
        before, after = self.buffers
        rule = {"before": before, "after": after, "earliest": self.earliest}
        rows = []
        for place, spans in self.openings.items():
            refused = refused_starts(place, self.travel[place], stays, minutes=self.minutes, **rule)
            for span in spans:
                starts = free_starts([span], refused, minutes=self.minutes, step=STEP)
                rows.append([(start, place) for start in starts])
        return rows

    def booked(self, start):
        """The stay of a visit at that start."""
        at, place = start
        before, after = self.buffers
        end = at + self.minutes + after
        return Stay(1, at - before, end, place, self.travel[place], at, 1)

    def most(self, stays, since=LONG_AGO):
        """How many such visits can still be booked, one after another: every way is tried."""
        starts = [start for opening in self.free(stays) for start in opening if start[0] >= since]
        booked = ((*stays, self.booked(start)) for start in starts)
        return max((1 + self.most(more, more[-1].begins) for more in booked), default=0)

    def costs(self):
        """By how many a visit lowers that, opening by opening, start by start."""
        most = self.most(self.stays)
        return [
            {start: most - self.most((*self.stays, self.booked(start))) for start in opening}
            for opening in self.free(self.stays)
        ]

    def kept(self, shortest=0):
        before, after = self.buffers
        rule = {"length": self.minutes + before + after, "step": STEP, "shortest": shortest}
        return filling(self.free(self.stays), self.travel, **rule)


wall = st.integers(0, 24).map(lambda number: number * 5)
length = st.integers(1, 8).map(lambda number: number * 15)
hours = st.lists(st.tuples(wall, length), min_size=1, max_size=2)
taken = st.lists(st.tuples(wall, st.integers(1, 60), st.integers(NOWHERE, 2)), max_size=3)


@st.composite
def some_day(draw, places=1):
    """Hours at some places, what is taken of them, and a visit with what must be free around it."""
    ways = {place: draw(st.sampled_from([0, 10, 30])) for place in range(1, places + 1)}
    openings = {place: [(opens, opens + lasts) for opens, lasts in draw(hours)] for place in ways}
    stays = [
        Stay(1, at, at + lasts, place, ways.get(place, 20), at) for at, lasts, place in draw(taken)
    ]
    return Day(
        openings,
        stays,
        ways,
        minutes=draw(st.sampled_from([30, 45, 50, 60])),
        buffers=(draw(st.sampled_from([0, 5])), draw(st.sampled_from([0, 10]))),
        earliest=draw(st.sampled_from([LONG_AGO, 20, 65])),
    )


@given(some_day(), st.sampled_from([0, 30, 45]))
def test_a_start_that_is_kept_lowers_by_one_how_many_still_fit(day, shortest):
    kept = day.kept(shortest)

    for costs in filter(None, day.costs()):
        assert {costs[start] for start in kept if start in costs} == {1}


@given(some_day(places=2), st.sampled_from([0, 30]))
def test_on_the_way_between_two_places_too_wherever_that_can_be(day, shortest):
    """Hours may lie so close to others on either side that a visit there costs two."""
    kept = day.kept(shortest)

    for costs in filter(None, day.costs()):
        assert {costs[start] for start in kept if start in costs} == {min(costs.values())}


@given(some_day(places=2))
def test_every_start_that_costs_no_more_is_kept_where_any_gap_will_do(day):
    cheapest = [
        {start for start in costs if costs[start] == min(costs.values())} for costs in day.costs()
    ]

    assert day.kept() == set().union(*cheapest)


def kept_in(span, stays=(), **visit):
    shortest = visit.pop("shortest", 0)
    day = Day({1: [span]}, [Stay(1, *taken, 1, 0, taken[0]) for taken in stays], **visit)
    return sorted(start for start, _place in day.kept(shortest))


def test_four_visits_of_45_fill_three_hours_from_one_end_to_the_other():
    assert kept_in((0, 180)) == [0, 45, 90, 135]


def test_where_a_quarter_of_an_hour_is_left_it_may_lie_between_any_two():
    assert kept_in((0, 105)) == [0, 15, 45, 60]


def test_of_these_those_come_first_that_leave_room_for_the_shortest_visit():
    assert kept_in((0, 240)) == [0, 15, 45, 60, 90, 105, 135, 150, 180, 195]
    assert kept_in((0, 240), shortest=30) == [0, 45, 60, 90, 105, 135, 150, 195]


def test_a_gap_that_is_too_short_stays_away_while_the_opening_has_another_start():
    """An hour is free before the visit, an hour and a half after it."""
    assert kept_in((0, 195), [(60, 105)], shortest=30) == [105, 150]
    assert kept_in((0, 150), [(60, 105), (105, 150)], shortest=30) == [0, 15]


def test_the_gap_is_counted_from_the_first_start_after_the_notice():
    assert kept_in((0, 120), earliest=16, shortest=30) == [30, 75]
    assert kept_in((0, 120), earliest=1, shortest=30) == [15, 75]


def test_after_50_minutes_the_gap_is_from_the_next_step_to_the_end_of_the_hours():
    """Half an hour from 60 to 90, as before the visit at 30; a quarter is left by those between."""
    assert kept_in((0, 90), minutes=50, shortest=30) == [0, 30]
