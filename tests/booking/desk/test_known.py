"""The desk takes a doubtful time knowing what its page showed, and nothing that came up since."""

import pytest
from django.urls import reverse

from booking.calendars.doubts import untrue
from booking.desk.forms import WhenForm
from booking.models import Appointment, Closure, VisitType
from tests.booking.desk.pages import ADD, typed
from tests.builders import NOW, at, book, make_therapist, make_visit_type

OUTSIDE, SNOW = "Outside Ana Ruiz's working hours.", "The clinic is closed then: Snow."


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist()


@pytest.fixture(params=["book", "move"])
def sent(request, ana):
    """The address and the form of one of the two pages, for 7:00, when nobody works."""
    if request.param == "book":
        return ADD, typed(time="07:00")
    address = reverse("admin:booking_appointment_move", args=[book(ana, at("9:30")).pk])
    form = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "07:00", "sequence": "0"}
    return address, form


def snow(start="6:00", end="8:00"):
    return Closure.objects.create(name="Snow", starts_at=at(start), ends_at=at(end))


def ticked(desk, address, form):
    return form | {"confirm": desk.post(address, form).context["form"].confirmation()}


def starts():
    return list(Appointment.objects.values_list("starts_at", flat=True))


def listed():
    found = untrue(Appointment.objects.all(), NOW).values()
    return [doubt.words for doubts in found for doubt in doubts]


def test_what_was_ticked_is_known(desk, sent):
    snow()
    address, form = sent
    assert desk.post(address, ticked(desk, address, form)).status_code == 302

    assert (starts(), listed()) == ([at("7:00")], [])


def test_what_comes_up_at_this_moment_lists_the_visit(desk, sent, monkeypatch):
    address, form = sent
    form = ticked(desk, address, form)
    look = WhenForm.doubts

    def closes_then(*asked):
        """After the form was checked, before the services' locks."""
        found = look(*asked)
        snow()
        return found

    monkeypatch.setattr(WhenForm, "doubts", closes_then)
    desk.post(address, form)

    assert (starts(), listed()) == ([at("7:00")], [SNOW])


def test_a_free_time_that_is_closed_at_this_moment_lists_the_visit(desk, ana, monkeypatch):
    def closes_then(*_asked):
        snow("9:00", "11:00")
        return []

    monkeypatch.setattr(WhenForm, "doubts", closes_then)
    desk.post(ADD, typed(time="09:30"))

    assert (starts(), listed()) == ([at("9:30")], [SNOW])


def test_a_tick_for_a_closure_is_none_for_one_that_has_grown(desk, sent):
    closure = snow("6:00", "7:10")
    address, form = sent
    form = ticked(desk, address, form)
    Closure.objects.filter(pk=closure.pk).update(ends_at=at("8:00"))
    response = desk.post(address, form)

    assert response.context["doubts"] == [OUTSIDE, SNOW]
    assert at("7:00") not in starts()
    desk.post(address, form | {"confirm": response.context["form"].confirmation()})
    assert (starts(), listed()) == ([at("7:00")], [])


def test_a_move_of_a_withdrawn_type_is_asked_about(desk, ana):
    visit = book(ana, at("9:30"))
    VisitType.objects.update(active=False)
    address = reverse("admin:booking_appointment_move", args=[visit.pk])
    form = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "14:00", "sequence": "0"}

    response = desk.post(address, form)
    assert response.context["doubts"] == ["Initial consultation is no longer offered."]
    desk.post(address, ticked(desk, address, form))
    assert (starts(), listed()) == ([at("14:00")], [])
