"""Where a visit takes place that the desk enters: as the hours say, or where the desk says."""

import pytest
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail
from tests.booking.desk.pages import ADD, typed
from tests.builders import add_hours, at, book, make_location, make_therapist, make_visit_type
from tests.reading import texts

MOVE = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "09:30", "sequence": "0"}
ELSEWHERE = "Ana Ruiz works at Willow Street then."


@pytest.fixture
def oak(ana):
    """A second place, at which Ana works on Monday afternoons."""
    place = make_location("oak-avenue", name="Oak Avenue", travel_minutes=30)
    add_hours(ana, 0, "13:00-17:00", place)
    return place


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist(hours="9:00-12:00")


def move(visit):
    return reverse("admin:booking_appointment_move", args=[visit.pk])


def where():
    return list(Appointment.objects.values_list("location__slug", "starts_at", "sequence"))


def choices(response):
    fields = response.context["form"].fields
    return [label for _value, label in fields["location"].choices] if "location" in fields else None


def test_one_place_is_not_asked_about(desk, ana):
    visit = book(ana, at("9:30"))

    assert [choices(desk.get(page)) for page in (ADD, move(visit))] == [None, None]
    assert "Place" not in texts(desk.get(ADD), "label")


def test_several_places_are_a_choice_that_starts_with_the_hours(desk, ana, oak):
    visit = book(ana, at("9:30"))

    for page in (ADD, move(visit)):
        response = desk.get(page)
        assert choices(response) == ["As the hours say", "Oak Avenue", "Willow Street"]
        assert response.context["form"]["location"].value() is None
        assert "Place:" in texts(response, "label")


@pytest.mark.parametrize(("time", "place"), [("09:30", "willow-street"), ("13:30", "oak-avenue")])
@pytest.mark.parametrize("said", [False, True])
def test_a_caller_comes_where_the_hours_or_the_desk_say(desk, ana, oak, time, place, said):
    response = desk.post(ADD, typed(time=time, location=place if said else ""))

    assert response.status_code == 302
    assert where() == [(place, at(time), 0)]


def test_another_place_than_that_of_the_hours_takes_a_tick_of_its_own(desk, ana, oak):
    make_location("elm-road", name="Elm Road")
    form = typed(location="oak-avenue")
    asked = desk.post(ADD, form)
    tick = asked.context["form"].confirmation()
    other = desk.post(ADD, form | {"location": "elm-road", "confirm": tick})

    assert [asked.context["doubts"], other.context["doubts"], where()] == [[ELSEWHERE]] * 2 + [[]]
    assert '<option value="oak-avenue" selected>' in asked.content.decode()
    assert desk.post(ADD, form | {"confirm": tick}).status_code == 302
    assert where() == [("oak-avenue", at("9:30"), 0)]


def test_outside_the_hours_the_desk_says_where(desk, ana, oak):
    form = typed(time="18:00", location="oak-avenue")
    tick = desk.post(ADD, form).context["form"].confirmation()
    desk.post(ADD, form | {"confirm": tick})

    assert where() == [("oak-avenue", at("18:00"), 0)]


def test_the_way_is_counted_from_where_the_desk_says(desk, ana, oak):
    book(ana, at("9:00"))
    response = desk.post(ADD, typed(time="10:00", location="oak-avenue"))

    assert response.context["doubts"] == [
        ELSEWHERE,
        "Too little time for the way: from 9 a.m. to 9:45 a.m. is a visit at Willow Street.",
    ]


def test_after_a_clash_the_free_times_are_those_of_the_place(desk, ana, oak):
    book(ana, at("13:30"))
    response = desk.post(ADD, typed(time="13:30", location="oak-avenue"))
    [(_therapist, slots)] = response.context["free"]

    assert {slot.location_id for slot in slots} == {oak.pk}
    desk.post(ADD, typed(location="oak-avenue", slot=f"ana-ruiz:{slots[-1].code}"))
    assert where()[1:] == [("oak-avenue", at("16:15"), 0)]


def test_a_form_that_has_booked_at_one_place_books_at_no_other(desk, ana, oak):
    form = typed(time="13:30", location="oak-avenue")
    for _time in range(2):
        assert desk.post(ADD, form).status_code == 302
    response = desk.post(ADD, form | {"location": ""})

    assert response.context["form"].non_field_errors() == [
        "This form has already booked a visit. Open a new one to book."
    ]
    assert where() == [("oak-avenue", at("13:30"), 0)]


@pytest.mark.parametrize("time", ["09:30", "10:30"])
def test_a_visit_moves_to_another_place_at_its_own_time_too(desk, ana, oak, time):
    visit = book(ana, at("9:30"))
    form = MOVE | {"time": time, "location": "oak-avenue"}
    tick = desk.post(move(visit), form).context["form"].confirmation()
    desk.post(move(visit), form | {"confirm": tick})

    assert where() == [("oak-avenue", at(time), 1)]
    assert OutgoingEmail.objects.filter(kind="moved").count() == 1


def test_the_same_time_and_place_again_changes_nothing(desk, ana, oak):
    visit = book(ana, at("9:30"))
    for place in ("", "willow-street"):
        assert desk.post(move(visit), MOVE | {"location": place}).status_code == 302

    assert where() == [("willow-street", at("9:30"), 0)]
    assert OutgoingEmail.objects.filter(kind="moved").count() == 0


@pytest.mark.parametrize("place", ["nowhere", "\x00"])
def test_an_unknown_place_is_an_error_on_its_field(desk, ana, oak, place):
    response = desk.post(ADD, typed(location=place))

    assert list(response.context["form"].errors) == ["location"]
    assert where() == []
