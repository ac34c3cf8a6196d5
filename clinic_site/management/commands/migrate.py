"""`manage.py migrate`: Django's own, by one node at a time, within limits of time."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from booking import time_limits

KEY = 0x636C696E6963  # of the advisory lock, the same on every node
TRY_EVERY = 0.5  # seconds


class Command(migrate.Command):
    """Closes the race of two nodes that find the same migration missing, and both apply it."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor == "postgresql":
            with alone_on_postgresql(connection):
                with connection.execute_wrapper(time_limits.OfMigrations()):
                    super().handle(*args, **options)
                time_limits.keep(connection)
        else:
            with alone_on_this_machine():
                super().handle(*args, **options)


@contextmanager
def alone_on_postgresql(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Waits until no other node migrates this database.

    By a lock of a transaction on a connection of its own: PgBouncer keeps the server's session for
    as long as a transaction lasts, and lends one that holds a session's lock to others.
    """
    with closing(connection.copy()) as own, own.cursor() as cursor:
        while not _begins(cursor):
            cursor.execute("ROLLBACK -- another node migrates")
            time.sleep(TRY_EVERY)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _begins(cursor: Any) -> bool:
    """Whether a transaction has the lock. None waits for it: who waits would hold a session that
    PgBouncer may need for who migrates.
    """
    cursor.execute("BEGIN")
    cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [KEY])
    return bool(cursor.fetchone()[0])


@contextmanager
def alone_on_this_machine() -> Iterator[None]:
    """The same for SQLite, whose file is on one machine. The system frees it if we are killed."""
    with (settings.VAR_DIR / ".migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
