"""SQLite connections that are kept, and a file that is another one by the next request."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.db.backends.sqlite3.base import DatabaseWrapper as DjangosWrapper

from clinic_site import settings
from clinic_site.sqlite.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.only("sqlite")]


@pytest.fixture
def database(tmp_path):
    """A file with one row, and a backup of it with another."""
    for name in ("clinic", "backup"):
        with closing(sqlite3.connect(tmp_path / name)) as file:
            file.execute("CREATE TABLE visit (name)")
            file.execute("INSERT INTO visit VALUES (?)", [name])
            file.commit()
    return tmp_path / "clinic"


def wrapper(database, kind=DatabaseWrapper):
    """A connection of the site's settings to that file."""
    return closing(kind(connection.copy().settings_dict | {"NAME": database}))


def request(wrapped):
    """What one request reads, and by which connection; Django's handler begins with the first."""
    wrapped.close_if_unusable_or_obsolete()
    with wrapped.cursor() as cursor:
        rows = cursor.execute("SELECT name FROM visit").fetchall()
    wrapped.close_if_unusable_or_obsolete()
    return [name for [name] in rows], wrapped.connection


def move_in(database):
    os.replace(database.with_name("backup"), database)


def copy_over(database):
    shutil.copyfile(database.with_name("backup"), database)


def add_row(database):
    with closing(sqlite3.connect(database)) as file:
        file.execute("INSERT INTO visit VALUES ('other')")
        file.commit()


def test_the_site_keeps_its_connections():
    [database] = settings.DATABASES.values()
    names = ["ENGINE", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS"]

    assert [database[name] for name in names] == ["clinic_site.sqlite", 60, True]
    assert type(connection.copy()) is DatabaseWrapper


def test_a_connection_serves_the_next_request(database):
    with wrapper(database) as wrapped:
        [names, first], [_names, second] = request(wrapped), request(wrapped)

    assert names == ["clinic"]
    assert first is second


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (move_in, ["backup"]),
        (copy_over, ["backup"]),
        (add_row, ["clinic", "other"]),
        (os.remove, None),
    ],
)
def test_a_file_that_has_changed_is_opened_anew(database, change, expected):
    with wrapper(database) as wrapped:
        _names, first = request(wrapped)
        change(database)
        try:
            found, second = request(wrapped)
        except OperationalError:  # as ever without a file: no such table
            found, second = None, None

    assert found == expected
    assert first is not second


def test_djangos_own_would_read_on_in_the_old_file(database):
    with wrapper(database, DjangosWrapper) as wrapped:
        request(wrapped)
        move_in(database)
        names, _connection = request(wrapped)

    assert names == ["clinic"]


def test_a_connection_that_failed_serves_no_other_request(database):
    with wrapper(database) as wrapped:
        _names, first = request(wrapped)
        with pytest.raises(OperationalError), wrapped.cursor() as cursor:
            cursor.execute("SELECT name FROM nowhere")
        names, second = request(wrapped)

    assert names == ["clinic"]
    assert first is not second
