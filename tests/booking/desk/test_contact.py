"""Correcting contact details and sending again."""

from datetime import date

import pytest
from django.urls import reverse

from booking.models import Appointment, Estimate, OutgoingEmail
from booking.visits import tokens
from tests.builders import NOW, at, book, make_therapist
from tests.reading import said, texts

CORRECTED = {"name": "Rosa Márquez", "phone": "+1 212-555-0188", "email": "r@example.org"}


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def contact(visit):
    return reverse("admin:booking_appointment_contact", args=[visit.pk])


def stored():
    return Appointment.objects.values_list("name", "phone", "phone_e164", "email").get()


def owed():
    return list(OutgoingEmail.objects.values_list("kind", "occasion", "state").order_by("pk"))


def test_details_are_corrected_and_the_confirmation_goes_again(desk, visit):
    astray = tokens.make(visit)
    response = desk.post(contact(visit), CORRECTED | {"send": "yes"}, follow=True)

    assert stored() == ("Rosa Márquez", "+1 212-555-0188", "+12125550188", "r@example.org")
    assert owed() == [("confirmation", "", "owed"), ("confirmation", "again-1", "owed")]
    assert tokens.find(astray, NOW) is None
    assert said(response) == [
        "Contact details saved.",
        "The confirmation is on its way again.",
    ]


def test_details_can_be_saved_without_sending(desk, visit):
    desk.post(contact(visit), CORRECTED)

    assert owed() == [("confirmation", "", "owed")]


def test_without_an_address_nothing_is_sent_and_the_page_says_so(desk, visit):
    response = desk.post(contact(visit), CORRECTED | {"email": "", "send": "yes"}, follow=True)

    assert stored()[3] == ""
    assert said(response)[1] == (
        "Nothing was sent: there is no e-mail address, or no visit to come to."
    )


@pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "12"}, {"email": "r@"}])
def test_a_mistake_is_an_error_and_changes_nothing(desk, visit, wrong):
    response = desk.post(contact(visit), CORRECTED | wrong)

    assert list(response.context["form"].errors) == list(wrong)
    assert stored() == ("Rosa Marquez", "(212) 555-0199", "+12125550199", "rosa@example.org")


def test_one_click_sends_again_and_settles_what_was_given_up(desk, visit):
    OutgoingEmail.objects.update(state="given-up", last_error="SMTPRecipientsRefused 550 5.1.1")
    page = desk.get(reverse("admin:booking_appointment_change", args=[visit.pk]))
    assert texts(page, "desk-mail") == [
        "E-mails Confirmation: Given up (SMTPRecipientsRefused 550 5.1.1)"
    ]

    desk.post(reverse("admin:booking_appointment_send_again", args=[visit.pk]))
    assert owed() == [("confirmation", "", "superseded"), ("confirmation", "again-1", "owed")]


def test_who_says_later_that_they_pay_themselves_is_owed_an_estimate(desk, visit):
    def say(payment):
        desk.post(contact(visit), CORRECTED | payment)
        paid = Appointment.objects.values_list("payment", flat=True).get()
        return paid, list(Estimate.objects.values_list("due_on", flat=True))

    assert say({"payment": "self-pay"}) == ("self-pay", [date(2026, 11, 30)])
    assert say({}) == ("self-pay", [date(2026, 11, 30)])  # a form that does not ask
    assert say({"payment": "insurance"}) == ("insurance", [])
    assert say({"payment": "self-pay"}) == ("self-pay", [date(2026, 11, 30)])
    assert say({"payment": ""}) == ("", [])


def test_an_estimate_that_was_given_stays_on_record(desk, visit):
    desk.post(contact(visit), CORRECTED | {"payment": "self-pay"})
    Estimate.objects.update(given_at=NOW)
    desk.post(contact(visit), CORRECTED | {"payment": "insurance"})

    assert list(Estimate.objects.values_list("given_at", flat=True)) == [NOW]
