"""Pausing online booking."""

import pytest
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


def seen(client):
    return client.get(SWITCH).context["seen"]


def test_an_old_page_does_not_open_what_was_paused_anew(desk):
    desk.post(SWITCH, {"paused": "yes"})
    old = seen(desk)
    for way in ("no", "yes"):
        desk.post(SWITCH, {"paused": way})
    response = desk.post(SWITCH, {"paused": "no", "seen": old})

    assert (response.status_code, OnlineBooking.objects.get().paused) == (409, True)
    assert said(response)[-1:] == [
        "Nothing was changed: somebody has used the switch since this page was shown."
    ]
    assert texts(response, "desk-big") == ["Online booking is paused."]
    again = {"paused": "no", "seen": response.context["seen"]}
    assert desk.post(SWITCH, again).status_code == 302
    assert OnlineBooking.objects.get().paused is False


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "99999999999999999999"])
def test_a_switch_that_does_not_say_what_it_showed_is_stale(desk, rubbish):
    assert desk.post(SWITCH, {"paused": "yes", "seen": rubbish}).status_code == 409
    assert not OnlineBooking.objects.filter(paused=True).exists()


def test_a_double_click_on_the_switch_passes(desk):
    page = {"paused": "yes", "seen": seen(desk)}

    assert [desk.post(SWITCH, page).status_code for _click in range(2)] == [302, 302]


def test_who_is_paused_alone_is_named(desk):
    make_therapist(online_booking=False)
    make_therapist("ben-cole")

    assert texts(desk.get(SWITCH), "li") == ["Paused for Ana Ruiz, PT, DPT"]
