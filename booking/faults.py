"""What can be wrong on our side, and what a visitor is answered: one table for the whole site."""

import errno
from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

from django.db import InterfaceError, InternalError, OperationalError


class Fault(NamedTuple):
    """What is wrong, in the words of the log; the answer's status and page; in how many seconds it
    is worth trying again, None where that is not known.
    """

    words: str
    status: int
    page: str
    retry_after: int | None


_LATER = HTTPStatus.SERVICE_UNAVAILABLE, "503.html"
AWAY = Fault("database away", *_LATER, 30)
BUSY = Fault("database busy or locked", *_LATER, 30)
SLOW = Fault("question to the database took too long", *_LATER, 30)
FULL = Fault("disk full or only readable", *_LATER, 300)
UNKNOWN = Fault("unknown", HTTPStatus.INTERNAL_SERVER_ERROR, "500.html", None)

# By what the database or the system calls it. Of PostgreSQL the SQLSTATE, of SQLite the name of
# its code, which may go on (SQLITE_READONLY_DBMOVED), or its words.
POSTGRESQL = {
    "40001": BUSY,  # could not be put in order with others
    "40P01": BUSY,  # deadlock
    "55P03": BUSY,  # waited too long for a lock
    "57014": SLOW,  # statement_timeout
    "25006": FULL,  # a standby, which only reads
    "53100": FULL,
    "25P03": AWAY,  # the session was ended for idling
}
SQLITE = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": FULL,
    "database is locked": BUSY,
}
SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: FULL}


def fault_of(error: BaseException | None) -> Fault:
    """What is wrong, by the error or the first of its causes that tells."""
    found = (_told_by(each) for each in _with_causes(error))
    return next((fault for fault in found if fault), UNKNOWN)


def is_away(error: BaseException) -> bool:
    """Whether the database is away, locked, full or only readable: later may help."""
    return _told_by(error) not in (None, UNKNOWN)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _told_by(error: BaseException) -> Fault | None:
    if isinstance(error, InternalError):  # a slip of ours, but for what this names
        return POSTGRESQL.get(_state(error))
    if isinstance(error, (OperationalError, InterfaceError)):
        return POSTGRESQL.get(_state(error)) or _of_sqlite(error) or AWAY
    return SYSTEM.get(error.errno or 0) if isinstance(error, OSError) else None


def _state(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def _of_sqlite(error: BaseException) -> Fault | None:
    said = f"{getattr(error.__cause__, 'sqlite_errorname', '')} {error}"
    return next((fault for words, fault in SQLITE.items() if words in said), None)
