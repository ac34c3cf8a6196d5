"""The desk is told of visits that may be one person's twice over; nobody else learns of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes, duplicates
from tests.booking.desk.pages import ADD, opened, typed
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

FRONT, TWICE = reverse("admin:index"), reverse("admin:booking_appointment_twice")
TUESDAY = MONDAY + timedelta(days=1)
OTHERS = {
    "another name": {"name": "Luis Marquez"},
    "a namesake": {"email": "else@example.org", "phone_e164": "+12125550100"},
    "no way to tell": {"email": "", "phone_e164": ""},
}
SAME = {
    "by telephone": {"name": "rosa  MÁRQUEZ", "email": "else@example.org"},
    "by e-mail": {"email": "ROSA@example.org", "phone_e164": "+12125550100"},
}


@pytest.fixture
def therapists():
    make_visit_type("follow-up", name="Follow-up", online=False)
    return make_therapist(), make_therapist("ben-cole")


def warned(desk, day=MONDAY) -> list[str]:
    return [text for text in texts(opened(desk, day), "desk-warn") if "same person" in text]


DOTTED = ("rosa.marquez@gmail.com", "Rosamarquez+x@googlemail.com")


def test_one_mailbox_written_in_two_ways_is_one_person(desk, therapists):
    for therapist, email, phone in zip(therapists, DOTTED, ("+12125550100", ""), strict=True):
        changed = {"email": email, "phone_e164": phone}
        book_by_desk(therapist, at("9:30"), **as_other("initial-consultation", changed))
    assert len(warned(desk)) == 2
    Appointment.objects.all().delete()
    for therapist, email in zip(therapists, DOTTED, strict=True):
        elsewhere = {"email": email.partition("@")[0] + "@example.org", "phone_e164": ""}
        book_by_desk(therapist, at("9:30"), **as_other("initial-consultation", elsewhere))
    assert warned(desk) == []


def as_other(kind: str, changed: dict) -> dict:
    return {"visit_type": make_visit_type(kind), "patient": replace(PATIENT, **changed)}


@pytest.mark.parametrize("changed", SAME.values(), ids=SAME)
def test_two_overlapping_times_of_one_person_are_marked_on_both(desk, therapists, changed):
    ana, ben = therapists
    one = book(ana, at("9:30"))
    other = book_by_desk(ben, at("10:00"), **as_other("follow-up", changed))
    found = [f"May be the same person as {row.reference}" for row in (other, one)]
    assert warned(desk) == found
    changes.cancel_by_desk(appointment=other, now=one.created_at)
    assert warned(desk) == []


def test_of_several_the_first_other_one_is_named(desk, therapists):
    ana, ben = therapists
    times = [(ana, "9:30"), (ben, "11:00"), (ana, "13:00")]
    first, second, _third = (book(therapist, at(wall)) for therapist, wall in times)
    assert warned(desk) == [
        f"May be the same person as {row.reference}" for row in (second, first, first)
    ]


def test_a_follow_up_that_is_asked_for_clashes_with_what_it_overlaps(therapists):
    one = book(therapists[0], at("9:30"))
    follow_up = make_visit_type("follow-up")

    def clashes(wall):
        return list(duplicates.of_asked(PATIENT, follow_up, at(wall), NOW))

    assert [clashes(wall) for wall in ("8:45", "9:00", "10:00", "10:15")] == [[], [one], [one], []]


def test_a_second_first_visit_is_marked_a_second_follow_up_is_not(desk, therapists):
    ana, ben = therapists
    book_by_desk(ana, at("9:30"), **as_other("follow-up", {}))
    book_by_desk(ana, at("9:30", TUESDAY), **as_other("follow-up", {}))
    assert warned(desk) == []
    one, other = book(ana, at("11:00")), book(ben, at("11:00", TUESDAY))
    assert warned(desk) == [f"May be the same person as {other.reference}"]
    assert warned(desk, TUESDAY) == [f"May be the same person as {one.reference}"]


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_other_people_are_not(desk, therapists, changed):
    ana, ben = therapists
    book(ana, at("9:30"))
    book_by_desk(ben, at("9:30"), **as_other("initial-consultation", changed))
    assert warned(desk) == []


def test_the_front_page_counts_them_and_leads_to_a_list(desk, therapists):
    ana, ben = therapists
    book(ana, at("9:30"), patient=replace(PATIENT, name="Zoe Adler"))
    assert texts(desk.get(FRONT), "desk-notices") == []
    one, other = book(ana, at("11:00")), book(ben, at("11:00", TUESDAY))

    page = desk.get(FRONT)
    assert texts(page, "desk-notices") == ["2 coming visits may be one person’s twice. See them"]
    assert f'href="{TWICE}"' in page.content.decode()
    assert texts(desk.get(TWICE), "desk-visit") == [
        "Mon, Nov 30, 11 a.m. Rosa Marquez (212) 555-0199 Initial consultation, Ana Ruiz"
        f" {one.reference} May be the same person as {other.reference} Move or change Cancel…",
        "Tue, Dec 1, 11 a.m. Rosa Marquez (212) 555-0199 Initial consultation, Ben Cole"
        f" {other.reference} May be the same person as {one.reference} Move or change Cancel…",
    ]
    changes.cancel_by_desk(appointment=other, now=one.created_at)
    assert texts(desk.get(FRONT), "desk-notices") == []
    assert texts(desk.get(TWICE), "desk-visit") == []


def test_a_therapist_is_told_of_their_own_alone(sign_in, therapists):
    ana, ben = therapists
    one, other = book(ana, at("11:00")), book(ben, at("11:00", TUESDAY))
    client = sign_in("Therapist", therapist=ben)
    assert texts(client.get(FRONT), "desk-notices") == []
    assert (warned(client, TUESDAY), texts(client.get(TWICE), "desk-visit")) == ([], [])

    again = book(ben, at("13:00", TUESDAY))
    assert texts(client.get(FRONT), "desk-notices") == [
        "2 coming visits may be one person’s twice. See them"
    ]
    found = [f"May be the same person as {row.reference}" for row in (again, other)]
    assert warned(client, TUESDAY) == found
    assert one.reference not in client.get(TWICE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(
    desk, therapists, django_assert_num_queries, rows
):
    for therapist in therapists:
        for day in range(rows):
            book(therapist, at("11:00", MONDAY + timedelta(days=day)), **as_made_up(day))
    with django_assert_num_queries(8):
        assert len(desk.get(TWICE).context["visits"]) == 2 * rows


def as_made_up(number: int) -> dict:
    return {"patient": replace(PATIENT, name=f"Rosa {number}", email=f"rosa{number}@example.org")}


def test_the_caller_form_says_so_and_may_go_on(desk, therapists):
    ana, _ben = therapists
    one = book(ana, at("9:30"))
    form = typed(name="ROSA MARQUEZ", phone=PATIENT.phone, therapist="ben-cole", time="11:00")
    page = desk.post(ADD, form)
    words = (
        f"May be the same person as {one.reference}: Monday, November 30, 9:30 a.m. with Ana Ruiz."
    )
    assert page.context["doubts"] == [words]
    assert Appointment.objects.count() == 1

    confirmed = form | {"confirm": page.context["form"].confirmation()}
    assert [desk.post(ADD, confirmed).status_code for _again in range(2)] == [302, 302]
    assert Appointment.objects.count() == 2


def test_a_patient_books_it_and_learns_nothing(client, therapists, settings):
    settings.MINIMUM_FILL_SECONDS = 0
    ana, ben = therapists
    one = book(ana, at("9:30"))
    contact = {"name": PATIENT.name, "phone": PATIENT.phone, "email": PATIENT.email}
    sent = contact | {"visit": "initial-consultation", "red_flags": "no"}
    done = client.post(f"/book/{ben.slug}/20261130T1430Z/", sent)
    assert (done.status_code, Appointment.objects.count()) == (303, 2)
    proof = client.get("/appointment/").content.decode()
    assert (one.reference in proof, "same person" in proof) == (False, False)
