"""A place to restore into for a try, with a database of its own, and gone afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from clinic_site.backups.scratch import folder
from clinic_site.environment import TOP

KEY = 0x636C6472696C6C  # of the advisory lock, the same on every node


@contextmanager
def scratch() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment of a site that has its files and its empty database there.

    On PostgreSQL the database is made on the same server, so that its user needs CREATEDB.
    Raises OSError, DatabaseError.
    """
    with folder(settings.VAR_DIR, "drill") as place:
        own = {"VAR_DIR": str(place / "var")}
        if connection.vendor == "sqlite":
            url = f"sqlite:///{place / 'var' / 'clinic.sqlite3'}"
            yield place, os.environ | own | {"DATABASE_URL": url}
        else:
            with _database() as url:
                yield place, os.environ | own | {"DATABASE_URL": url}


@contextmanager
def _database() -> Iterator[str]:
    begins = f"{connection.settings_dict['NAME']}_drill_"
    name = f"{begins}{os.getpid()}"[-63:]
    quoted = connection.ops.quote_name(name)
    with _alone(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # it copies the server's template
        _drop_left(cursor, begins)
        cursor.execute(f"CREATE DATABASE {quoted}")
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


@contextmanager
def _alone() -> Iterator[None]:
    """Waits until no other drill is on: what is there of one by then was left by one that was
    killed. By a lock of a transaction, as of `migrate`, on a connection of its own.
    """
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN")
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SET LOCAL {limit} = 0")
        # Locked: closes the race of a drill that begins with one whose database is still in use.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        yield
        cursor.execute("ROLLBACK")


def _drop_left(cursor: Any, begins: str) -> None:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [begins])
    for (left,) in cursor.fetchall():
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(left)} WITH (FORCE)")


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command there, in a process of its own: as on the day on which it is needed."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True)
