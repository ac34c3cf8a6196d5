"""Which spellings of an e-mail address count as one mailbox: those that its provider makes one."""

import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core import serializers

from booking.contacts import mailbox
from booking.models import Appointment, WaitlistEntry
from booking.visits import corrections
from booking.visits.limits import client_key, contact_keys
from tests.builders import (
    NOW,
    PATIENT,
    at,
    make_therapist,
    make_visit_type,
    visit,
    wait_without_visit,
)
from tests.counts import counted


@pytest.mark.parametrize(
    ("typed", "counted_as"),
    [
        ("Rosa@Example.org", "rosa@example.org"),
        ("ROSA.MARQUEZ@GMAIL.COM", "rosamarquez@gmail.com"),
        ("r.o.s.a+visit.1+2@gmail.com", "rosa@gmail.com"),
        ("ro.sa@googlemail.com", "rosa@gmail.com"),
        ("rosa.m+1@outlook.com", "rosa.m@outlook.com"),
        ("rosa.m+1@hotmail.com", "rosa.m@hotmail.com"),
        ("rosa.m+1@live.com", "rosa.m@live.com"),
        ("rosa.m+1@msn.com", "rosa.m@msn.com"),
        ("rosa.m+1@icloud.com", "rosa.m@icloud.com"),
        ("rosa.m+1@me.com", "rosa.m@icloud.com"),
        ("rosa.m+1@mac.com", "rosa.m@icloud.com"),
        ("rosa.m+1@fastmail.com", "rosa.m@fastmail.com"),
        ("visit@rosa.fastmail.com", "rosa@fastmail.com"),
        ("rosa+1@fastmail.fm", "rosa@fastmail.fm"),
        ("r.o-s_a+1@proton.me", "rosa@proton.me"),
        ("r.o-s_a+1@protonmail.com", "rosa@protonmail.com"),
        ("r.o-s_a+1@pm.me", "rosa@pm.me"),
    ],
)
def test_spellings_that_a_provider_makes_one_are_one_mailbox(typed, counted_as):
    assert mailbox(typed) == counted_as
    assert contact_keys(typed, "") == contact_keys(counted_as, "")


@pytest.mark.parametrize(
    "typed",
    [
        "rosa+1@example.org",
        "ro.sa@example.org",
        "rosa-visit@yahoo.com",
        "rosa+1@yahoo.com",
        "rosa-m@outlook.com",
        "ro_sa@gmail.com",
        "rosa+1@gmail.com.example.org",
        "rosa+1@mygmail.com",
        "visit@rosa.example.org",
    ],
)
def test_elsewhere_another_spelling_is_somebody_else(typed):
    assert mailbox(typed) == typed


@pytest.mark.parametrize(
    ("typed", "counted_as"),
    [
        ("+rosa@gmail.com", "+rosa@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        (".+1@gmail.com", ".@gmail.com"),
        ("rosa", "@rosa"),
        ("", "@"),
        (f"{'r' * 300}@gmail.com", "r" * 260),
    ],
)
def test_of_an_odd_address_something_is_left_to_count_by(typed, counted_as):
    assert mailbox(typed) == counted_as


ADDRESSES = ["Rosa.M+1@gmail.com", "", "rosa@me.com"]
MAILBOXES = ["rosam@gmail.com", "", "rosa@icloud.com"]


@pytest.fixture
def visits(db):
    ana = make_therapist()
    rows = [visit(ana, at(f"{9 + hour}:00"), email=typed) for hour, typed in enumerate(ADDRESSES)]
    return Appointment.objects.bulk_create(rows)


def kept() -> list[str]:
    return list(Appointment.objects.order_by("pk").values_list("mailbox", flat=True))


def test_every_row_has_its_mailbox_of_a_fixture_too(visits):
    assert kept() == MAILBOXES
    dumped = serializers.serialize("python", visits)
    Appointment.objects.all().delete()
    for row in dumped:
        del row["fields"]["mailbox"]
    for row in serializers.deserialize("python", dumped):
        row.save()
    assert kept() == MAILBOXES


def test_another_address_brings_another_mailbox(visits):
    row = visits[0]
    corrections.correct(appointment=row, changes={"email": "R.M@gmail.com"}, now=NOW)
    assert kept()[0] == "rm@gmail.com"
    Appointment.objects.update(token_version=1)
    client = client_key("192.0.2.1")
    corrections.correct_address(appointment=row, email="m.r@pm.me", client=client, now=NOW)
    assert kept()[0] == "mr@pm.me"
    row.email = ""
    row.save()
    assert kept()[0] == ""


def test_the_rows_that_were_there_are_filled(visits):
    Appointment.objects.update(mailbox="")
    import_module("booking.migrations.0058_mailboxes").fill(apps, None)
    assert kept() == MAILBOXES


def test_wishes_that_were_there_are_filled(db):
    make_visit_type()
    wish = wait_without_visit(replace(PATIENT, email="Rosa.M+1@gmail.com"))
    WaitlistEntry.objects.update(mailbox="")
    import_module("booking.migrations.0074_wish_mailboxes").fill(apps, None)

    assert list(WaitlistEntry.objects.values_list("pk", "mailbox")) == [(wish.pk, MAILBOXES[0])]


def test_the_history_leaves_it_out(visits):
    visits[0].email = "else@example.org"
    visits[0].save()
    assert set(LogEntry.objects.get_for_object(visits[0]).latest().changes_dict) == {"email"}


# PostgreSQL may read the rows one by one or as a bitmap.
BY_INDEX = "(?i)(index scan (using|on)|search .* using index) booking_appointment_mailbox\\b"


def test_a_mailbox_is_found_by_index(visits):
    ana, others = visits[0].therapist, range(1, 1001)
    Appointment.objects.bulk_create(
        visit(ana, at("9:00") + timedelta(days=100 + days), email=f"other-{days}@example.org")
        for days in others
    )
    with counted():
        plan = Appointment.objects.filter(mailbox=MAILBOXES[0]).explain()
    assert re.search(BY_INDEX, plan)
