"""The table of the benchmarks says of each figure whether its bound is kept."""

import pytest

from tests.benchmarks.table import HEAD, Row


@pytest.mark.parametrize(
    ("row", "bound", "verdict"),
    [
        (Row("page", 0.9, at_least=0.9), "≥ 0.9", "ok"),
        (Row("page", 0.89, at_least=0.9), "≥ 0.9", "FAIL"),
        (Row("growth", 1.15, at_most=1.15), "≤ 1.15", "ok"),
        (Row("growth", 1.16, at_most=1.15), "≤ 1.15", "FAIL"),
        (Row("more queries", 1, at_most=0), "≤ 0", "FAIL"),
        (Row("share", 4.2), "recorded", ""),
    ],
)
def test_a_missed_bound_fails(row, bound, verdict):
    assert (row.bound, row.verdict, row.is_missed) == (bound, verdict, verdict == "FAIL")


def test_rows_stand_under_the_heads_columns():
    columns = [index for index, letter in enumerate(HEAD.splitlines()[0]) if letter == "|"]

    assert [index for index, letter in enumerate(str(Row("a", 1.0))) if letter == "|"] == columns
