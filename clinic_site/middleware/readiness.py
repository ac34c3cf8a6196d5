"""What `/readyz` looks at: what stops patients, and what somebody should see to."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from booking import time_limits
from booking.constraints import missing_guards
from booking.models import LastDone, OutgoingEmail, last_done
from booking.models.last_done import LONGEST
from clinic_site.middleware.faults import UNKNOWN_ERRORS

OK = "ok"
LAG = "oldest due e-mail, seconds"
ATTENTION = "attention"
# One small write for as many questions as come meanwhile.
WRITE_EVERY = timedelta(seconds=10)
LATE = timedelta(minutes=15)  # mail that should be out
LEAST_DISK = 500_000_000  # bytes

Report = dict[str, object]


def stops() -> dict[str, str]:
    """Without any of these patients cannot read or book. Raises DatabaseError."""
    return {
        "database": OK,
        "migrations": "missing" if missing_migrations() else OK,
        "no double booking": "missing" if missing_guards() else OK,
        "static files": OK if has_static_files() else "missing",
    }


def write(now: datetime) -> str:
    """Whether the database takes a write: of a full or read-only disk, reading tells nothing."""
    try:
        LastDone.objects.note(last_done.WRITE, now, WRITE_EVERY)
        _need_room()
    except DatabaseError:
        return "refused"
    return OK


def _need_room() -> None:
    """Have PostgreSQL put some 400 kB on its disk for a moment, in 3 ms. On a full one it still
    writes a row over where there is room in its files, while bookings find none. SQLite needs room
    for each write. Raises DatabaseError.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            # The least that it may have: the rows do not fit, and go to a file.
            cursor.execute("SET LOCAL work_mem = 64")
            cursor.execute("SELECT count(*) FROM generate_series(1, 20000)")


def rest(now: datetime) -> Report:
    """How late e-mail is, how old the rest, and in sentences what should be seen to."""
    lag = OutgoingEmail.objects.lag(now)
    ages = LastDone.objects.ages(now)
    return {
        LAG: int(lag.total_seconds()),
        **{f"{name}, seconds ago": _seconds(ages.get(name)) for name in LONGEST},
        ATTENTION: [
            *_amiss(ages),
            *_of_restore(ages),
            *_of_mail(lag),
            *_of_disk(),
            *_of_errors(),
            *_of_limits(),
        ],
    }


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _amiss(ages: dict[str, timedelta]) -> Iterator[str]:
    """Of a demo nobody needs a backup, and nothing in it gets old."""
    for name, longest in LONGEST.items():
        if settings.DEMO and name != last_done.MAIL_WORKER:
            continue
        if name not in ages:
            yield f"{name}: never seen"
        elif ages[name] > longest:
            yield f"{name}: too long ago"


def _of_restore(ages: dict[str, timedelta]) -> Iterator[str]:
    if last_done.RESTORED in ages:
        yield "restored: who was erased or disabled since may be back, until restore_checked"


def _of_mail(lag: timedelta) -> Iterator[str]:
    if lag > LATE:
        yield "e-mail: late"
    if held := OutgoingEmail.objects.waiting_to_be_told().count():
        yield f"e-mail: {held} held since a restore, until send_held_mail"


def _of_disk() -> Iterator[str]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < LEAST_DISK:
        yield f"disk: {free // 1_000_000} MB free"


def _of_errors() -> Iterator[str]:
    if count := UNKNOWN_ERRORS.in_a_day():
        yield f"errors: {count} unknown in a day, in this process; the log says where"


def _of_limits() -> Iterator[str]:
    if names := time_limits.missing(connection):
        yield f"database: without {', '.join(names)}, until migrate"


def has_static_files() -> bool:
    """Whether pages find their style sheets, by the manifest that `collectstatic` has left."""
    try:
        staticfiles_storage.url("css/site.css")
    except ValueError:
        return False
    return True


def missing_migrations() -> set[tuple[str, str]]:
    """App and name of the migrations that this code has and the database has not."""
    return known_migrations() - set(MigrationRecorder(connection).applied_migrations())


# Asked again after the next release was laid beside the running one, the disk would name migrations
# that this code does without. Saves 1.5 ms of each /readyz besides.
@cache
def known_migrations() -> set[tuple[str, str]]:
    """The migrations of the code that runs."""
    return set(MigrationLoader(None).disk_migrations)
