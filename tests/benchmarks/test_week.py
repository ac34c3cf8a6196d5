"""The week that the bench fills: who asks, what it can hold, and what it comes to hold."""

from itertools import pairwise

import pytest

from tests.benchmarks.filling import Row, farther
from tests.benchmarks.week import DEMAND, asks, best, week


@pytest.mark.parametrize(
    ("mix", "minutes"),
    [((45,), 2250), ((45, 30), 2400), ((60,), 2400), ((50,), 2000), ((240, 45), 2400)],
)
def test_the_best_that_ten_openings_of_four_hours_hold(mix, minutes):
    assert best(mix) == minutes


def test_the_same_people_ask_whatever_is_shown():
    assert list(asks((45, 30), 1)) == list(asks((45, 30), 1)) != list(asks((45, 30), 2))
    assert sum(ask.minutes for ask in asks((45, 30), 1)) >= DEMAND * best((45, 30))


def test_times_that_fill_the_day_hold_more_and_lie_no_farther_from_the_wish():
    every, full = week((45,), (), 0), week((45,), (45,), 0)

    assert every.held < full.held == best((45,))
    assert farther([every], [full]) < 0 == farther([full], [full])


def test_a_desk_that_heeds_the_marks_at_times_leaves_fewer_gaps_than_one_that_never_does():
    mix, seeds = (45, 30, 30), range(5)
    held = {
        name: sum(week(mix, filling, seed, heeds).held for seed in seeds)
        for name, filling, heeds in (
            ("never", (45,), False),
            ("half", (45,), True),
            ("always", mix, False),
        )
    }

    assert held["never"] < held["half"] < held["always"]


def test_visits_of_a_week_never_overlap():
    stays = sorted(week((45, 30), (45,), 3).visits.values(), key=lambda stay: stay.start)

    assert all(one.end <= other.start for one, other in pairwise(stays))


@pytest.mark.parametrize(
    ("held", "farther", "is_missed"),
    [(0.98, 0, False), (0.97, 0, True), (0.99, 1, True), (0.99, -1, False)],
)
def test_a_row_says_whether_its_bounds_are_kept(held, farther, is_missed):
    row = Row((45,), "fill the day", held, 60, farther, at_least=0.98)

    assert row.is_missed == is_missed
    assert str(row).endswith("| FAIL |" if is_missed else "| ok   |")
