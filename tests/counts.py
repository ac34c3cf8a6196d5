"""What a database has counted of its rows, by which it plans."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def count() -> None:
    """Have it count, as its owner or a nightly job does."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def forget() -> None:
    """Have SQLite plan as if it had never counted. Its connection remembers what it counted, also
    after a transaction that is taken back: later tests would load visits a hundred times slower.
    PostgreSQL takes counts back with their transaction, and with a table that is emptied whole.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")
        if cursor.fetchall():
            cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")  # reads the counts anew


@contextmanager
def counted() -> Iterator[None]:
    """Within the block it plans by what it has counted."""
    count()
    try:
        yield
    finally:
        forget()
