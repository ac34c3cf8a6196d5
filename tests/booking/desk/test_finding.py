"""What a caller says finds visits by index: a word's beginning, a number's ends, a mailbox."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import serializers
from hypothesis import given
from hypothesis import strategies as st

from booking import contacts
from booking.desk import finding
from booking.models import Appointment
from booking.models.findable import OF_NAME, OF_PHONE
from booking.visits import corrections
from tests.builders import NOW, at, make_therapist, visit

ROSA, OMAR, MARIA, LI, SEAN, JOSE = (
    "Rosa Garcia-Lopez",
    "Omar Haddad",
    "Maria del Carmen de la Cruz Østergård",
    "李娜",
    "Sean O’Brien",
    "José Núñez",
)
CONTACT = {
    ROSA: ("(212) 555-0199", "+12125550199", "Rosa.Garcia+clinic@gmail.com"),
    OMAR: ("+44 20 7946 0018", "+442079460018", "omar@example.org"),
    MARIA: ("555-0123 ext. 7", "", ""),
    LI: ("917 555 0188", "+19175550188", "li@xn--mller-kva.example"),
    SEAN: ("212 555 0111", "+12125550111", "so@example.org"),
    JOSE: ("212 555 0112", "+12125550112", ""),
}
SAID = {
    # names, by the beginnings of any of their words, however they are typed
    "ros": [ROSA],
    "GARCÍA": [ROSA],
    "lop ro": [ROSA],
    "Garcia, Rosa": [ROSA],
    "haddad omar": [OMAR],
    "carmen": [MARIA],
    "ost": [MARIA],
    "cru mar": [MARIA],
    "李": [LI],
    "obri": [SEAN],
    "O'Brien": [SEAN],
    "nunez jose": [JOSE],
    "o": [MARIA, OMAR, SEAN],
    "osa": [],
    "rosa haddad": [],
    "ro ro": [ROSA],
    "%": [],
    "_": [],
    "'": [],
    # numbers, whole or by either end
    "(212) 555-0199": [ROSA],
    "+1 212 555 0199": [ROSA],
    "0199": [ROSA],
    "555‑0199": [ROSA],
    "212 555 01": [JOSE, ROSA, SEAN],
    "+44 20": [OMAR],
    "0018": [OMAR],
    "1237": [MARIA],
    "199": [],
    "5550": [],
    # mailboxes
    "rosagarcia@gmail.com": [ROSA],
    "ROSA.GAR": [ROSA],
    "rosa.garcia@g": [ROSA],
    "omar@example.org": [OMAR],
    "li@müller.example": [LI],
    "example.org": [],
    "": [],
}


@pytest.fixture
def visits():
    ana = make_therapist()
    rows = [
        visit(ana, at(f"{9 + hour}:00"), name=name, phone=phone, phone_e164=e164, email=mail)
        for hour, (name, (phone, e164, mail)) in enumerate(CONTACT.items())
    ]
    return Appointment.objects.bulk_create(rows)


def found(typed: str) -> list[str]:
    rows = Appointment.objects.filter(finding.said(typed))
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.parametrize("typed", SAID)
def test_what_is_said_finds_whom_it_begins(visits, typed):
    assert found(typed) == sorted(SAID[typed])


@pytest.mark.parametrize("way", [str, str.lower, lambda ref: ref.replace("-", " ")])
def test_a_reference_finds_its_visit_alone(visits, way):
    Appointment.objects.filter(pk=visits[1].pk).update(reference="K7M-2QF")
    Appointment.objects.filter(pk=visits[2].pk).update(reference="234-567")
    assert (found(way("K7M-2QF")), found(way("234-567"))) == ([OMAR], [MARIA])


def test_numbers_of_another_country_begin_as_they_are_dialled_there(settings, visits):
    settings.CLINIC_COUNTRY = "GB"
    assert (found("020 7946"), found("(020) 7946 0018")) == ([OMAR], [OMAR])


KEPT = ["word_1", "word_2", "word_3", "word_4", "later_words", "phone_backwards"]


def kept(row: Appointment) -> tuple[str, ...]:
    return Appointment.objects.values_list(*KEPT).get(pk=row.pk)


OF_MARIA = ("maria", "del", "carmen", "de", " la cruz ostergard", "73210555")


def test_rows_of_a_shell_and_of_a_fixture_have_their_words(visits):
    assert kept(visits[2]) == OF_MARIA
    dumped = serializers.serialize("python", visits)
    Appointment.objects.all().delete()
    for row in dumped:
        for name in KEPT:
            del row["fields"][name]
    for row in serializers.deserialize("python", dumped):
        row.save()
    assert kept(visits[2]) == OF_MARIA


def test_a_corrected_row_has_other_words(visits):
    changes = {"name": "Zoë Bråten", "phone": "646 555 0177", "phone_e164": "+16465550177"}
    corrections.correct(appointment=visits[2], changes=changes, now=NOW)
    assert kept(visits[2]) == ("zoe", "braten", "", "", "", "77105556461")
    assert set(OF_NAME[1:] + OF_PHONE) == set(KEPT)


def test_the_rows_that_were_there_are_filled(visits):
    Appointment.objects.update(**dict.fromkeys(KEPT, ""))
    import_module("booking.migrations.0121_words_filled").fill(apps, None)
    assert kept(visits[2]) == OF_MARIA


@given(st.lists(st.text("abcøß'-é", min_size=1, max_size=9), min_size=1, max_size=7))
def test_every_word_of_a_name_is_kept(words):
    row = Appointment(name=" ".join(words), phone="")
    parts = [row.word_1, row.word_2, row.word_3, row.word_4, row.later_words]
    assert " ".join(parts).split() == contacts.fold(row.name).split()
