"""Locks that somebody holds, and how long others wait for them."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from booking.models import Therapist
from tests.patience import SECONDS


def hold_the_lock(therapist):
    """Write to the therapist's row: both databases then make a booking wait."""
    Therapist.objects.filter(pk=therapist.pk).update(order=1)


@contextmanager
def impatient(milliseconds=100, before_second_try=None):
    """This connection waits so long for a lock; yields the list of its tries to take it."""
    postgres = connection.vendor == "postgresql"
    setting = "lock_timeout = " if postgres else "PRAGMA busy_timeout = "
    usual = f"{SECONDS}s" if postgres else SECONDS * 1000
    statement = f"SET {setting}" if postgres else setting
    tries = []

    def note(execute, sql, *rest):
        if sql.startswith("BEGIN IMMEDIATE") or (
            "booking_therapist" in sql and "FOR NO KEY" in sql
        ):
            tries.append(sql)
            if before_second_try and len(tries) == 2:
                before_second_try()
        return execute(sql, *rest)

    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{milliseconds}")
        with connection.execute_wrapper(note):
            yield tries
        cursor.execute(f"{statement}'{usual}'" if postgres else f"{statement}{usual}")


@contextmanager
def locked_at(number):
    """The database is locked at the write of that number, from 1; yields the list of writes."""
    writes = []

    def note(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(sql)
            if len(writes) == number:
                raise OperationalError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield writes


@contextmanager
def no_deadlocks():
    """PostgreSQL counts no deadlock meanwhile, not even one that a second try made good."""
    before = deadlocks()
    yield
    assert deadlocks() == before


def deadlocks():
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def assert_begins_anew(call: Callable[[], Any], rows: Callable[[], Any]) -> None:
    """That a call which finds the database locked as it ends does all of its writes once more, and
    leaves nothing of the first time. `rows` reads what the call may write.
    """
    before = rows()
    with locked_at(number=0) as writes, transaction.atomic():
        call()
        transaction.set_rollback(True)
    assert rows() == before

    with locked_at(number=len(writes)) as again:
        call()

    assert len(again) == 2 * len(writes) > 0
    assert rows() != before
