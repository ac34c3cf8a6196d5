"""Each fault by the error that tells of it, real where both databases can be made to raise it."""

import errno
import re
import sqlite3
from pathlib import Path

import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from psycopg import errors

from booking.faults import AWAY, BUSY, FULL, SLOW, UNKNOWN, fault_of


def caused(error, cause):
    error.__cause__ = cause
    return error


def of_sqlite(words, name):
    cause = sqlite3.OperationalError(words)
    cause.sqlite_errorname = name
    return caused(OperationalError(words), cause)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OperationalError("connection refused"), AWAY),
        (InterfaceError("connection already closed"), AWAY),
        (caused(OperationalError("x"), errors.AdminShutdown()), AWAY),
        (caused(OperationalError("x"), errors.TooManyConnections()), AWAY),
        (caused(InternalError("x"), errors.IdleInTransactionSessionTimeout()), AWAY),
        (caused(OperationalError("x"), errors.DeadlockDetected()), BUSY),
        (caused(OperationalError("x"), errors.LockNotAvailable()), BUSY),
        (of_sqlite("database is locked", "SQLITE_BUSY"), BUSY),
        (of_sqlite("database table is locked", "SQLITE_LOCKED_SHAREDCACHE"), BUSY),
        (caused(OperationalError("x"), errors.QueryCanceled()), SLOW),
        (caused(OperationalError("x"), errors.DiskFull()), FULL),
        (caused(InternalError("x"), errors.ReadOnlySqlTransaction()), FULL),
        (of_sqlite("database or disk is full", "SQLITE_FULL"), FULL),
        (of_sqlite("attempt to write a readonly database", "SQLITE_READONLY"), FULL),
        (of_sqlite("disk I/O error", "SQLITE_IOERR_FSYNC"), AWAY),
        (OSError(errno.ENOSPC, "x"), FULL),
        (OSError(errno.EROFS, "x"), FULL),
        (caused(ValueError("x"), OperationalError("x")), AWAY),
        (caused(InternalError("x"), errors.InFailedSqlTransaction()), UNKNOWN),
        (OSError(errno.ENOENT, "x"), UNKNOWN),
        (DataError("x"), UNKNOWN),
        (ValueError("x"), UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_fault_is_known_by_its_error(error, fault):
    assert fault_of(error) == fault


@pytest.mark.only("postgresql")
def test_a_question_that_takes_too_long_is_told_apart(db):
    with pytest.raises(OperationalError) as caught, connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(60)")

    assert fault_of(caught.value) == SLOW


@pytest.mark.only("sqlite")
def test_a_database_that_only_reads_is_told_apart(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        with pytest.raises(OperationalError) as caught:
            cursor.execute("DELETE FROM booking_lastdone")
        cursor.execute("PRAGMA query_only = OFF")

    assert fault_of(caught.value) == FULL


@pytest.mark.parametrize("fault", [AWAY, BUSY, SLOW, FULL, UNKNOWN])
def test_the_document_says_of_each_fault_what_the_table_does(fault):
    text = (Path(__file__).parents[2] / "docs/reliability.md").read_text()
    [row] = re.findall(rf"^\| {fault.words} \|.*$", text, re.MULTILINE)

    assert [cell.strip() for cell in row.split("|")[3:5]] == [
        str(int(fault.status)),
        str(fault.retry_after or ""),
    ]
