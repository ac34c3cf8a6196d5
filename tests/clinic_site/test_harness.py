"""That the parts the other tests stand on work: the running site and the mail server."""

import smtplib
import urllib.request

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import transaction

from conditions.shipped import fixtures, loader
from conditions.shipped.loader import Report
from tests import shipped


def send(server, timeout=5):
    with smtplib.SMTP("127.0.0.1", server.port, timeout=timeout) as smtp:
        smtp.sendmail("a@clinic.example", ["b@clinic.example"], "Subject: Hello\r\n\r\nText")


def test_site_answers_and_serves_the_admin_style_sheet(site):
    with urllib.request.urlopen(f"{site.url}/admin/login/") as response:
        page = response.read().decode()
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]

    with urllib.request.urlopen(f"{site.url}{sheet}") as response:
        assert (response.status, response.headers.get_content_type()) == (200, "text/css")


def test_site_sees_the_rows_that_a_test_makes(site):
    User.objects.create_user("somebody")

    shown = site.manage(
        "shell",
        "-v0",
        "-c",
        "from django.contrib.auth.models import User as U\n"
        "print(list(U.objects.values_list('username', flat=True)))",
    )

    assert shown.stdout.splitlines()[-1] == "['somebody']"


def test_rows_of_migrations_are_there_after_a_transactional_test(transactional_db):
    assert Permission.objects.filter(codename="add_user").count() == 1


def test_copied_content_is_as_the_loader_leaves_it(db, settings):
    settings.DEMO = True
    files = fixtures.read(*fixtures.folders())
    before = LogEntry.objects.count()  # what tests of whole modules have left
    with transaction.atomic():
        shipped.load()  # may be the first of the run, which copies nothing
        transaction.set_rollback(True)

    assert shipped.load() == Report(created=len(files))
    assert LogEntry.objects.count() - before == len(files)
    assert loader.load(files) == Report(unchanged=len(files))


def test_mail_server_keeps_what_is_sent(mailserver):
    send(mailserver)

    assert [message["Subject"] for message in mailserver.messages] == ["Hello"]


def test_mail_server_hangs_and_comes_back(mailserver):
    mailserver.hang()
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(mailserver, timeout=0.2)

    mailserver.go_away()
    with pytest.raises(ConnectionRefusedError):
        send(mailserver)

    mailserver.work()
    send(mailserver)
    assert len(mailserver.messages) == 1
