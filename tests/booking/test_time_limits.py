"""Limits of time that hold through PgBouncer too, and migrations by one node at a time."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from booking import time_limits
from clinic_site import settings as shipped
from clinic_site.management.commands.migrate import KEY
from tests.patience import wait_until
from tests.site import TOP, site_environment

pytestmark = pytest.mark.django_db(transaction=True)
LIMITS = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]


@contextmanager
def as_shipped():
    """A session with what the site asks of the server as it connects, and no more."""
    own = connection.copy()
    own.settings_dict["OPTIONS"] = shipped.DATABASES["default"]["OPTIONS"]
    with closing(own):
        yield own


def shown(session, names=LIMITS):
    with session.cursor() as cursor:
        return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]


@pytest.mark.only("postgresql")
def test_the_site_asks_nothing_of_a_session_that_pgbouncer_refuses():
    assert shipped.DATABASES["default"]["OPTIONS"] == {"connect_timeout": 3}
    assert shipped.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.only("postgresql")
def test_the_database_keeps_the_limits_since_migrate():
    with as_shipped() as session:
        assert shown(session) == list(shipped.DATABASE_LIMITS.values()) == ["3s", "8s", "10s"]
        assert time_limits.missing(session) == []
        with session.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        assert time_limits.missing(session) == ["statement_timeout"]


@pytest.mark.only("postgresql")
def test_each_transaction_of_a_migration_has_its_own_limits():
    names, found = list(settings.MIGRATION_LIMITS), []
    with connection.execute_wrapper(time_limits.OfMigrations()):
        for own in ("", "", "SET LOCAL statement_timeout = 0"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(own or "SELECT 1")
                found.append(shown(connection, names))

    assert found == [["3s", "1min"], ["3s", "1min"], ["3s", "0"]]


@pytest.mark.only("postgresql")
def test_one_node_waits_for_the_other_to_migrate():
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        other = pool.submit(migrated_by_another)
        wait_until(lambda: is_waited_for(cursor) or other.done())
        waited = not other.done()
        transaction.set_rollback(True)

    assert (waited, other.result()) == (True, 0)


def is_waited_for(cursor):
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'ROLLBACK -- another%'")
    return cursor.fetchone()[0] == 1


def migrated_by_another():
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    environment = site_environment("http://127.0.0.1:8000")
    return subprocess.run(command, cwd=TOP, env=environment, check=False).returncode


@pytest.mark.only("postgresql")
def test_a_node_that_stopped_in_the_middle_blocks_nobody():
    with pytest.raises(OperationalError), connection.execute_wrapper(away):
        call_command("migrate", verbosity=0)

    call_command("migrate", verbosity=0)


def away(execute, *rest):
    raise OperationalError
