"""The table of a command: what was looked at, what was found, and whether that should be."""

import sys
from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """`wanted` is what `found` should be; None where it is only written down."""

    what: str
    found: object
    wanted: object = None


def told(rows: Iterable[Row]) -> int:
    """Print each as it comes; exit status: 1 where one is not as it should be."""
    missed = 0
    for row in rows:
        is_missed = row.wanted is not None and row.found != row.wanted
        missed += is_missed
        word = "MISSED" if is_missed else "" if row.wanted is None else "ok"
        sys.stdout.write(f"| {row.what} | {row.found} | {word} |\n")
        sys.stdout.flush()
    return 1 if missed else 0
