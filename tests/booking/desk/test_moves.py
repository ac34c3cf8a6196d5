"""Moving a visit."""

import pytest
from django.urls import reverse

from booking.desk.moves import MoveForm
from booking.models import Appointment, OutgoingEmail
from booking.visits import staff_changes
from tests.builders import NOW, at, book, make_therapist
from tests.reading import said, texts


@pytest.fixture
def visit():
    return book(make_therapist(hours="9:00-12:00"), at("9:30"))


def move(visit):
    return reverse("admin:booking_appointment_move", args=[visit.pk])


def rows():
    return list(Appointment.objects.values_list("therapist__slug", "starts_at", "sequence"))


def test_the_page_offers_free_times_of_every_therapist_and_says_what_is_mailed(desk, visit):
    make_therapist("ben-cole", hours="9:00-9:45")
    response = desk.get(move(visit))

    assert [
        (therapist.slug, [slot.code for slot in slots][:3])
        for therapist, slots in response.context["free"]
    ] == [
        ("ana-ruiz", ["20261130T1400Z", "20261130T1415Z", "20261130T1430Z"]),
        ("ben-cole", ["20261130T1400Z"]),
    ]
    said = (
        "One click on a time moves the visit; it keeps its reference. The e-mail goes two minutes"
    )
    assert f"{said} later. Within them, “Undo” sends nothing." in texts(response, "desk-quiet")


def test_another_day_is_one_click_away(desk, visit):
    response = desk.get(move(visit), {"date": "2026-12-01"})

    assert response.context["free"][0][1][0].code == "20261201T1400Z"
    assert desk.get(move(visit), {"date": "never"}).context["day"].isoformat() == "2026-11-30"


def test_one_click_moves_the_visit_and_owes_one_message(desk, visit):
    make_therapist("ben-cole")
    form = {"slot": "ben-cole:20261201T1800Z", "sequence": "0"}
    response = desk.post(move(visit), form, follow=True)

    assert [(slug, start.isoformat()) for slug, start, _n in rows()] == [
        ("ben-cole", "2026-12-01T18:00:00+00:00")
    ]
    assert list(OutgoingEmail.objects.values_list("kind", "sequence").order_by("pk")) == [
        ("confirmation", 0),
        ("moved", 1),
    ]
    assert said(response) == ["Moved to Tuesday, December 1, 1 p.m.: Rosa Marquez."]


def test_a_free_entry_outside_hours_takes_a_tick(desk, visit):
    form = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "13:00", "sequence": "0"}
    response = desk.post(move(visit), form)
    assert response.context["doubts"] == ["Outside Ana Ruiz's working hours."]
    assert rows() == [("ana-ruiz", at("9:30"), 0)]

    desk.post(move(visit), form | {"confirm": response.context["form"].confirmation()})
    assert rows() == [("ana-ruiz", at("13:00"), 1)]


def test_a_clash_is_an_error_and_the_old_time_stays(desk, visit):
    book(visit.therapist, at("10:30"))
    form = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "10:30", "sequence": "0"}
    response = desk.post(move(visit), form)

    assert response.context["form"].non_field_errors() == [
        "Ana Ruiz already has a visit at that time (Monday, November 30, 10:30 a.m.)."
        " Choose another."
    ]
    assert rows()[0] == ("ana-ruiz", at("9:30"), 0)


def test_a_visit_that_a_colleague_moved_meanwhile_is_not_moved_again(desk, visit):
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=visit.therapist,
        starts_at=at("11:00"),
        now=NOW,
    )
    response = desk.post(move(visit), {"slot": "ana-ruiz:20261130T1500Z", "sequence": "0"})

    assert response.context["form"].non_field_errors() == [
        "Somebody changed this visit meanwhile. Look at its time, then choose again."
    ]
    assert rows() == [("ana-ruiz", at("11:00"), 1)]

    now_shown = response.context["form"]["sequence"].value()
    desk.post(move(visit), {"slot": "ana-ruiz:20261130T1500Z", "sequence": now_shown})
    assert rows() == [("ana-ruiz", at("10:00"), 2)]


def test_a_visit_that_moves_at_this_moment_is_not_moved_again(desk, visit, monkeypatch):
    def move_first(doubts):
        """After the form was checked, before the services' locks."""
        staff_changes.change_by_desk(
            appointment=Appointment.objects.get(),
            therapist=visit.therapist,
            starts_at=at("11:00"),
            now=NOW,
        )
        return doubts

    monkeypatch.setattr(MoveForm, "doubts", lambda *_arguments: move_first([]))
    response = desk.post(move(visit), {"slot": "ana-ruiz:20261130T1500Z", "sequence": "0"})

    assert response.context["form"].non_field_errors() == [
        "Somebody changed this visit meanwhile. Look at its time, then choose again."
    ]
    assert response.context["form"]["sequence"].value() == "1"
    assert "Monday, November 30, 2026, 11 a.m." in texts(response, "dd")[1]
    assert rows() == [("ana-ruiz", at("11:00"), 1)]


def test_a_visit_that_comes_at_this_moment_stays_and_is_shown_as_it_is(desk, visit, monkeypatch):
    def arrive_first(*_arguments):
        """After the form was checked, before the services' locks."""
        Appointment.objects.update(status="arrived")
        return []

    monkeypatch.setattr(MoveForm, "doubts", arrive_first)
    response = desk.post(move(visit), {"slot": "ana-ruiz:20261130T1500Z", "sequence": "0"})

    assert response.context["form"].non_field_errors() == [
        "Somebody changed this visit meanwhile: it cannot be moved now."
    ]
    assert response.context["visit"].status == "arrived"
    assert rows() == [("ana-ruiz", at("9:30"), 0)]


def test_a_click_that_comes_twice_moves_once(desk, visit):
    form = {"slot": "ana-ruiz:20261130T1500Z", "sequence": "0"}
    answers = [desk.post(move(visit), form) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert rows() == [("ana-ruiz", at("10:00"), 1)]


@pytest.mark.parametrize("sequence", ["", "x", "-1", "99999999999999999999"])
def test_rubbish_moves_nothing(desk, visit, sequence):
    response = desk.post(move(visit), {"slot": "nobody:20261130T1500Z", "sequence": sequence})

    assert response.status_code == 200
    assert rows() == [("ana-ruiz", at("9:30"), 0)]
