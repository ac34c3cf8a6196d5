"""The desk sees every free time, and which of them leaves a gap in the day."""

import pytest
from django.urls import reverse

from tests.booking.desk.pages import sheet
from tests.builders import at, book, make_therapist, make_visit_type
from tests.reading import texts

MARKED = [
    *("9 a.m.", "9:15 a.m. leaves a gap", "9:30 a.m. leaves a gap"),
    *("9:45 a.m.", "10 a.m. leaves a gap", "10:15 a.m. leaves a gap", "10:30 a.m."),
]
PLAIN = [text.removesuffix(" leaves a gap") for text in MARKED]


@pytest.mark.parametrize(("fills_day", "expected"), [(True, MARKED), (False, PLAIN)])
def test_the_day_says_which_time_leaves_a_gap(desk, fills_day, expected):
    make_therapist(hours="9:00-11:15")
    make_visit_type(fills_day=fills_day)

    assert texts(sheet(desk), "desk-time") == expected


def test_whoever_hears_the_label_hears_it_too(desk):
    make_therapist(hours="9:00-10:45")
    make_visit_type()

    page = sheet(desk).content.decode()
    assert 'aria-label="Book 9 a.m. with Ana Ruiz"' in page
    assert 'aria-label="Book 9:30 a.m. with Ana Ruiz, leaves a gap"' in page


def test_a_time_to_move_to_says_so_as_if_the_visit_were_gone(desk):
    visit = book(make_therapist(hours="9:00-11:15"), at("9:30"))
    response = desk.get(reverse("admin:booking_appointment_move", args=[visit.pk]))

    assert texts(response, "desk-time") == MARKED
    label = 'aria-label="9:15 a.m., Ana Ruiz, leaves a gap"'
    assert label in response.content.decode()


def test_the_shortest_visit_that_can_be_booked_counts_for_the_desk_too(desk):
    make_therapist(hours="9:00-11:00")
    make_visit_type()
    make_visit_type("follow-up", minutes=30, order=1)

    assert texts(sheet(desk), "desk-time") == [
        *("9 a.m.", "9:15 a.m. leaves a gap", "9:30 a.m."),
        *("9:45 a.m.", "10 a.m. leaves a gap", "10:15 a.m."),
    ]
