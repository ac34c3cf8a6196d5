"""Mistakes that no test noticed, and the reasons why one of them is no fault: `survivors.toml`.

A mistake is known by its module and by the lines that it changes, before and after, so that a
reason stays true wherever in the module the lines stand.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

REASONS = Path(__file__).with_name("survivors.toml")


class Mistake(NamedTuple):
    """One change to one module: the lines taken out, and the lines put in, spaces made single."""

    module: str
    old: str
    new: str


def of_diff(module: str, diff: str) -> Mistake:
    """The mistake that a unified diff makes."""
    lines = [line for line in diff.splitlines() if not line.startswith(("--- ", "+++ "))]
    old, new = (
        " ".join(" ".join(line[1:].split()) for line in lines if line.startswith(sign))
        for sign in "-+"
    )
    return Mistake(module, old, new)


def reasons(text: str) -> dict[Mistake, str]:
    """The reason of each mistake that may survive. Raises ValueError where one is empty."""
    found = {}
    for row in tomllib.loads(text).get("survivor", []):
        if not row["reason"].strip():
            raise ValueError(f"no reason is given for {row['new']}")
        found[Mistake(row["module"], row["old"], row["new"])] = row["reason"]
    return found


class Judgement(NamedTuple):
    """What became of the mistakes of some modules."""

    unexplained: list[Mistake]  # survived, and nobody has said why that may be
    outdated: list[Mistake]  # a reason for what is killed now, or no longer made


def judge(
    survived: Iterable[Mistake], known: Iterable[Mistake], modules: Iterable[str]
) -> Judgement:
    """Hold the survivors of those modules against the reasons."""
    there, looked_at = set(survived), set(modules)
    explained = {mistake for mistake in known if mistake.module in looked_at}
    return Judgement(sorted(there - explained), sorted(explained - there))
