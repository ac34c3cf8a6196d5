"""A worker's loop while the database is away, in this process: each of its looks can be seen."""

import logging

import pytest
from django.db import connection

from booking.management.commands.send_emails import Command
from booking.models import OutgoingEmail

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = OutgoingEmail._meta.db_table


def rename(old, new):
    with connection.schema_editor() as editor:
        editor.alter_db_table(OutgoingEmail, old, new)


class Worker(Command):
    """Finds the outbox gone at its second and third look, and stops at its fifth."""

    looks = 0

    def drain(self):
        self.looks += 1
        if self.looks == 2:
            rename(TABLE, "away")
        elif self.looks == 4:
            rename("away", TABLE)
        self.stopping = self.looks == 5
        return super().drain()


def test_an_outage_is_said_once_however_often_the_worker_looks(caplog):
    caplog.set_level(logging.INFO, "booking")
    Worker().work()

    assert [record.getMessage().rpartition("database ")[2] for record in caplog.records] == [
        f"is away ({error()}): e-mail waits",
        "is back",
    ]


def error():
    """What each database calls a table that is gone."""
    return {"sqlite": "OperationalError", "postgresql": "ProgrammingError"}[connection.vendor]
