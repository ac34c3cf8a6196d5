"""What lies in the open while a backup is made or tried is gone after the next run, though the
system killed the one before at the worst moment.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection

from clinic_site.backups import drill, scratch
from tests.builders import at, book, make_therapist
from tests.site import site_environment

TOP = Path(__file__).parents[3]
# Ends itself before the first event of a kind at a path with a word in it.
KILLED = """
import os, signal, sys
def hook(event, args):
    if event == sys.argv[1] and sys.argv[2] in str(args):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", sys.argv[3]])
"""


def killed(var, event, word, command):
    own = {"VAR_DIR": str(var), "BACKUP_DIR": str(var / "backups"), "DEMO": "0"}
    own["BACKUP_PUBLIC_KEY"] = str(pyrage.x25519.Identity.generate().to_public())
    environment = site_environment("http://127.0.0.1:1") | own
    called = [sys.executable, "-c", KILLED, event, word, command]
    done = subprocess.run(called, cwd=TOP, env=environment, capture_output=True, timeout=120)
    return done.returncode


@pytest.fixture
def var(settings, tmp_path):
    """Of this process and of those that are killed."""
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path / "var", tmp_path / "var/backups"
    settings.BACKUP_PUBLIC_KEY = str(pyrage.x25519.Identity.generate().to_public())
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.VAR_DIR.mkdir()
    book(make_therapist(), at("9:30"))
    return settings.VAR_DIR


def left(var):
    """Folders of runs, by kind."""
    found = [path for kind in scratch.KINDS for path in var.rglob(f".{kind}-*")]
    return sorted(path.name.split("-")[0] for path in found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("event", ["before the copy goes", "before it has its name"])
def test_the_next_backup_takes_away_what_a_killed_one_left(var, event):
    at_copy = connection.vendor == "sqlite" and event == "before the copy goes"
    moment = ("os.remove", "database.sqlite3") if at_copy else ("os.rename", ".backup.age")
    status = killed(var, *moment, "backup")
    before = left(var)
    call_command("backup")

    assert (status, before) == (-signal.SIGKILL, [".backup", ".making"][1 - at_copy :])
    assert left(var) == []
    assert len(list((var / "backups").iterdir())) == 1


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%%\\_drill\\_%%'")
        return len(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_next_drill_takes_away_what_a_killed_one_left(var):
    is_postgresql = connection.vendor == "postgresql"
    status = killed(var, "subprocess.Popen", "restore", "restore_drill")
    before = left(var), databases() if is_postgresql else 1
    with drill.scratch():
        pass

    assert (status, before) == (-signal.SIGKILL, ([".drill"], 1))
    assert (left(var), databases() if is_postgresql else 0) == ([], 0)


def test_a_folder_of_a_run_that_goes_on_stays(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    with scratch.folder(tmp_path, "backup") as first, scratch.folder(tmp_path, "drill") as second:
        assert (first.is_dir(), second.is_dir()) == (True, True)
        (first / "rows").write_text("Rosa")
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_in_the_place_is_touched(tmp_path):
    (tmp_path / ".backup-notes").write_text("a file")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/kept").write_text("kept")
    (tmp_path / ".drill-link").symlink_to(tmp_path / "elsewhere")
    scratch.sweep(tmp_path)

    names = sorted(path.name for path in tmp_path.rglob("*"))
    assert names == [".backup-notes", ".drill-link", "elsewhere", "kept"]
