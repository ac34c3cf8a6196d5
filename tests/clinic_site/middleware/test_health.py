"""/healthz and /readyz: what a load balancer is told."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction

from booking.models import LastDone, OutgoingEmail
from clinic_site.middleware import readiness
from clinic_site.middleware.faults import UNKNOWN_ERRORS
from tests.builders import NOW, at, book, make_therapist

OK = {
    "database": "ok",
    "migrations": "ok",
    "no double booking": "ok",
    "static files": "ok",
    "write": "ok",
}
MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
LAG = "oldest due e-mail, seconds"
AGES = {f"{name}, seconds ago": 0 for name in ("mail worker", "backup", "restore drill", "purge")}
WELL = OK | {LAG: 0, "attention": []} | AGES


@pytest.fixture
def well(db):
    """A clinic whose machinery has just done all that it should."""
    for name in ("mail worker", "backup", "restore drill", "purge"):
        LastDone.objects.note(name, NOW)


@pytest.fixture(autouse=True)
def no_errors():
    """Other tests of this process have some on purpose."""
    UNKNOWN_ERRORS.moments.clear()


def asked(client, after=timedelta(0)):
    """What `/readyz` answers so long after all was well."""
    with time_machine.travel(NOW + after, tick=False):
        response = client.get("/readyz", headers={"host": "10.0.0.7"})
    return response.status_code, response.json()


def drop_guard():
    """Take the guard away, as somebody's hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER booking_appointment_no_overlap_update"
            if connection.vendor == "sqlite"
            else "ALTER TABLE booking_appointment DROP CONSTRAINT booking_appointment_no_overlap"
        )


@contextmanager
def only_readable():
    """As on a full disk, or a server that was made a standby: questions are answered."""
    is_sqlite = connection.vendor == "sqlite"
    with transaction.atomic():  # PostgreSQL takes nothing more after its refusal
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            transaction.set_rollback(True)
            if is_sqlite:  # past Django, which waits for the rollback
                connection.connection.execute("PRAGMA query_only = OFF")


@pytest.fixture(params=["https", "http"])
def scheme(request, settings):
    settings.SECURE_SSL_REDIRECT = request.param == "https"


def test_healthz_asks_no_database_and_no_host_name(client, scheme):
    response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_that_all_is_well(client, well, scheme):
    assert asked(client) == (200, WELL)
    assert client.get("/readyz")["Cache-Control"] == "no-store"


def test_readyz_misses_a_migration(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'booking'")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, OK | {"migrations": "missing"})


def test_readyz_misses_the_guard_against_double_booking(client, db):
    drop_guard()

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, OK | {"no double booking": "missing"})


def test_readyz_reports_late_email_and_stays_ready(client, well):
    book(make_therapist(), at("9:00"))
    OutgoingEmail.objects.update(due_at=NOW)

    status, report = asked(client, timedelta(minutes=16))

    assert (status, report[LAG]) == (200, 960)
    assert report["attention"] == ["mail worker: too long ago", "e-mail: late"]


def test_readyz_names_what_is_too_old_and_stays_ready(client, well):
    status, report = asked(client, timedelta(days=36))

    assert (status, report["backup, seconds ago"]) == (200, 36 * 24 * 3600)
    assert report["attention"] == [
        "mail worker: too long ago",
        "backup: too long ago",
        "restore drill: too long ago",
        "purge: too long ago",
    ]


@pytest.mark.parametrize(
    ("demo", "missed"), [(False, ["backup", "restore drill", "purge"]), (True, [])]
)
def test_readyz_names_what_never_was_but_no_backups_of_a_demo(client, db, settings, demo, missed):
    settings.DEMO = demo

    status, report = asked(client)

    assert (status, report["backup, seconds ago"]) == (200, None)
    assert report["attention"] == [f"{name}: never seen" for name in ["mail worker", *missed]]


def test_readyz_says_that_mail_is_held_since_a_restore(client, well):
    book(make_therapist(), at("9:00"))
    assert OutgoingEmail.objects.hold_until_told(NOW) == 1

    held = asked(client)
    OutgoingEmail.objects.let_go(NOW)

    words = ["e-mail: 1 held since a restore, until send_held_mail"]
    assert held == (200, WELL | {"attention": words})
    assert asked(client) == (200, WELL)


def test_readyz_says_that_what_came_after_a_restored_backup_waits_for_somebody(client, well):
    LastDone.objects.note("restored", NOW)
    restored = asked(client)
    call_command("restore_checked")

    words = ["restored: who was erased or disabled since may be back, until restore_checked"]
    assert restored == (200, WELL | {"attention": words})
    assert asked(client) == (200, WELL)


def test_readyz_says_that_the_disk_is_nearly_full(client, well, monkeypatch):
    monkeypatch.setattr(readiness, "LEAST_DISK", 1 << 62)

    status, report = asked(client)

    assert (status, [words.split()[0] for words in report["attention"]]) == (200, ["disk:"])


def test_readyz_counts_unknown_errors_and_stays_ready(client, well):
    for _time in range(3):
        UNKNOWN_ERRORS.note()
    UNKNOWN_ERRORS.moments[0] -= 24 * 3600

    words = ["errors: 2 unknown in a day, in this process; the log says where"]
    assert asked(client) == (200, WELL | {"attention": words})


def test_readyz_misses_the_static_files(client, well, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": MANIFEST}}

    assert asked(client) == (503, OK | {"static files": "missing"})


def test_readyz_misses_a_disk_that_takes_writes(client, well):
    with only_readable():
        assert asked(client) == (503, OK | {"write": "refused"})


@pytest.mark.only("postgresql")
@pytest.mark.parametrize(("room", "status"), [("100kB", 503), ("-1", 200)])
def test_readyz_misses_room_for_more_where_rows_can_still_be_written_over(
    client, well, room, status
):
    """A full disk lets PostgreSQL change rows where there is room in its files."""
    with connection.cursor() as cursor:
        cursor.execute("SET temp_file_limit = %s", [room])

    found, report = asked(client)

    assert (found, report["write"]) == (status, "ok" if status == 200 else "refused")


def test_readyz_writes_once_in_ten_seconds(client, well):
    counts = []
    for seconds in (0, 9, 10):
        asked(client, timedelta(seconds=seconds))
        counts.append((LastDone.objects.get(name="write").at - NOW).total_seconds())

    assert counts == [0, 0, 10]


def test_the_mail_worker_gives_a_sign_of_life(db):
    with time_machine.travel(NOW, tick=False):
        call_command("send_emails")

    assert LastDone.objects.ages(NOW) == {"mail worker": timedelta(0)}


def test_check_of_the_database_passes_with_the_guard(db):
    call_command("check", databases=["default"])


def test_check_of_the_database_misses_the_guard(db):
    drop_guard()

    with pytest.raises(SystemCheckError, match=r"booking\.E001"):
        call_command("check", databases=["default"])
