"""The desk's yes to an e-mail about changed details: for one visit, and for the list."""

from dataclasses import replace

import pytest
from django.core import mail
from django.urls import reverse

from booking.models import Appointment, Location, TimeOff
from tests.builders import NOW, PATIENT, at, book, book_by_desk, make_therapist
from tests.reading import said, texts
from tests.typed import fields_of
from tests.worker import send_due

LIST = reverse("admin:booking_appointment_to_deal_with")
TELL_ALL = reverse("admin:booking_appointment_tell_all")
TOLD = "The patient was told another address: Willow Street, 12 Willow Street, Springfield, NY"


def address(visit):
    return reverse("admin:booking_appointment_tell", args=[visit.pk])


def click(client, visit, page=LIST, **changed):
    """Press the button beside a visit."""
    shown = fields_of(client.get(page), address(visit))
    came_from = {"referer": f"http://127.0.0.1{page}"}
    return client.post(address(visit), shown | changed, follow=True, headers=came_from)


def click_for_all(client):
    return client.post(TELL_ALL, fields_of(client.get(LIST), TELL_ALL), follow=True)


def details_owed():
    rows = Appointment.objects.filter(emails__kind="details").order_by("pk")
    return list(rows.values_list("pk", "emails__sequence"))


@pytest.fixture
def visits():
    """Two with an address, one without, and one that needs another time, at a changed street."""
    ana = make_therapist()
    found = [book(ana, at("9:00")), book(ana, at("10:00"))]
    found.append(book_by_desk(ana, at("11:00"), patient=replace(PATIENT, email="")))
    found.append(book(ana, at("14:00")))
    send_due(NOW)
    TimeOff.objects.create(therapist=ana, starts_at=at("13:00"), ends_at=at("15:00"))
    Location.objects.update(street="14 Willow Street")
    return found


def test_a_place_s_street_changed_offers_an_email_a_call_or_a_move(desk, visits):
    assert [row.split(" 10001. ")[1] for row in texts(desk.get(LIST), "desk-visit")] == [
        "Move or change Cancel… Tell the patient Stays as it is",
        "Move or change Cancel… Tell the patient Stays as it is",
        "Move or change Cancel… Told by telephone Stays as it is",
        "Ana Ruiz is away then. Move or change Cancel… Stays as it is",
    ]


def test_one_click_mails_the_patient_and_takes_the_visit_off_the_list(desk, visits):
    response = click(desk, visits[0])

    assert said(response) == ["Rosa Marquez: the e-mail is on its way."]
    assert (send_due(NOW), mail.outbox[-1].to) == (1, ["rosa@example.org"])
    assert list(response.context["visits"]) == visits[1:]


def test_who_is_called_is_marked_as_told_with_who_and_when(desk, visits):
    response = click(desk, visits[2])

    assert said(response) == ["Rosa Marquez: has been told."]
    assert list(response.context["visits"]) == [*visits[:2], visits[3]]
    history = reverse("admin:booking_appointment_history", args=[visits[2].pk])
    assert texts(desk.get(history), "tr")[1] == (
        "Fri, Nov 27, 2026, noon front-desk-0 Told of changed details at: Fri, Nov 27, 2026, noon"
    )


def test_tell_all_mails_those_whose_details_alone_have_changed(desk, visits):
    response = click_for_all(desk)

    assert said(response) == ["2 e-mails are on their way."]
    assert details_owed() == [(visits[0].pk, 1), (visits[1].pk, 1)]
    assert list(response.context["visits"]) == visits[2:]


def test_tell_all_pressed_twice_mails_once(desk, visits):
    shown = fields_of(desk.get(LIST), TELL_ALL)
    for _press in range(2):
        desk.post(TELL_ALL, shown)

    assert details_owed() == [(visits[0].pk, 1), (visits[1].pk, 1)]


def test_tell_all_leaves_what_changed_since_the_list_was_opened(desk, visits):
    shown = fields_of(desk.get(LIST), TELL_ALL)
    Location.objects.update(street="16 Willow Street")
    response = desk.post(TELL_ALL, shown, follow=True)

    assert said(response)[1] == (
        "2 visits have changed since you opened the list. Nothing was mailed about them."
    )
    assert details_owed() == []


@pytest.mark.parametrize("typed", [{}, {"visits": "x 1/2 9/9/9 99999999999999999999/0/x"}])
def test_rubbish_tells_nobody(desk, visits, typed):
    assert desk.post(TELL_ALL, typed).status_code == 302
    assert details_owed() == []


def test_a_visit_changed_meanwhile_is_shown_again_with_its_buttons(desk, visits):
    response = click(desk, visits[0], sequence=["3"])

    assert response.status_code == 409
    assert "Tell the patient" in texts(response, "desk-clicks")[0]
    assert details_owed() == []


def test_a_get_tells_nobody(desk, visits):
    answers = [desk.get(path).status_code for path in (address(visits[0]), TELL_ALL)]

    assert (answers, details_owed()) == ([405, 405], [])


@pytest.mark.parametrize("group", ["Therapist", "Editor"])
def test_who_may_not_change_visits_tells_nobody(sign_in, visits, group):
    client = sign_in(group, therapist=visits[0].therapist if group == "Therapist" else None)
    answers = [client.post(path).status_code for path in (address(visits[0]), TELL_ALL)]

    assert (answers, details_owed()) == ([403, 403], [])


def test_the_visit_s_own_page_says_what_changed_and_tells_the_patient(desk, visits):
    page = reverse("admin:booking_appointment_change", args=[visits[0].pk])
    assert texts(desk.get(page), "desk-warn") == [f"{TOLD} 10001."]

    assert said(click(desk, visits[0], page)) == ["Rosa Marquez: the e-mail is on its way."]
    assert details_owed() == [(visits[0].pk, 1)]
