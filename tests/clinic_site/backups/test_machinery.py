"""What the admin's first page tells managers of backups and e-mail."""

from datetime import timedelta

import pytest

from booking.models import LastDone, OutgoingEmail
from tests.builders import NOW, at, book, make_therapist
from tests.reading import texts_in
from tests.staff import now, sign_in  # noqa: F401

NEVER = ["Last backup: never", "Last time that restoring a backup was tried: never"]
NEVER += ["What has been kept for long enough was last erased: never"]
NEVER += ["E-mail worker last seen: never"]
LINES = ("Last ", "What has been kept", "E-mail worker", "1 e-mail")


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
    LastDone.objects.note("purge", NOW - timedelta(hours=29))
    LastDone.objects.note("mail worker", NOW - timedelta(minutes=1))
    book(make_therapist(), at("9:00"))
    OutgoingEmail.objects.hold_until_told(NOW)

    assert [line.replace("\xa0", " ") for line in told(client)] == [
        "Last backup: 3 hours ago",
        "Last time that restoring a backup was tried: 1 week, 1 day ago",
        "What has been kept for long enough was last erased: 1 day, 5 hours ago",
        "E-mail worker last seen: 1 minute ago",
        "1 e-mail is held since a restore. Whoever runs the site lets them go:"
        " manage.py send_held_mail.",
    ]


@pytest.mark.django_db
def test_what_is_overdue_is_said_to_be(sign_in):  # noqa: F811
    late = {"backup": 31, "restore drill": 24 * 36, "purge": 31, "mail worker": 1}
    for name, hours in late.items():
        LastDone.objects.note(name, NOW - timedelta(hours=hours))

    words = "Overdue: tell whoever runs the site."
    assert [line.endswith(words) for line in told(sign_in("Manager"))] == [True] * 4


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["Front desk", "Therapist", "Editor"])
def test_others_are_not_told(sign_in, role):  # noqa: F811
    assert told(sign_in(role)) == []
