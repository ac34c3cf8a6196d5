"""The week of one therapist."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Closure, TimeOff
from tests.booking.desk.pages import sheet
from tests.builders import (
    MONDAY,
    add_hours,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import texts

WEEK = reverse("desk:week")
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)


def week(client, day=MONDAY, **asked):
    return client.get(WEEK, {"date": day.isoformat()} | asked)


def boxes(response):
    """Of each day: its name, and the visits with their rows."""
    return {
        f"{day:%a}": [
            (box.line.visit.name, box.first, box.last)
            for box in grid.columns[0].boxes
            if box.line.visit
        ]
        for day, grid in response.context["days"]
    }


def test_the_days_of_a_week_stand_beside_each_other(desk):
    ana = make_therapist(hours="9:00-12:00")
    book(ana, at("9:30"))
    book(ana, at("10:00", TUESDAY))
    response = week(desk, TUESDAY, therapist="ana-ruiz")

    assert boxes(response) == {
        "Mon": [("Rosa Marquez", 2, 5)],
        "Tue": [("Rosa Marquez", 4, 7)],
        "Wed": [],
        "Thu": [],
        "Fri": [],
    }
    assert texts(response, "h1") == ["Ana Ruiz, Nov 30 – Dec 6, 2026"]
    assert [row[:11] for row in texts(response, "board-head")[1:3]] == [
        "Mon, Nov 30",
        "Tue, Dec 1 ",
    ]


def test_the_hours_of_all_days_are_the_grid_of_each(desk):
    ana = make_therapist(hours="")
    add_hours(ana, 0, "9:00-10:00")
    add_hours(ana, 2, "15:00-17:30")
    grids = dict(week(desk).context["days"])

    assert {grid.length.last for grid in grids.values()} == {4 * 9}  # 9 a.m. to 6 p.m.
    wednesday = grids[MONDAY + timedelta(days=2)].columns[0]
    assert [(box.first, box.last) for box in wednesday.shut] == [(0, 24), (34, 36)]


def test_a_weekend_is_shown_where_something_is_on_it(desk):
    ana = make_therapist(hours="9:00-12:00")
    assert len(week(desk).context["days"]) == 5

    book_by_desk(ana, at("9:00", SATURDAY))
    assert list(boxes(week(desk)))[5:] == ["Sat"]


@pytest.mark.parametrize("monday", ["2026-10-26", "2027-03-08"])
def test_the_week_of_a_clock_change_has_the_same_rows_on_each_day(desk, monday):
    ana = make_therapist(hours="9:00-12:00")
    add_hours(ana, 6, "9:00-12:00")
    days = week(desk, date=monday).context["days"]

    assert [grid.columns[0].column.openings[0][0] == grid.begins for _day, grid in days] == [
        True
    ] * 6
    assert {grid.length.last for _day, grid in days} == {12}


def test_time_off_and_closures_are_shut_on_their_days(desk):
    ana = make_therapist(hours="9:00-12:00")
    TimeOff.objects.create(
        therapist=ana, starts_at=at("9:00"), ends_at=at("10:00"), reason="Dentist"
    )
    Closure.objects.create(name="Snow", starts_at=at("9:00", TUESDAY), ends_at=at("12:00", TUESDAY))
    shut = [[box.said for box in grid.columns[0].shut] for _day, grid in week(desk).context["days"]]

    assert shut == [["Dentist"], ["Closed: Snow"], [], [], []]


def test_free_times_lead_to_a_booking_and_visits_to_their_day(desk):
    visit = book(make_therapist(hours="9:00-10:30"), at("9:00"))
    page = week(desk).content.decode()

    assert f"?date=2026-11-30&amp;at={visit.pk}&amp;open={visit.pk}#visit-{visit.pk}" in page
    assert len(texts(week(desk), "desk-time")) == 1 + 4 * 4  # of four days that are free
    assert f'href="{reverse("desk:day")}?date=2026-12-01"' in page


def test_the_head_of_a_column_leads_from_the_day_to_the_week(desk):
    make_therapist()
    assert f'href="{WEEK}?therapist=ana-ruiz&amp;date=2026-11-30"' in sheet(desk).content.decode()


def test_a_therapist_sees_their_own_week_alone(sign_in):
    ana, ben = make_therapist(), make_therapist("ben-cole")
    book(ana, at("9:30"))
    book(ben, at("11:00"))
    client = sign_in("Therapist", therapist=ben)

    assert boxes(week(client))["Mon"] == [("Rosa Marquez", 8, 11)]
    assert [week(client, therapist=slug).status_code for slug in ("ben-cole", "ana-ruiz")] == [
        200,
        404,
    ]
    assert texts(week(client), "desk-time") == []


def test_who_has_no_calendar_and_may_see_none_is_told_so(sign_in):
    make_therapist()
    response = week(sign_in("Therapist"))

    assert "There is no calendar that you may see." in response.content.decode()


def test_nobody_of_that_name_is_not_found(desk):
    make_therapist()
    assert week(desk, therapist="nobody").status_code == 404


def test_who_left_still_has_their_week(desk):
    ben = make_therapist("ben-cole")
    make_therapist()
    ben.active = False
    ben.save()

    assert week(desk, therapist="ben-cole").context["therapist"] == ben
    assert week(desk).context["therapist"].slug == "ana-ruiz"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_week_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    make_visit_type()
    for number in range(rows):
        therapist = make_therapist(f"therapist-{number}")
        for days in range(rows):
            book(therapist, at("9:00", MONDAY + timedelta(days=days)))
    make_location("oak-avenue", name="Oak Avenue")

    with django_assert_num_queries(24):
        week(desk)
