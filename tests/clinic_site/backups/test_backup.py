"""Backups that are made while patients book, and what is there again after a restore."""

import io
import json
import os
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from dotenv import dotenv_values

from booking.models import Appointment, LastDone, OutgoingEmail, Passkey
from booking.records import erased, forgetting
from booking.records.people import person_of
from clinic_site.backups import archives, sealing, written_settings
from clinic_site.backups.refusals import reason
from clinic_site.staff import recovery_codes
from tests.builders import MONDAY, NOW, at, book, enquiry, make_therapist, sent_by
from tests.second_factor import give
from tests.settings import ENVIRONMENT
from tests.site import manage, site_environment
from tests.staff import now  # noqa: F401

IDENTITY = pyrage.x25519.Identity.generate()
PICTURE = "photos/0123456789abcdef0123456789abcdef-360.webp"
LONG_AGO = NOW.replace(year=2020)


@pytest.fixture
def key(tmp_path):
    """The file of the private key, as `age-keygen` writes it."""
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {IDENTITY.to_public()}\n{IDENTITY}\n")
    return path


@pytest.fixture
def clinic(settings, tmp_path):
    """Live, with a key and a picture."""
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_PUBLIC_KEY = str(IDENTITY.to_public())
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.ONLINE_BOOKINGS_AN_HOUR = 1000
    picture = settings.MEDIA_ROOT / PICTURE
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    return settings


@contextmanager
def other_machine(folder):
    """The environment of a site with other paths and an empty database."""
    environment = site_environment("http://127.0.0.1:1") | {"VAR_DIR": str(folder / "var")}
    if connection.vendor == "sqlite":
        yield environment | {"DATABASE_URL": f"sqlite:///{folder / 'elsewhere.sqlite3'}"}
        return
    with closing(psycopg.connect(ENVIRONMENT["DATABASE_URL"], autocommit=True)) as server:
        server.execute("CREATE DATABASE elsewhere")
        try:
            url = urlsplit(ENVIRONMENT["DATABASE_URL"])._replace(path="/elsewhere").geturl()
            yield environment | {"DATABASE_URL": url}
        finally:
            server.execute("DROP DATABASE elsewhere WITH (FORCE)")


class Patients(threading.Thread):
    """Book one visit after another, until told to stop; `booked` is what they were told."""

    def __init__(self, therapists, starts):
        super().__init__()
        self.wanted = [(each, start) for each in therapists for start in starts]
        self.booked, self.failed, self.enough = [], [], threading.Event()

    def run(self):
        try:
            for number, (therapist, start) in enumerate(self.wanted):
                if self.enough.is_set():
                    return
                self.booked.append(book(therapist, start, **sent_by(number)).pk)
        except Exception as error:
            self.failed.append(error)
        finally:
            connection.close()


def patients():
    starts = [at(f"{hour}:00", MONDAY) for hour in (9, 10, 11, 13, 14, 15)]
    return Patients([make_therapist(f"therapist-{number}") for number in range(12)], starts)


def backed_up_while_booking(booking, folder):
    """The file, and the bookings that were acknowledged before it was asked for."""
    booking.start()
    while len(booking.booked) < 5 and booking.is_alive():
        booking.enough.wait(0.01)
    before = list(booking.booked)
    call_command("backup")
    booking.enough.set()
    booking.join()
    assert booking.failed == []
    [file] = folder.iterdir()
    return file, before


