"""Names are compared as people read them, by a column that fills itself."""

import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core import serializers
from hypothesis import given
from hypothesis import strategies as st

from booking import contacts
from booking.desk import finding
from booking.models import Appointment, WaitlistEntry
from booking.visits import corrections
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

WRITTEN = [
    "Sean O’Brien",
    "José Núñez",
    "Łukasz Øster",
    "Jana Nováková",
    "josé weiß",
    "Anna Smith-Jones",
    "李娜",
]
ASKED = {
    "O'Brien": WRITTEN[0],
    "OBRIEN": WRITTEN[0],
    "O`Bri": WRITTEN[0],
    "obrien sean": WRITTEN[0],
    "Jose Nunez": WRITTEN[1],
    "Jose\u0301 Nun": WRITTEN[1],
    "Lukasz Oster": WRITTEN[2],
    "novakova": WRITTEN[3],
    "JOSÉ WEISS": WRITTEN[4],
    "Jones Smith": WRITTEN[5],
    "smith-jo": WRITTEN[5],
    "李": WRITTEN[6],
    "nova\u200bkova": WRITTEN[3],
    "Nováková, Jana": WRITTEN[3],  # as lists print it
    "Oster,Lukasz": WRITTEN[2],
}


@pytest.fixture
def visits(db):
    ana = make_therapist()
    rows = [visit(ana, at(f"{9 + hour}:00"), name=name) for hour, name in enumerate(WRITTEN)]
    return Appointment.objects.bulk_create(rows)


@pytest.mark.parametrize("typed", ASKED)
def test_the_desk_finds_a_name_however_it_is_typed(visits, typed):
    found = Appointment.objects.filter(finding.matching(typed))
    assert [row.name for row in found] == [ASKED[typed]]


# PostgreSQL may read the rows one by one or as a bitmap.
BY_INDEX = "(?i)(index scan (using|on)|search .* using index) booking_appointment_name\\b"


def test_a_whole_name_is_found_by_index(visits):
    ana, others = visits[0].therapist, range(1, 1001)
    Appointment.objects.bulk_create(
        visit(ana, at("9:00") + timedelta(days=days), name=f"Other {days}") for days in others
    )
    with counted():
        plan = Appointment.objects.filter(folded_name="jose nunez").explain()
    assert re.search(BY_INDEX, plan)


@pytest.mark.parametrize("typed", ["'", "-", "\u200b'", "nobody", "jose lukasz"])
def test_what_is_in_no_name_finds_nobody(visits, typed):
    assert not Appointment.objects.filter(finding.matching(typed))


def kept() -> list[str]:
    return list(Appointment.objects.order_by("pk").values_list("folded_name", flat=True))


def test_rows_of_a_shell_and_of_a_fixture_have_it(visits):
    expected = [contacts.fold(name) for name in WRITTEN]
    assert kept() == expected
    dumped = serializers.serialize("python", visits)
    Appointment.objects.all().delete()
    for row in dumped:
        del row["fields"]["folded_name"]
    for row in serializers.deserialize("python", dumped):
        row.save()
    assert kept() == expected


def test_a_row_written_again_has_it_too(visits):
    row = visits[0]
    row.name = "Seán Ó Sé"
    row.save()
    assert kept()[0] == "sean o se"
    corrections.correct(appointment=row, changes={"name": "Zoë Bråten"}, now=NOW)
    assert kept()[0] == "zoe braten"


def test_the_rows_that_were_there_are_filled(visits):
    Appointment.objects.update(folded_name="")
    import_module("booking.migrations.0025_folded_names").fill(apps, None)
    assert kept() == [contacts.fold(name) for name in WRITTEN]


def test_those_with_something_unseen_are_folded_again(visits):
    Appointment.objects.filter(pk=visits[0].pk).update(
        name="Ro\x01sa\ufe0f", folded_name="ro\x01sa\ufe0f"
    )
    import_module("booking.migrations.0057_folded_without_the_unseen").fold_again(apps, None)
    assert kept() == ["rosa", *(contacts.fold(name) for name in WRITTEN[1:])]


def test_two_wishes_that_are_now_one_persons_both_stay(db):
    make_visit_type()
    wishes = [wait_without_visit(replace(PATIENT, name=name)) for name in ("Rosa", "Rosa M")]
    WaitlistEntry.objects.filter(pk=wishes[1].pk).update(name="Ros\x01a", folded_name="ros\x01a")
    import_module("booking.migrations.0057_folded_without_the_unseen").fold_again(apps, None)
    rows = WaitlistEntry.objects.order_by("pk").values_list("folded_name", flat=True)
    assert list(rows) == ["rosa", "ros\x01a"]


def test_the_history_leaves_it_out(visits):
    row = visits[0]
    row.name = "Seán Ó Sé"
    row.save()
    assert set(LogEntry.objects.get_for_object(row).latest().changes_dict) == {"name"}


def test_both_tables_have_an_index_on_it():
    for model in (Appointment, WaitlistEntry):
        assert ["folded_name"] in [index.fields for index in model._meta.indexes]


VARIANTS = [
    str.upper,
    lambda name: name.replace("'", "\u2019"),
    lambda name: name.replace("'", ""),
    lambda name: name.replace("-", " "),
    lambda name: name.replace(" ", "  \u200b"),
    lambda name: f" {name}\u00ad",
    lambda name: name.translate(str.maketrans("oelu", "öéłü")),
]
NAMES = st.text("abcdefhijklmnopqrstuvwxyz '-", min_size=1, max_size=60)


@given(NAMES, st.lists(st.sampled_from(VARIANTS)))
def test_a_name_written_in_other_ways_is_the_same(name, ways):
    typed = name
    for way in ways:
        typed = way(typed)
    assert contacts.fold(typed) == contacts.fold(name)


@given(st.text(max_size=300))
def test_folded_twice_it_is_the_same_and_never_too_long(name):
    folded = contacts.fold(name)
    assert contacts.fold(folded) == folded
    assert len(folded) <= contacts.FOLDED_LENGTH


@pytest.mark.parametrize(
    ("one", "other"),
    [("カト", "ガト"), ("Андрей", "Сергей"), ("李娜", "李纳"), ("कर", "क़र"), ("Rosa", "Rose")],
)
def test_other_letters_are_another_name(one, other):
    assert contacts.fold(one) != contacts.fold(other)
