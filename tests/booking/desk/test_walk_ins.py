"""Walk-in now: whoever stands at the desk is booked and here, with or without a telephone."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from booking.models import Appointment
from tests.booking.desk.pages import ADD, opened, typed
from tests.builders import MONDAY, at, book_by_desk, make_therapist, make_visit_type, sent_by, visit
from tests.reading import said, texts
from tests.typed import fields_of

WALK_IN = reverse("desk:walk_in")
WHY = "Has none"


@pytest.fixture
def therapist(now):
    now.move_to(at("9:37"))
    make_visit_type()
    return make_therapist()


def walking(**changes):
    form = typed(phone="", no_phone_reason=WHY, began="20261130T1437Z") | changes
    return {name: value for name, value in form.items() if name not in ("day", "time")}


def rows():
    fields = ["name", "starts_at", "status", "source", "phone", "no_phone_reason"]
    return list(Appointment.objects.order_by("pk").values_list(*fields))


HERE = ("Omar Haddad", at("9:37"), "arrived", "desk", "", WHY)


def test_the_page_begins_now_with_who_is_free(desk, therapist):
    make_therapist("ben-cole", hours="13:00-17:00")
    response = desk.get(WALK_IN)

    assert "Starts now, 9:37 a.m.; they are here. Free now: Ana Ruiz" in texts(response, "p")
    assert response.context["form"]["therapist"].value() == "ana-ruiz"
    assert response.context["began"] == "20261130T1437Z"


def test_who_walks_in_without_a_telephone_is_booked_and_here(desk, therapist):
    response = desk.post(WALK_IN, walking(), follow=True)

    assert rows() == [HERE]
    reference = Appointment.objects.get().reference
    assert said(response) == [f"Omar Haddad is here, with Ana Ruiz now: {reference}."]


def test_a_telephone_or_a_reason_is_asked_for(desk, therapist):
    response = desk.post(WALK_IN, walking(no_phone_reason=" "))
    assert response.context["form"].errors == {
        "phone": ["Enter a telephone number, or say below why there is none"]
    }

    desk.post(WALK_IN, walking(phone="212 555 0123"))
    assert rows() == [("Omar Haddad", at("9:37"), "arrived", "desk", "212 555 0123", "")]


def test_it_begins_when_the_form_was_opened_not_when_it_was_sent(desk, therapist, now):
    now.move_to(at("9:49"))
    desk.post(WALK_IN, walking())

    assert rows() == [HERE]


@pytest.mark.parametrize("began", ["", "x", "20261130T1430Z", "20261130T1600Z", "20261129T1437Z"])
def test_a_form_left_open_for_long_begins_anew(desk, therapist, now, began):
    now.move_to(at("9:50"))
    desk.post(WALK_IN, walking(began=began))

    assert [row[1] for row in rows()] == [at("9:50")]


def test_a_doubled_click_books_once_even_a_minute_later(desk, therapist, now):
    form = walking()
    desk.post(WALK_IN, form)
    now.move_to(at("9:38"))
    desk.post(WALK_IN, form)
    assert rows() == [HERE]

    Appointment.objects.update(status="fulfilled")
    desk.post(WALK_IN, form)
    assert [row[2] for row in rows()] == ["fulfilled"]  # and not "arrived" once more


def test_where_nobody_is_free_who_manages_books_over_the_next(desk, sign_in, therapist):
    there = book_by_desk(therapist, at("10:00"), **sent_by(1))
    form = walking()
    asked = desk.post(WALK_IN, form)

    assert "Nobody is free now for this visit type." in asked.content.decode()
    assert asked.context["form"].non_field_errors() == ["Ana Ruiz has another visit now, or soon."]
    assert [row.pk for row in asked.context["clash"].shown] == [there.pk]
    assert rows()[1:] == []

    manager = sign_in("Manager")
    code = manager.post(WALK_IN, form).context["clash"].code
    manager.post(WALK_IN, form | {"override": code, "override_reason": "Cannot stand up"})
    assert rows()[1:] == [HERE]
    assert Appointment.objects.get(name="Omar Haddad").overrides


def test_outside_the_hours_a_tick_is_asked_for_and_still_counts_a_minute_later(
    desk, therapist, now
):
    now.move_to(at("12:15"))
    form = walking(began="20261130T1715Z")
    asked = desk.post(WALK_IN, form)
    assert asked.context["doubts"] == ["Outside Ana Ruiz's working hours."]
    assert rows() == []

    now.move_to(at("12:16"))
    desk.post(WALK_IN, form | {"confirm": asked.context["form"].confirmation()})
    assert [row[1:3] for row in rows()] == [(at("12:15"), "arrived")]


def test_a_caller_may_have_no_telephone_either(desk, therapist):
    desk.post(ADD, typed(phone="", no_phone_reason=WHY))

    assert rows() == [("Omar Haddad", at("9:30"), "booked", "desk", "", WHY)]


def test_the_database_wants_a_telephone_or_a_reason(therapist):
    with pytest.raises(IntegrityError, match="phone_or_reason"), transaction.atomic():
        visit(therapist, at("14:00"), phone="").save()

    visit(therapist, at("14:00"), phone="", no_phone_reason=WHY).save()


def test_pages_say_why_nobody_can_be_called(desk, therapist):
    desk.post(WALK_IN, walking())
    row = Appointment.objects.get()
    names = ["change", "contact"]
    pages = [reverse(f"admin:booking_appointment_{name}", args=[row.pk]) for name in names]
    answers = [desk.get(page) for page in pages]
    answers += [opened(desk, MONDAY), desk.get(reverse("admin:booking_appointment_changelist"))]

    for answer in answers:
        assert f"No telephone: {WHY}" in answer.content.decode()
        assert b'href="tel:"' not in answer.content


def test_the_reason_gives_way_to_a_number(desk, therapist):
    desk.post(WALK_IN, walking())
    address = reverse("admin:booking_appointment_contact", args=[Appointment.objects.get().pk])
    page = desk.get(address)
    assert page.context["form"]["no_phone_reason"].value() == WHY

    form = fields_of(page, "desk-contact") | {"phone": "(212) 555-0123"}
    desk.post(address, form)
    assert [row[4:] for row in rows()] == [("(212) 555-0123", "")]
