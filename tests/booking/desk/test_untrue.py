"""Visits that are no longer true, on the desk's pages, and what each login may do about them."""

import pytest
from django.urls import reverse

from booking.calendars.doubts import untrue
from booking.models import Appointment, Location, Therapist, TimeOff, VisitType
from tests.booking.desk.pages import panel
from tests.builders import NOW, at, book, make_therapist, make_visit_type
from tests.reading import texts
from tests.staff import save_and_list

LIST = reverse("admin:booking_appointment_to_deal_with")
LEFT = "Ana Ruiz no longer works here."


@pytest.fixture
def visit():
    found = book(make_therapist(), at("9:30"))
    Therapist.objects.update(active=False)
    return found


def keep(client, visit, **typed):
    address = reverse("admin:booking_appointment_keep", args=[visit.pk])
    return client.post(address, {"sequence": "0", "code": ["inactive"]} | typed, follow=True)


def test_a_therapist_made_inactive_shows_on_the_day_the_list_and_the_front_page(desk, visit):
    assert texts(desk.get(LIST), "desk-warn") == [LEFT]
    assert texts(panel(desk, visit), "desk-warn") == [LEFT]
    notice = "1 booked visit is no longer true as it was told. See them and call"
    assert texts(desk.get(reverse("admin:index")), "desk-notices") == [notice]


def test_stays_as_it_is_takes_it_off_the_list_and_its_history_says_who_and_when(desk, visit):
    answer = keep(desk, visit)

    assert "Rosa Marquez: stays as it is." in answer.content.decode()
    assert texts(desk.get(LIST), "desk-visit") == []
    history = reverse("admin:booking_appointment_history", args=[visit.pk])
    assert texts(desk.get(history), "tr")[1] == (
        "Fri, Nov 27, 2026, noon front-desk-0 Stays as it is, said at: Fri, Nov 27, 2026, noon"
    )


def test_a_get_keeps_nothing(desk, visit):
    address = reverse("admin:booking_appointment_keep", args=[visit.pk])

    assert desk.get(address).status_code == 405
    assert list(untrue(Appointment.objects.all(), NOW)) == [visit]


def test_a_visit_that_was_moved_meanwhile_is_shown_again(desk, visit):
    assert keep(desk, visit, sequence="3").status_code == 409
    assert list(untrue(Appointment.objects.all(), NOW)) == [visit]


def test_a_therapist_sees_their_own_such_visits_and_may_not_keep_them(sign_in, visit):
    ben = make_therapist("ben-cole")
    own = book(ben, at("9:30"))
    TimeOff.objects.create(therapist=ben, starts_at=at("9:00"), ends_at=at("10:00"))
    client = sign_in("Therapist", therapist=ben)

    assert texts(client.get(LIST), "desk-visit") == [
        "Mon, Nov 30, 9:30 a.m. Rosa Marquez (212) 555-0199"
        f" Initial consultation, Ben Cole {own.reference} Ben Cole is away then."
    ]
    assert keep(client, own).status_code == 403
    assert list(untrue(Appointment.objects.all(), NOW)) == [visit, own]


def test_a_manager_who_changes_a_street_is_led_to_the_visits_there(sign_in):
    visit = book(make_therapist(), at("9:30"))
    place = Location.objects.get()
    fields = ["name", "slug", "city", "region", "postal_code", "travel_minutes"]
    form = {name: getattr(place, name) for name in fields} | {"street": "14 Willow Street"}
    form |= {"pictures-TOTAL_FORMS": 0, "pictures-INITIAL_FORMS": 0}
    address = reverse("admin:booking_location_change", args=[place.pk])
    manager = sign_in("Manager")
    response = save_and_list(manager, address, manager.post(address, form))

    assert response.redirect_chain == [(LIST, 302)]
    assert list(response.context["visits"]) == [visit]


def test_a_manager_who_withdraws_a_visit_type_is_led_to_its_visits(sign_in):
    visit = book(make_therapist(), at("9:30"))
    kind = VisitType.objects.get()
    form = {field.name: getattr(kind, field.name) for field in kind._meta.fields if field.editable}
    del form["active"], form["price"], form["no_show_fee"]
    address = reverse("admin:booking_visittype_change", args=[kind.pk])
    manager = sign_in("Manager")
    response = save_and_list(manager, address, manager.post(address, form))

    assert response.redirect_chain == [(LIST, 302)]
    assert texts(response, "desk-warn") == ["Initial consultation is no longer offered."]
    assert list(response.context["visits"]) == [visit]


def test_the_desk_sees_on_the_visit_that_its_reminder_is_held_back(desk):
    make_visit_type(reminder_hours="24")
    visit = book(make_therapist(), at("9:30"))
    page = reverse("admin:booking_appointment_change", args=[visit.pk])
    assert "Reminder: Waiting until Nov 29, 9:30 a.m." in texts(desk.get(page), "desk-mail")[0]
    Therapist.objects.update(active=False)

    response = desk.get(page)
    held = "Reminder: Waiting and held back while this visit is not as it was told"
    assert texts(response, "desk-warn") == [LEFT]
    assert held in texts(response, "desk-mail")[0]
