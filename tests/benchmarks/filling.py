"""How full a week gets by the times that patients are shown, and how far these lie from a wish.

For visits of one length, and for mixes with shorter follow-ups: their times are chosen by the same
rule, or anywhere, as the desk may, or half of them with an eye to what its page marks. Beside each
the same people where every start is shown.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

import django

django.setup()

from tests.benchmarks.week import Mix, Week, best, week  # noqa: E402

VISIT, FOLLOW_UP = 45, 30
MIXES: list[Mix] = [
    (VISIT, VISIT, FOLLOW_UP),
    (VISIT, FOLLOW_UP),
    (VISIT, FOLLOW_UP, FOLLOW_UP),
]
SEEDS = range(60)
ALONE, GAIN = 0.98, 0.05
HEAD = """
| visits, minutes | times shown               | held  | bound    | from wish | farther |      |
| --------------- | ------------------------- | ----: | -------- | --------: | ------: | ---- |
"""


@dataclass(frozen=True)
class Row:
    """`held`: minutes booked to the most that the openings hold. `distance`: from the wish, mean
    minutes; `farther`: how much more than with every start, of those who got a time either way.

    Bounds: held is `at_least` so much, where that is given, and nobody is farther off on average.
    """

    mix: Mix
    shown: str
    held: float
    distance: float
    farther: float = 0.0
    at_least: float | None = None

    @property
    def is_missed(self) -> bool:
        too_empty = self.at_least is not None and self.held < self.at_least
        return too_empty or self.farther > 0

    def __str__(self) -> str:
        visits = ", ".join(map(str, self.mix))
        bound = "recorded" if self.at_least is None else f"≥ {self.at_least:.3f}"
        off = f"{self.distance:9.0f} | {self.farther:+7.0f}"
        verdict = "FAIL" if self.is_missed else "ok"
        return (
            f"| {visits:15} | {self.shown:25} | {self.held:.3f} | {bound:8} | {off} | {verdict:4} |"
        )


def rows() -> Iterator[Row]:
    """Of each mix every start, then times that fill the day: of all visits, and of some."""
    yield from compared((VISIT,), ALONE)
    for mix in MIXES:
        yield from compared(mix)


def compared(mix: Mix, at_least: float | None = None) -> Iterator[Row]:
    """The rows of a mix; without a bound of its own it holds `GAIN` more than with every start."""
    without = weeks(mix, ())
    every = row(mix, "every start", without)
    yield every
    found = weeks(mix, mix)
    yield row(mix, "fill the day", found, without, at_least or every.held + GAIN)
    if FOLLOW_UP in mix:
        found = weeks(mix, (VISIT,), heeds=True)
        yield row(mix, "fill, desk heeds half", found, without)
        found = weeks(mix, (VISIT,))
        yield row(mix, "fill, follow-ups anywhere", found, without)


def weeks(mix: Mix, filling: Mix, heeds: bool = False) -> list[Week]:
    """Some weeks in which the times of visits of `filling` minutes fill the day."""
    return [week(mix, filling, seed, heeds) for seed in SEEDS]


def row(
    mix: Mix,
    shown: str,
    found: list[Week],
    without: list[Week] | None = None,
    at_least: float | None = None,
) -> Row:
    """What such weeks hold, beside those of the same people where every start is shown."""
    held = mean(each.held for each in found) / best(mix)
    distance = mean(minutes for each in found for minutes in each.distances.values())
    return Row(mix, shown, held, distance, farther(without or found, found), at_least)


def farther(without: list[Week], found: list[Week]) -> float:
    """How much farther from their wish those are on average who got a time either way."""
    return mean(
        each.distances[number] - other.distances[number]
        for each, other in zip(found, without, strict=True)
        for number in each.distances.keys() & other.distances.keys()
    )


def main() -> int:
    """Print the rows; 1 where a bound is missed."""
    sys.stdout.write(HEAD)
    missed = 0
    for each in rows():
        missed += each.is_missed
        sys.stdout.write(f"{each}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
