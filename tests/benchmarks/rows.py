"""Measure on the database that `TEST_DB` names, and print a row of the table for each measure."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.db import connection  # noqa: E402

from tests.benchmarks import board, browsing, clinic, finding, journey, throughput  # noqa: E402
from tests.benchmarks.server import serving  # noqa: E402
from tests.benchmarks.table import Row  # noqa: E402


@contextmanager
def database() -> Iterator[None]:
    """An empty database, migrated."""
    connection.creation.create_test_db(verbosity=0)
    try:
        yield
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


def on_sqlite() -> Iterator[Row]:
    """Everything; what fills the clinic with past visits comes last, and what needs them."""
    with serving() as served:
        yield browsing.condition_page(served)
        yield from browsing.odd_questions(served)
        yield from journey.rows(served, "SQLite", at_most=30)
        yield throughput.row("SQLite")
        yield from browsing.free_times(served)
        yield from board.rows(served)
        yield finding.find()


def on_postgresql() -> Iterator[Row]:
    """Recorded only: the server's time is that of the site, without the database's processes."""
    with serving() as served:
        yield from journey.rows(served, "PostgreSQL")
        yield throughput.row("PostgreSQL")


def main() -> int:
    """Print the rows; 1 where a bound is missed."""
    missed = 0
    with database():
        clinic.fill()
        for row in on_sqlite() if connection.vendor == "sqlite" else on_postgresql():
            missed += row.is_missed
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
