"""/healthz and /readyz: what a load balancer is told."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from booking.models import OutgoingEmail
from tests.builders import NOW, at, book, make_therapist

OK = {"database": "ok", "migrations": "ok", "no double booking": "ok"}
LAG = "oldest due e-mail, seconds"


def drop_guard():
    """Take the guard away, as somebody's hand in the database would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TRIGGER booking_appointment_no_overlap_update"
            if connection.vendor == "sqlite"
            else "ALTER TABLE booking_appointment DROP CONSTRAINT booking_appointment_no_overlap"
        )


@pytest.fixture(params=["https", "http"])
def scheme(request, settings):
    settings.SECURE_SSL_REDIRECT = request.param == "https"


def test_healthz_asks_no_database_and_no_host_name(client, scheme):
    response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_that_all_is_well(client, db, scheme):
    response = client.get("/readyz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.json()) == (200, OK | {LAG: 0})
    assert response["Cache-Control"] == "no-store"


def test_readyz_misses_a_migration(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'booking'")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, OK | {"migrations": "missing"})


def test_readyz_misses_the_guard_against_double_booking(client, db):
    drop_guard()

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, OK | {"no double booking": "missing"})


def test_readyz_reports_late_email_and_stays_ready(client, db):
    book(make_therapist(), at("9:00"))
    OutgoingEmail.objects.update(due_at=NOW)

    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, OK | {LAG: 600})


def test_check_of_the_database_passes_with_the_guard(db):
    call_command("check", databases=["default"])


def test_check_of_the_database_misses_the_guard(db):
    drop_guard()

    with pytest.raises(SystemCheckError, match=r"booking\.E001"):
        call_command("check", databases=["default"])
