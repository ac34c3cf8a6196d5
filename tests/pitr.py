"""PostgreSQL back to a moment between two bookings, as docs/backup.md says: `make pitr`.

A server with an archive of its log; a visit is booked, a base backup made, more visits are booked,
the server is killed and its data thrown away. Then it is brought back to just after one of them.
Prints a table; ends with 1 on a miss.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg

from tests.faults.rows import Row, told
from tests.postgres import Postgres
from tests.running import TOP, environment

BEFORE, AFTER = 5, 5  # visits that must be there again, and that must not
BOOK = """
import uuid
from datetime import timedelta
from django.utils import timezone
from booking.models import Therapist, VisitType
from booking.visits import bookings
from booking.visits.requests import Patient, Request
now = timezone.now()
first = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=200)
for number in range({first}, {first} + {count}):
    bookings.book_by_desk(
        visit_type=VisitType.objects.filter(online=True).first(),
        therapist=Therapist.objects.first(),
        starts_at=first + timedelta(hours=number),
        patient=Patient(f"Minute {{number:03}}", "(212) 555-0101", email=f"{{number}}@example.org"),
        request=Request(key=uuid.uuid4(), now=now),
    )
"""
HELD = "SELECT count(*) FROM booking_outgoingemail WHERE leased_until > '9998-01-01'"
LONGEST = 120.0  # seconds
NAMES = "SELECT name FROM booking_appointment WHERE name LIKE 'Minute %' ORDER BY name"


class Archived:
    """A server whose log is kept in a folder of its own."""

    def __init__(self, place: Path) -> None:
        self.wal, self.base = place / "wal", place / "base"
        command = f"test ! -f {self.wal}/%f && cp %p {self.wal}/%f.partial"
        command += f" && mv {self.wal}/%f.partial {self.wal}/%f"
        settings = ["wal_level=replica", "archive_mode=on", "archive_timeout=5"]
        self.server = Postgres([*settings, f"archive_command={command}"], place=place)
        for folder in (self.wal, self.base):
            folder.mkdir()
            if self.server.user:
                shutil.chown(folder, self.server.user)

    def copy(self) -> None:
        """The base backup, as docs/backup.md makes it."""
        how = ["--format=tar", "--gzip", "--checkpoint=fast", "--wal-method=none"]
        where = ["-h", self.server.folder, "-U", "postgres"]
        self.server.run("pg_basebackup", "--pgdata", self.base / "day", *how, *where)

    def destroy(self) -> None:
        """Kill it, and throw its data away; what is archived is left."""
        self.server.process.kill()
        self.server.process.wait()
        shutil.rmtree(self.server.folder / "data")

    def bring_back(self, moment: str) -> None:
        """Into an empty folder, up to the moment."""
        data = self.server.folder / "data"
        data.mkdir(mode=0o700)
        subprocess.run(["tar", "-xzf", self.base / "day/base.tar.gz", "-C", data], check=True)
        with (data / "postgresql.auto.conf").open("a") as file:
            file.write(f"restore_command = 'cp {self.wal}/%f %p'\n")
            file.write(f"recovery_target_time = '{moment}'\n")
            file.write("recovery_target_action = 'promote'\n")
        (data / "recovery.signal").touch()
        if self.server.user:
            for path in [data, *data.rglob("*")]:
                shutil.chown(path, self.server.user)
        self.server.process = self.server.serve()


def ask(url: str, question: str) -> list[str]:
    with psycopg.connect(url, autocommit=True) as session:
        return [str(row[0]) for row in session.execute(question).fetchall()]


def do(url: str, statement: LiteralString) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(statement)


def until(condition: Callable[[], bool]) -> float:
    """Seconds until it holds. Raises RuntimeError where that takes too long."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() > begun + LONGEST:
            raise RuntimeError("waited in vain")
        time.sleep(0.1)
    return time.monotonic() - begun


def until_kept(url: str) -> float:
    """Seconds until all that is committed now has gone to the archive, by its own time."""
    [file] = ask(url, "SELECT pg_walfile_name(pg_logical_emit_message(true, 'pitr', 'all'))")
    question = "SELECT left(coalesce(last_archived_wal, ''), 24) FROM pg_stat_archiver"
    return until(lambda: ask(url, question) >= [file])


def book(own: dict[str, str], first: int, count: int) -> None:
    """So many visits by the desk, each an hour after the one before."""
    manage(own, "shell", "-v0", "-c", BOOK.format(first=first, count=count))


def manage(own: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=TOP, env=own, check=True, stdout=subprocess.DEVNULL)


def tried(place: Path) -> Iterator[Row]:
    archived = Archived(place)
    url = f"{archived.server.url.removesuffix('/postgres')}/clinic"
    own = environment(place / "var", url)
    try:
        do(archived.server.url, "CREATE DATABASE clinic")
        manage(own, "prepare")
        book(own, 1, 1)
        begun = time.monotonic()
        archived.copy()
        yield Row("base backup, seconds", f"{time.monotonic() - begun:.1f}")
        book(own, 2, BEFORE - 1)
        [moment] = ask(url, "SELECT clock_timestamp()")
        wanted = ask(url, NAMES)
        book(own, BEFORE + 1, AFTER)
        after = len(ask(url, NAMES)) - len(wanted)
        yield Row("booked before the moment, and after it", (len(wanted), after), (BEFORE, AFTER))
        yield Row(
            "until all was in the archive (every 5 s), seconds",
            f"{until_kept(url):.1f}",
        )
        archived.destroy()
        begun = time.monotonic()
        archived.bring_back(moment)
        until(lambda: ask(url, "SELECT pg_is_in_recovery()") == ["False"])
        yield Row("brought back, seconds", f"{time.monotonic() - begun:.1f}")
        yield Row("visits of before the moment, none of after it", len(ask(url, NAMES)), BEFORE)
        manage(own, "hold_mail")
        manage(own, "check", "--database", "default")
        yield Row("e-mails held, until a person lets them go", ask(url, HELD)[0])
        book(own, 100, 1)
        yield Row("a visit is booked after that", len(ask(url, NAMES)) - len(wanted), 1)
    finally:
        archived.server.stop()


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="clinic-pitr-") as place:
        Path(place).chmod(0o755)  # PostgreSQL runs as a user of its own
        Path(place, "var").mkdir(mode=0o700)
        return told(tried(Path(place)))


if __name__ == "__main__":
    sys.exit(main())
