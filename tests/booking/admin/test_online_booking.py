"""Pausing online booking."""

from django.urls import reverse
from django.utils import timezone

from booking.calendars import free_times
from booking.models import OnlineBooking
from tests.builders import make_therapist, make_visit_type
from tests.reading import said, texts

SWITCH = reverse("admin:booking_onlinebooking_changelist")


def test_one_button_pauses_and_opens_online_booking(desk):
    make_therapist()
    visit_type = make_visit_type()
    assert texts(desk.get(SWITCH), "desk-big") == ["Online booking is open."]

    response = desk.post(SWITCH, {"paused": "yes"}, follow=True)
    assert said(response) == ["Online booking is paused."]
    assert texts(response, "desk-big") == ["Online booking is paused."]
    assert free_times.next_slots(visit_type, timezone.now()) == []

    desk.post(SWITCH, {"paused": "no"})
    assert len(free_times.next_slots(visit_type, timezone.now())) == 3


def test_two_people_who_pause_leave_it_paused(desk, sign_in):
    for client in (desk, sign_in("Manager")):
        client.post(SWITCH, {"paused": "yes"})

    assert list(OnlineBooking.objects.values_list("pk", "paused")) == [(1, True)]


def test_who_is_paused_alone_is_named(desk):
    make_therapist(online_booking=False)
    make_therapist("ben-cole")

    assert texts(desk.get(SWITCH), "li") == ["Paused for Ana Ruiz, PT, DPT"]
