"""The desk's day, one step after another, counted and compared with what a desk would accept."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.browser.desk_hands import Mouse
from tests.browser.desk_steps import Day, steps

# At most: seconds of the model, and groups of keys; a page without a script has no list below a
# field, and leads over a page for it.
BOUNDS = {
    ("mouse", "known caller"): (15.0, 8),
    ("keyboard", "known caller"): (15.0, 8),
    ("mouse", "new caller"): (20.0, 99),
    ("keyboard", "new caller"): (20.0, 99),
}
NONE = (999.0, 999)


@dataclass
class Cost:
    """What steps of one kind took, each."""

    seconds: list[float] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    clicks: list[int] = field(default_factory=list)

    def add(self, before: tuple[float, int, int, int], desk: Mouse) -> None:
        since = [now - then for now, then in zip(counts(desk), before, strict=True)]
        for kept, value in zip(vars(self).values(), since, strict=True):
            kept.append(value)


def counts(desk: Mouse) -> tuple[float, int, int, int]:
    return desk.seconds, desk.groups, desk.keys, desk.taps


def live(desk: Mouse, day: Day) -> dict[str, Cost]:
    """Do the whole day; what each kind of step took."""
    found: dict[str, Cost] = {}
    for step in steps(day):
        if step.days is not None:
            desk.board(day.date(step.days))
        before = counts(desk)
        step.act(desk, day)
        found.setdefault(step.what, Cost()).add(before, desk)
    return found


def missed(way: str, found: dict[str, Cost]) -> list[str]:
    """Where a bound is missed, in words."""
    return [
        f"{way}, {what}: {max(cost.seconds):.1f} s in {max(cost.groups)} groups"
        for what, cost in found.items()
        for seconds, groups in [BOUNDS.get((way, what), NONE)]
        if max(cost.seconds) > seconds or max(cost.groups) > groups
    ]


def table(way: str, found: dict[str, Cost]) -> Iterator[str]:
    """A line for each kind of step: the dearest of them, beside the bound."""
    yield f"{way:14} {'times':>5} {'s':>6} {'groups':>6} {'keys':>5} {'clicks':>6}  at most"
    for what, cost in found.items():
        most = BOUNDS.get((way, what))
        bound = f"{most[0]:.0f} s, {most[1]} groups" if most else ""
        yield (
            f"{what:14} {len(cost.seconds):5} {max(cost.seconds):6.1f} {max(cost.groups):6}"
            f" {max(cost.keys):5} {max(cost.clicks):6}  {bound}"
        )
    yield f"{'in all':14} {sum(len(cost.seconds) for cost in found.values()):5} {total(found):6.1f}"


def total(found: dict[str, Cost]) -> float:
    return sum(sum(cost.seconds) for cost in found.values())


def say(line: str) -> None:
    sys.stdout.write(f"\n{line}")
