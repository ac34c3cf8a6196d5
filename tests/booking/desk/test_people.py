"""The caller's form remembers people: by name, number or address, and from an earlier visit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes
from tests.booking.desk.pages import ADD, opened, sheet, typed
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
)
from tests.reading import texts

PEOPLE = reverse("desk:people")
ROSA = replace(
    PATIENT,
    name="Rosa Márquez",
    payment="insurance",
    interpreter="Spanish",
    step_free=True,
    wants_gender="woman",
    booked_by="Ana Marquez",
    reason="Back pain",
)
OMAR = replace(PATIENT, name="Omar Haddad", phone="1", phone_e164="+12125550123", email="")
FILLED = {
    "name": "Rosa Márquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "payment": "insurance",
    "interpreter": "Spanish",
    "step_free": True,
    "wants_gender": "woman",
}
EARLIER = MONDAY - timedelta(days=10)  # a Friday


@pytest.fixture
def ana(db):
    return make_therapist()


@pytest.fixture
def rosa(ana):
    return book_by_desk(ana, at("9:30", EARLIER), patient=ROSA)


def found(client, words):
    return client.post(PEOPLE, {"typed": words}).json()["people"]


def names(client, words):
    return [person["fields"]["name"] for person in found(client, words)]


@pytest.mark.parametrize(
    "words",
    ["marq", "MÁRQUEZ, Rosa", "ro", "0199", "212-555-0199", "+1 212 555 0199", "rosa@example.org"],
)
def test_a_person_is_found_by_what_they_say(desk, rosa, words):
    assert found(desk, words) == [
        {"said": "Last visit Fri, Nov 20, 2026 with Ana Ruiz", "fields": FILLED}
        | {"therapist": "ana-ruiz"}
    ]


@pytest.mark.parametrize("words", ["", " ", "r", "\u200b\u200b\u200b", "zoe", "zz " * 5000])
def test_too_little_or_a_stranger_finds_nobody(desk, rosa, words):
    assert found(desk, words) == []


def test_each_person_stands_once_with_their_latest_details(desk, ana, rosa):
    moved = replace(ROSA, phone="(212) 555-0100", phone_e164="+12125550100")
    book_by_desk(ana, at("9:30"), patient=moved)  # the same mailbox
    book_by_desk(ana, at("10:30", EARLIER), patient=replace(ROSA, name="Luis Márquez"))

    assert [(each["fields"]["name"], each["fields"]["phone"]) for each in found(desk, "marq")] == [
        ("Rosa Márquez", "(212) 555-0100"),
        ("Luis Márquez", "(212) 555-0199"),
    ]


def test_namesakes_are_two_people(desk, ana, rosa):
    other = replace(ROSA, phone_e164="+12125550100", email="else@example.org")
    book_by_desk(ana, at("9:30"), patient=other)

    assert len(found(desk, "rosa")) == 2


def test_any_word_of_a_name_may_begin_so_the_latest_visit_first(desk, ana, rosa):
    for number, name in enumerate(["Dee Rossi", "Lin Rosen", "Carosa Lin"]):
        other = replace(OMAR, name=name, phone_e164=f"+1212555010{number}")
        book_by_desk(ana, at(f"{10 + number}:00"), patient=other)

    assert names(desk, "ros") == ["Lin Rosen", "Dee Rossi", "Rosa Márquez"]


def test_six_people_are_shown(desk, ana):
    for number in range(7):
        patient = replace(ROSA, name=f"Rosa {number}", phone_e164=f"+1212555010{number}")
        starts_at = at("9:00") + timedelta(hours=number)
        book_by_desk(ana, starts_at, patient=replace(patient, email=f"r{number}@example.org"))

    assert names(desk, "rosa") == [f"Rosa {number}" for number in (6, 5, 4, 3, 2, 1)]


def test_it_says_who_comes_and_who_did_not(desk, ana, rosa):
    coming = book(ana, at("9:30"))
    said = [found(desk, "rosa")[0]["said"]]
    changes.cancel_by_desk(appointment=coming, now=NOW)
    said.append(found(desk, "rosa")[0]["said"])
    coming.delete()
    Appointment.objects.update(status="noshow")
    said.append(found(desk, "rosa")[0]["said"])

    assert said == [
        "Coming Mon, Nov 30, 9:30 a.m. with Ana Ruiz",
        "Mon, Nov 30, 2026 with Ana Ruiz: Cancelled",
        "Fri, Nov 20, 2026 with Ana Ruiz: Did not attend",
    ]


def test_a_therapist_who_left_is_not_offered(desk, ana, rosa):
    ana.active = False
    ana.save()

    assert found(desk, "rosa")[0]["therapist"] == ""


@pytest.fixture
def booking_therapist(sign_in):
    """Somebody who may book, and sees their own calendar alone."""
    client = sign_in("Therapist", therapist=make_therapist("ben-cole"))
    user = User.objects.get(therapist__slug="ben-cole")
    user.user_permissions.add(Permission.objects.get(codename="add_appointment"))
    return client


def test_nobody_learns_of_patients_whom_they_may_not_see(booking_therapist, rosa):
    again = booking_therapist.get(ADD, {"again": rosa.pk})
    used = booking_therapist.post(ADD, typed(name="", phone="", use=rosa.pk))

    assert names(booking_therapist, "rosa") == []
    assert again.status_code == 404
    assert [used.context["form"][name].value() for name in ("name", "phone")] == ["", ""]


def test_what_was_typed_stands_in_no_address(desk, rosa):
    assert desk.get(PEOPLE, {"typed": "rosa"}).status_code == 405
    assert "no-store" in desk.post(PEOPLE, {"typed": "rosa"})["Cache-Control"]


@pytest.mark.parametrize("people", [1, 3])
def test_a_look_up_takes_one_query_whoever_fits(desk, ana, people, django_assert_num_queries):
    for number in range(people):
        patient = replace(ROSA, name=f"Rosa {number}", phone_e164=f"+1212555010{number}")
        starts_at = at("9:00") + timedelta(hours=number)
        book_by_desk(ana, starts_at, patient=replace(patient, email=f"r{number}@example.org"))
    with django_assert_num_queries(6):  # all but two of who is signed in, and what they may
        assert len(found(desk, "rosa")) == people


def values(response, *wanted):
    return [response.context["form"][name].value() for name in wanted]


def test_look_up_without_a_script_lists_people_and_keeps_the_typing(desk, rosa):
    response = desk.post(ADD, typed(name="Márq", phone="", look_up="1"))

    assert texts(response, "caller-people") == [
        "Earlier patients Rosa Márquez (212) 555-0199"
        " Last visit Fri, Nov 20, 2026 with Ana Ruiz Use these"
    ]
    assert values(response, "name", "day", "reason") == ["Márq", "2026-11-30", "Back pain"]
    assert (response.context["form"].is_bound, Appointment.objects.count()) == (False, 1)


def test_look_up_of_a_stranger_says_so(desk, ana):
    response = desk.post(ADD, typed(look_up="1"))

    assert texts(response, "caller-people") == [
        "Earlier patients Nobody found. Book them as somebody new."
    ]


def test_use_these_fills_the_person_in_and_keeps_the_time(desk, rosa):
    make_visit_type()
    form = typed(name="Ro", phone="", email="somebody@else.org", time="11:00")
    response = desk.post(ADD, form | {"use": rosa.pk})

    assert values(response, *FILLED) == list(FILLED.values())
    assert values(response, "day", "time", "booked_by") == ["2026-11-30", "11:00", None]
    assert texts(response, "caller-said") == [
        "Filled in. Last visit Fri, Nov 20, 2026 with Ana Ruiz"
    ]


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 18, "9" * 30, "²"])
def test_a_button_that_names_no_visit_fills_in_nothing(desk, rosa, key):
    response = desk.post(ADD, typed(use=key))

    assert values(response, "name", "phone") == ["Omar Haddad", "212 555 0123"]


def test_nothing_of_the_person_before_stays(desk, ana, rosa):
    omar = book_by_desk(ana, at("11:00", EARLIER), patient=OMAR)
    filled = FILLED | {"step_free": "on", "use": omar.pk}
    response = desk.post(ADD, typed(**filled))

    assert values(response, *FILLED) == ["Omar Haddad", "1", "", "", "", False, ""]


def test_book_again_opens_the_form_with_person_therapist_and_type(desk, rosa):
    make_visit_type("follow-up", name="Follow-up")
    response = desk.get(ADD, {"again": rosa.pk})

    assert values(response, *FILLED) == list(FILLED.values())
    assert values(response, "therapist", "visit_type", "day", "time", "reason", "booked_by") == [
        "ana-ruiz",
        "initial-consultation",
        None,
        None,
        None,
        None,
    ]


def test_book_again_at_another_therapists_free_time(desk, rosa):
    make_therapist("ben-cole")
    asked = {"again": rosa.pk, "therapist": "ben-cole", "start": "20261130T1430Z"}
    response = desk.get(ADD, asked)

    assert values(response, "name", "therapist") == ["Rosa Márquez", "ben-cole"]


@pytest.mark.parametrize("key", ["x", "0", "9" * 30])
def test_book_again_of_no_visit_is_not_found(desk, rosa, key):
    assert desk.get(ADD, {"again": key}).status_code == 404


def test_a_therapist_and_a_type_that_are_gone_are_not_chosen(desk, ana, rosa):
    other = make_visit_type("follow-up", name="Follow-up")
    rosa.visit_type.active = ana.active = False
    rosa.visit_type.save()
    ana.save()

    assert values(desk.get(ADD, {"again": rosa.pk}), "therapist", "visit_type") == [
        None,
        other.slug,
    ]


def test_every_visit_leads_to_book_again(desk, rosa):
    page = desk.get(reverse("admin:booking_appointment_change", args=[rosa.pk]))
    link = f'href="{ADD}?again={rosa.pk}"'

    assert [link in opened(desk, EARLIER).content.decode(), link in page.content.decode()] == [
        True,
        True,
    ]


def test_who_may_not_book_sees_no_book_again(sign_in, ana, rosa):
    client = sign_in("Therapist", therapist=ana)

    assert "Book again" not in sheet(client, EARLIER).content.decode()


def test_the_name_comes_first_and_has_the_focus_in_staffs_words(desk, rosa):
    response = desk.get(ADD)

    assert texts(response, "label")[:3] == ["Name:", "Telephone:", "E-mail:"]
    assert response.content.decode().count("autofocus") == 1
    assert "autofocus" in response.context["form"]["name"].as_widget()
    said = " ".join(texts(response, "label"))
    assert "Reason, in their words:" in said
    assert [word for word in ("I ", "you", "your") if f" {word}" in f" {said.lower()}"] == []
