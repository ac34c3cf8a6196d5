"""Free times stand beside the caller's form from the start, and follow what is chosen there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from booking.calendars.slots import Slot
from booking.desk.beside import few
from booking.models import Appointment, TimeOff
from tests.booking.desk.pages import ADD, typed
from tests.builders import (
    MONDAY,
    NOW,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import texts

TIMES = reverse("desk:times")
TYPE = "initial-consultation"


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist(hours="9:00-12:00")


def shown(response):
    """Headings with the starts beneath, in clinic time, and with whom."""
    return {
        times.title: [
            f"{slot.starts_at.astimezone(at('9:00').tzinfo):%d %H:%M} {slot.therapist.slug}"
            for _day, slots in times.days
            for slot in slots
        ]
        for times in response.context["beside"]
    }


def test_the_soonest_times_stand_there_from_the_start(desk, ana):
    found = shown(desk.get(ADD))

    assert list(found) == ["Soonest with anyone"]
    assert found["Soonest with anyone"] == [
        f"{day} {wall} ana-ruiz"
        for day in ("30", "01", "02")
        for wall in ("14:00", "14:45", "15:30", "16:15")
    ]


def test_the_first_of_a_day_is_shown_though_it_leaves_a_gap_and_no_other(ana):
    gaps = [True, False, True, False, False]
    free = [
        Slot(at(f"9:0{number}"), at("10:00"), ana, 1, 0, leaves_gap)
        for number, leaves_gap in enumerate(gaps)
    ]

    assert few(free, 3) == [free[0], free[1], free[3]]


def test_a_chosen_therapists_times_come_first(desk, ana):
    make_therapist("ben-cole", hours="10:00-10:45")
    found = shown(desk.get(TIMES, {"visit_type": TYPE, "therapist": "ben-cole"}))

    assert list(found) == ["With Ben Cole", "Soonest with anyone"]
    assert found["With Ben Cole"] == [f"{day} 15:00 ben-cole" for day in ("30", "01", "02")]
    assert found["Soonest with anyone"][0] == "30 14:00 ana-ruiz"


def test_a_chosen_day_shows_all_of_its_times(desk, ana):
    far = date(2027, 6, 7)  # beyond the horizon of patients
    found = shown(desk.get(TIMES, {"visit_type": TYPE, "day": far.isoformat()}))

    walls = ["13:00", "13:15", "13:30", "13:45", "14:00", "14:15", "14:30", "14:45", "15:00"]
    assert found["Monday, June 7"] == [f"07 {wall} ana-ruiz" for wall in [*walls, "15:15"]]


def test_a_full_day_says_so(desk, ana):
    sunday = MONDAY + timedelta(days=6)
    response = desk.get(TIMES, {"visit_type": TYPE, "day": sunday.isoformat()})

    assert texts(response, "desk-free-group")[0] == "Sunday, December 6 No free time."


def test_one_place_has_the_times_of_that_place(desk, ana):
    add_hours(ana, 2, "13:00-13:45", make_location("oak-avenue", name="Oak Avenue"))
    found = shown(desk.get(TIMES, {"visit_type": TYPE, "location": "oak-avenue"}))

    assert found == {"Soonest with anyone": [f"{day} 18:00 ana-ruiz" for day in ("02", "09", "16")]}


def test_after_ten_full_days_the_rest_of_the_horizon_is_read(desk, ana):
    TimeOff.objects.create(therapist=ana, starts_at=NOW, ends_at=NOW + timedelta(days=20))

    assert shown(desk.get(ADD))["Soonest with anyone"][0] == "18 14:00 ana-ruiz"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"visit_type": "nothing", "therapist": "-", "location": "-", "day": "soon"},
        {"visit_type": TYPE, "therapist": "nobody", "location": "nowhere", "day": "9999-12-31"},
        {"visit_type": TYPE, "day": "2026-11-01"},  # past
    ],
)
def test_what_cannot_be_understood_is_not_chosen(desk, ana, asked):
    response = desk.get(TIMES, asked)

    assert response.status_code == 200
    known = asked.get("visit_type") == TYPE
    assert list(shown(response)) == (["Soonest with anyone"] if known else [])


def test_no_visit_type_yet_says_so(desk):
    assert "no visit type is offered" in desk.get(ADD).content.decode()


EMPTY = {"name": "", "phone": "", "email": ""}


def test_a_time_clicked_before_anybody_is_typed_is_chosen_and_books_nothing(desk, ana):
    response = desk.post(ADD, typed(**EMPTY, slot="ana-ruiz:20261130T1600Z"))
    form = response.context["form"]

    assert [form[name].value() for name in ("therapist", "day", "time", "reason")] == [
        "ana-ruiz",
        "2026-11-30",
        "11:00",
        "Back pain",
    ]
    assert (form.errors, Appointment.objects.count()) == ({}, 0)


def test_a_time_clicked_with_the_person_typed_books_it(desk, ana):
    desk.post(ADD, typed(day="", time="", therapist="", slot="ana-ruiz:20261130T1600Z"))

    assert [row.starts_at for row in Appointment.objects.all()] == [at("11:00")]


def test_show_free_times_keeps_the_typing(desk, ana):
    response = desk.post(ADD, typed(day="2026-12-08", time="", times="1"))

    assert list(shown(response)) == ["Tuesday, December 8", "With Ana Ruiz", "Soonest with anyone"]
    assert response.context["form"]["name"].value() == "Omar Haddad"
    assert response.context["form"].errors == {}


def test_after_a_clash_the_times_beside_leave_out_what_is_taken(desk, ana):
    book(ana, at("9:00"))
    response = desk.post(ADD, typed(time="09:00"))

    assert shown(response)["With Ana Ruiz"][0] == "30 14:45 ana-ruiz"


@pytest.mark.parametrize("therapists", [1, 3])
def test_the_times_take_a_fixed_number_of_queries(desk, django_assert_num_queries, therapists):
    make_visit_type()
    for number in range(therapists):
        make_therapist(f"therapist-{number}")
    asked = {"visit_type": TYPE, "therapist": "therapist-0", "day": "2026-12-08"}
    with django_assert_num_queries(11):
        desk.get(TIMES, asked)
