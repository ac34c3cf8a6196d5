"""What the admin's first page tells managers of backups and e-mail."""

from datetime import timedelta

import pytest

from booking.models import LastDone, OutgoingEmail
from tests.builders import NOW, at, book, make_therapist
from tests.reading import texts_in
from tests.staff import now, sign_in  # noqa: F401

NEVER = ["Last backup: never", "Last time that restoring a backup was tried: never"]
NEVER += ["E-mail worker last seen: never"]
LINES = ("Last ", "E-mail worker", "1 e-mail")


def told(client):
    lines = texts_in(client.get("/admin/").content.decode(), "li")
    return [line for line in lines if line.startswith(LINES)]


@pytest.mark.django_db
def test_a_manager_sees_what_never_was(sign_in):  # noqa: F811
    assert told(sign_in("Manager")) == NEVER


@pytest.mark.django_db
def test_a_manager_sees_how_old_each_is_and_what_a_restore_has_held(sign_in):  # noqa: F811
    client = sign_in("Manager")
    LastDone.objects.note("backup", NOW - timedelta(hours=3))
    LastDone.objects.note("restore drill", NOW - timedelta(days=8))
    LastDone.objects.note("mail worker", NOW - timedelta(minutes=1))
    book(make_therapist(), at("9:00"))
    OutgoingEmail.objects.hold_until_told(NOW)

    assert [line.replace("\xa0", " ") for line in told(client)] == [
        "Last backup: 3 hours ago",
        "Last time that restoring a backup was tried: 1 week, 1 day ago",
        "E-mail worker last seen: 1 minute ago",
        "1 e-mail is held since a restore. Whoever runs the site lets them go:"
        " manage.py send_held_mail.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Front desk", "Therapist", "Editor"])
def test_others_are_not_told(sign_in, role):  # noqa: F811
    assert told(sign_in(role)) == []
