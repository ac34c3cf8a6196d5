"""That each run of the tests is on the database it says, set up as the site's own."""

import os
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from clinic_site import settings

pytestmark = pytest.mark.django_db


def pragma(name):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def shown(names):
    """What PostgreSQL says of a connection with the site's own options."""
    site = connection.copy()
    site.settings_dict["OPTIONS"] = settings.DATABASES["default"]["OPTIONS"]
    with closing(site), site.cursor() as cursor:
        return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]


def test_run_is_on_the_database_that_test_db_names():
    assert connection.vendor == os.environ.get("TEST_DB", "sqlite")


@pytest.mark.only("sqlite")
def test_sqlite_is_a_file_with_the_options_of_production():
    found = [connection.transaction_mode, pragma("journal_mode"), pragma("synchronous")]

    assert Path(connection.settings_dict["NAME"]).is_file()
    assert settings.DATABASES["default"]["OPTIONS"]["timeout"] == 8
    assert [*found, pragma("foreign_keys")] == ["IMMEDIATE", "delete", 2, 1]


@pytest.mark.only("postgresql")
def test_postgresql_is_15_or_newer_with_the_options_of_production():
    names = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]

    assert connection.pg_version >= 150000
    assert shown(names) == ["3s", "8s", "10s"]