def rows(environment, question):
    """What the other machine's database answers, a column."""
    code = "import json; from django.db import connection; cursor = connection.cursor();"
    code += f"cursor.execute({question!r});"
    code += "print(json.dumps([each[0] for each in cursor.fetchall()]))"
    done = manage(environment, "shell", "--verbosity=0", "-c", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sentence(done):
    """What a command says last, or why it failed."""
    return done.stdout.strip().splitlines()[-1] if done.returncode == 0 else done.stderr


@pytest.mark.django_db(transaction=True)
def test_all_that_was_booked_before_is_there_elsewhere_and_mail_waits(
    clinic, key, tmp_path, capsys
):
    rosa = give(User.objects.create_user("rosa"))
    every_byte = bytes(range(256))
    Passkey.objects.create(user=rosa, name="key", credential_id="k", public_key=every_byte)
    recovery_codes.make(rosa)
    file, before = backed_up_while_booking(patients(), clinic.BACKUP_DIR)
    assert file.read_bytes().startswith(sealing.AGE)
    assert file.stat().st_mode & 0o777 == 0o600
    OutgoingEmail.objects.all().delete()  # what the restore brings back is the backup's own
    Appointment.objects.all().delete()

    with other_machine(tmp_path) as there:
        done = manage(there, "restore", str(file), "--key", str(key))

        assert done.returncode == 0, done.stderr
        there_again = rows(there, "SELECT id FROM booking_appointment")
        owed = len(rows(there, "SELECT id FROM booking_outgoingemail WHERE state = 'owed'"))
        in_hex = "hex(public_key)" if connection.vendor == "sqlite" else "encode(public_key, 'hex')"
        [stored] = rows(there, f"SELECT {in_hex} FROM booking_passkey")  # noqa: S608
        assert bytes.fromhex(stored) == every_byte
        assert len(rows(there, "SELECT id FROM booking_recoverycode")) == 10
        assert len(before) >= 5
        assert set(before) - set(there_again) == set()
        assert f"E-mails held: {owed}." in sentence(done)
        assert (tmp_path / "var/uploads" / PICTURE).read_bytes() == b"a picture"
        assert owed == len(there_again)
        assert sentence(manage(there, "send_emails")) == "Messages dealt with: 0"
        again = manage(there, "restore", str(file), "--key", str(key))
        assert "The database is not empty" in again.stderr
        assert sentence(manage(there, "send_held_mail")).endswith(f": {owed}")
        assert sentence(manage(there, "send_emails")) == f"Messages dealt with: {owed}"


@pytest.fixture
def erased_since(clinic, key, tmp_path, now):  # noqa: F811
    """A backup of three patients and two questions, and the rows that stay after it: the first one
    was erased with her question, and of the third the records of care are kept.
    """
    therapist, user = make_therapist(), User.objects.create_user("boss", is_superuser=True)
    first, second, third = (
        book(therapist, at(f"{hour}:00"), **sent_by(hour)) for hour in (9, 10, 11)
    )
    asked = [enquiry(name=row.name, email=row.email) for row in (first, second)]
    Appointment.objects.update(status="cancelled")
    Appointment.objects.filter(pk=third.pk).update(status="fulfilled")
    call_command("backup")
    [file] = clinic.BACKUP_DIR.iterdir()
    for day, row in ((30, first), (31, third)):
        then = NOW + timedelta(days=day)
        forgetting.forget(start=row, user=user, now=then, seen=person_of(row).mark)
    return file, [second.pk, third.pk], [asked[1].pk]


THERE = """
    SELECT 'visit ' || id AS what FROM booking_appointment WHERE token_hash IS NOT NULL
    UNION ALL SELECT 'kept visit ' || id FROM booking_appointment WHERE token_hash IS NULL
    UNION ALL SELECT 'question ' || id FROM booking_enquiry
    UNION ALL SELECT 'erasure' FROM booking_datarequest
    UNION ALL SELECT name FROM booking_lastdone WHERE name = 'restored'
    ORDER BY 1
"""


@pytest.mark.django_db(transaction=True)
def test_a_restore_brings_back_nobody_who_was_erased_since(clinic, key, tmp_path, erased_since):
    file, visits, questions = erased_since
    erased.write(clinic.BACKUP_DIR, NOW)
    listed = (clinic.BACKUP_DIR / erased.FILE).read_text()

    with other_machine(tmp_path) as there:
        done = manage(there, "restore", str(file), "--key", str(key))

        assert done.returncode == 0, done.stderr
        assert "Rows erased once more: 2, by lists of 2 erasures." in sentence(done)
        # The erasures are known there too by now, and a second time does no harm.
        kept = [f"kept visit {visits[1]}", f"question {questions[0]}", f"visit {visits[0]}"]
        own = there | {"BACKUP_DIR": str(clinic.BACKUP_DIR)}
        assert sentence(manage(own, "erase_again")) == "Rows erased once more: 0."
        assert rows(there, THERE) == ["erasure", "erasure", *kept[:2], "restored", kept[2]]
        assert sentence(manage(there, "restore_checked")) == "Noted."
        assert "restored" not in rows(there, THERE)
    assert [word for word in ("Patient", "@", "555") if word in listed] == []


@pytest.mark.django_db(transaction=True)
def test_without_the_list_they_are_there_again_and_somebody_is_told(key, tmp_path, erased_since):
    file, _visits, _questions = erased_since

    with other_machine(tmp_path) as there:
        done = manage(there, "restore", str(file), "--key", str(key))

        assert "by lists of 0 erasures. Erase, disable and reset" in sentence(done)
        found = [each.split()[0] for each in rows(there, THERE)]
        assert found == ["question", "question", "restored", "visit", "visit", "visit"]


@pytest.mark.django_db(transaction=True)
def test_a_list_that_is_damaged_stops_a_restore(clinic, key, tmp_path, erased_since):
    (clinic.BACKUP_DIR / erased.FILE).write_text("{")

    with other_machine(tmp_path) as there:
        done = manage(there, "restore", str(erased_since[0]), "--key", str(key))

    assert "The list of who was erased is damaged: erased.json." in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_drill_restores_a_backup_of_its_own_and_writes_down_the_date(tmp_path):
    book(make_therapist(), at("9:00"))
    var = {"VAR_DIR": str(tmp_path / "var")}

    done = manage(site_environment("http://127.0.0.1:1") | var, "restore_drill")

    assert sentence(done).endswith("UTC went well.")
    assert [each.name for each in LastDone.objects.all()] == ["restore drill"]
    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_takes_no_backup_leaves_no_half_of_one(clinic, tmp_path):
    clinic.BACKUP_DIR.mkdir()
    clinic.MEDIA_ROOT.joinpath("photos", "no file").symlink_to("/proc/self/mem")

    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup")

    assert list(clinic.BACKUP_DIR.iterdir()) == []
    assert not LastDone.objects.exists()


def test_what_the_database_says_of_a_row_is_not_said(db):
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        OutgoingEmail.objects.create(due_at=NOW, last_error="Rosa Marquez")

    assert reason(raised.value) in (
        "The database says IntegrityError (SQLITE_CONSTRAINT_CHECK).",
        "The database says IntegrityError (23514).",
    )


def test_live_without_a_key_is_refused_and_a_demo_is_told(db, clinic, capsys):
    clinic.BACKUP_PUBLIC_KEY, clinic.DEMO = "", False
    with pytest.raises(CommandError, match="Set BACKUP_PUBLIC_KEY"):
        call_command("backup")
    assert not clinic.BACKUP_DIR.exists()


@pytest.mark.django_db(transaction=True)
def test_a_demo_is_told_that_anybody_can_read_it(clinic, capsys, tmp_path, monkeypatch):
    clinic.BACKUP_PUBLIC_KEY, clinic.DEMO = "", True

    call_command("backup")

    [file] = clinic.BACKUP_DIR.iterdir()
    manifest = archives.extract(file, "", tmp_path / "unpacked")
    assert capsys.readouterr().err.strip().endswith("anybody who has this file can read it.")
    assert file.name.endswith(".backup")
    assert written_settings.ENVELOPE not in manifest["files"]
    assert [each.name for each in LastDone.objects.all()] == ["backup"]


def make_archive(path, public_key):
    with sealing.sealed(path, public_key) as target, archives.Archive(target, {}) as archive:
        archive.add_bytes("uploads/a.webp", os.urandom(300_000))
    return path


@pytest.mark.parametrize("public_key", ["", str(IDENTITY.to_public())], ids=["open", "encrypted"])
@pytest.mark.parametrize("where", [-1, 0.2, 0.5, 0.9, "cut"])
def test_damage_is_noticed(tmp_path, public_key, where):
    file = make_archive(tmp_path / "file", public_key)
    content = bytearray(file.read_bytes())
    if where == "cut":
        del content[len(content) // 2 :]
    else:
        content[int(where * len(content)) if where > 0 else -20] ^= 0xFF
    file.write_bytes(content)

    with pytest.raises(sealing.Unreadable):
        archives.extract(file, str(IDENTITY), tmp_path / "unpacked")


def test_another_key_opens_nothing(tmp_path):
    file = make_archive(tmp_path / "file", str(IDENTITY.to_public()))
    for key in ("", "nonsense", str(pyrage.x25519.Identity.generate())):
        with pytest.raises(sealing.Unreadable):
            archives.extract(file, key, tmp_path / "unpacked")


def test_settings_are_named_and_secrets_lie_in_an_envelope(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "submission://a:it's@mail.test:587")
    monkeypatch.setenv("CLINIC_PHONE", "(212) 555-0188")

    plain, secret = written_settings.read()

    assert plain["CLINIC_PHONE"] == "(212) 555-0188"
    assert {"SECRET_KEY", "EMAIL_URL"} <= secret.keys()
    assert [value for value in secret.values() if value in str(plain)] == []


def test_settings_of_a_backup_become_a_settings_file_again(tmp_path, monkeypatch, key):
    monkeypatch.setenv("EMAIL_URL", "submission://a:it's\\$HOME@mail.test:587")
    plain, secrets = written_settings.read()
    file, public_key = tmp_path / "file", str(IDENTITY.to_public())
    content = sealing.enclosed(written_settings.as_bytes(secrets), public_key)
    with sealing.sealed(file, public_key) as target, archives.Archive(target, {}) as archive:
        archive.add_json(written_settings.PLAIN, plain)
        archive.add_bytes(written_settings.ENVELOPE, content)

    command = [sys.executable, "-m", "clinic_site.backups", str(file), str(key)]
    done = subprocess.run(command, capture_output=True, text=True, env={}, check=True)

    assert dotenv_values(stream=io.StringIO(done.stdout)) == plain | secrets
