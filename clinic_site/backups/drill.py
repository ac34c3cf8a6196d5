"""A place to restore into for a try, with a database of its own, and gone afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from clinic_site.environment import TOP


@contextmanager
def scratch() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment of a site that has its files and its empty database there.

    On PostgreSQL the database is made on the same server, so that its user needs CREATEDB.
    Raises OSError, DatabaseError.
    """
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=settings.VAR_DIR) as folder:
        place = Path(folder)
        own = {"VAR_DIR": str(place / "var")}
        if connection.vendor == "sqlite":
            url = f"sqlite:///{place / 'var' / 'clinic.sqlite3'}"
            yield place, os.environ | own | {"DATABASE_URL": url}
        else:
            with _database() as url:
                yield place, os.environ | own | {"DATABASE_URL": url}


@contextmanager
def _database() -> Iterator[str]:
    name = f"{connection.settings_dict['NAME']}_drill_{os.getpid()}"[-63:]
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # it copies the server's template
        cursor.execute(f"CREATE DATABASE {quoted}")
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command there, in a process of its own: as on the day on which it is needed."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True)
