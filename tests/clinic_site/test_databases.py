"""That each run of the tests is on the database it says, set up as the site's own."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
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


@pytest.fixture
def database(tmp_path):
    """A file with one row, and a backup of it with another."""
    for name in ("clinic", "backup"):
        with closing(sqlite3.connect(tmp_path / name)) as file:
            file.execute("CREATE TABLE visit (name)")
            file.execute("INSERT INTO visit VALUES (?)", [name])
            file.commit()
    return tmp_path / "clinic"


def moved_in(database):
    os.replace(database.with_name("backup"), database)


def copied_over(database):
    shutil.copyfile(database.with_name("backup"), database)


def read_before_and_after(database, change, **settings):
    """What two requests read that one connection serves, the second after the change."""
    site = connection.copy()
    site.settings_dict |= {"NAME": database} | settings
    with closing(site):
        return [in_one_request(site), change(database), in_one_request(site)][::2]


def in_one_request(site):
    """As Django's handler begins and ends a request."""
    site.close_if_unusable_or_obsolete()
    with site.cursor() as cursor:
        [name] = cursor.execute("SELECT name FROM visit").fetchone()
    site.close_if_unusable_or_obsolete()
    return name


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("change", [moved_in, copied_over])
def test_a_backup_in_the_place_of_sqlites_file_is_read_by_the_next_request(database, change):
    assert read_before_and_after(database, change) == ["clinic", "backup"]


@pytest.mark.only("sqlite")
def test_a_connection_that_is_kept_would_read_on_in_the_old_file(database):
    found = read_before_and_after(database, moved_in, CONN_MAX_AGE=60)

    assert found == ["clinic", "clinic"]


@pytest.mark.only("postgresql")
def test_postgresql_is_15_or_newer_with_the_options_of_production():
    names = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]

    assert connection.pg_version >= 150000
    assert shown(names) == ["3s", "8s", "10s"]
    site = connection.settings_dict
    assert (site["CONN_MAX_AGE"], site["CONN_HEALTH_CHECKS"]) == (60, True)


@pytest.mark.only("postgresql")
def test_rows_are_read_without_a_cursor_of_the_server(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        list(Group.objects.iterator(chunk_size=1))

    assert not asked[0]["sql"].startswith("DECLARE")
