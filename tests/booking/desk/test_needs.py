"""What patients need, as the desk sees and corrects it."""

import pytest
from django.urls import reverse

from booking.models import Appointment
from booking.visits import corrections
from tests.booking.desk.pages import ADD, opened, typed
from tests.builders import NOW, PATIENT, at, book, make_therapist, make_visit_type
from tests.reading import texts

NEEDS = {
    "booked_by": "Ana Marquez",
    "interpreter": "Spanish",
    "step_free": True,
    "wants_gender": "woman",
}


@pytest.fixture
def visit(db):
    make_visit_type()
    return book(
        make_therapist(gender="man"), at("9:30"), patient=type(PATIENT)(**vars(PATIENT) | NEEDS)
    )


def change(visit):
    return reverse("admin:booking_appointment_change", args=[visit.pk])


def test_the_day_shows_them(desk, visit):
    [flags] = texts(opened(desk), "desk-flags")

    assert flags == (
        "Booked online Booked by Ana Marquez Interpreter: Spanish No steps Asks for a woman"
    )
    assert texts(opened(desk), "desk-warn") == [
        "Interpreter: Spanish",
        "No steps",
        "Asks for a woman",
    ]


@pytest.mark.parametrize("gender", ["", "woman"])
def test_a_wish_stands_out_only_where_the_therapist_is_known_not_to_suit(desk, visit, gender):
    visit.therapist.gender = gender
    visit.therapist.save()

    assert texts(opened(desk), "desk-warn") == ["Interpreter: Spanish", "No steps"]


def test_the_visits_page_shows_and_corrects_them(desk, visit):
    form = desk.get(change(visit)).context["adminform"].form
    shown = {name: form[name].value() for name in NEEDS}
    desk.post(change(visit), {"booked_by": "", "interpreter": "French", "wants_gender": "man"})

    assert shown == NEEDS
    assert Appointment.objects.values("name", *NEEDS).get() == {
        "name": "Rosa Marquez",
        "booked_by": "",
        "interpreter": "French",
        "step_free": False,
        "wants_gender": "man",
    }


def test_a_therapist_sees_them_and_changes_nothing(sign_in, visit):
    therapist = sign_in("Therapist", therapist=visit.therapist)
    page = therapist.get(change(visit)).content.decode()
    answer = therapist.post(change(visit), {"interpreter": "French"})

    assert "Spanish" in page
    assert answer.status_code == 403
    assert Appointment.objects.get().interpreter == "Spanish"


def test_a_callers_needs_are_kept(desk):
    make_visit_type()
    make_therapist()
    desk.post(ADD, typed(**NEEDS | {"step_free": "on"}))

    assert Appointment.objects.values(*NEEDS).get() == NEEDS


def test_nothing_else_of_a_visit_is_corrected_that_way(visit):
    with pytest.raises(ValueError, match="status"):
        corrections.correct(appointment=visit, changes={"status": "cancelled"}, now=NOW)


def test_the_history_says_that_needs_changed_and_not_what(desk, visit):
    changes = {"interpreter": "French", "step_free": False}
    corrections.correct(appointment=visit, changes=changes, now=NOW)
    page = desk.get(reverse("admin:booking_appointment_history", args=[visit.pk]))

    made = texts(page, "tr")[-1]
    assert "Booked by: (not shown)" in made
    assert "Interpreter: (not shown) Needs a way in without steps: (not shown)" in made
    assert [word for word in ("Spanish", "French", "woman") if word in page.content.decode()] == []


def test_how_somebody_pays_stands_in_the_desks_words(desk, visit):
    Appointment.objects.update(payment="self-pay")
    page = desk.get(change(visit)).content.decode()

    assert "Pays themselves" in page
    assert "I pay myself" not in page
