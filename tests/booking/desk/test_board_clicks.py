"""What is done on the grid itself: a click for who arrived, a time for a visit that moves."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes, staff_changes
from tests.booking.desk.pages import sheet
from tests.builders import MONDAY, NOW, at, book, book_by_desk, make_therapist, make_visit_type
from tests.reading import said, texts

TUESDAY = MONDAY + timedelta(days=1)


def placed(response):
    """The values of the free times that a moving visit may be placed at, clinic time."""
    return [
        f"{box.line.free[0].starts_at.astimezone(at.__defaults__[1]):%H:%M}"
        for column in response.context["board"].columns
        for box in column.boxes
        if box.line.free
    ]


def move(visit):
    return reverse("admin:booking_appointment_move", args=[visit.pk])


def test_one_click_on_the_grid_says_that_somebody_arrived(desk, now):
    visit = book(make_therapist(), at("9:30"))
    now.move_to(at("9:25"))
    response = sheet(desk)

    assert texts(response, "board-here") == ["Arrived"]
    address = reverse("admin:booking_appointment_status", args=[visit.pk, "arrived"])
    assert f'formaction="{address}?was=booked"' in response.content.decode()
    desk.post(f"{address}?was=booked", {"sequence": "0"})
    assert (texts(sheet(desk), "board-here"), Appointment.objects.get().status) == ([], "arrived")


@pytest.mark.parametrize(
    ("minutes", "day", "offered"),
    [(45, MONDAY, ["Arrived"]), (30, MONDAY, ["Arrived"]), (15, MONDAY, []), (45, TUESDAY, [])],
)
def test_the_click_stands_where_it_has_room_and_on_the_day_itself(desk, now, minutes, day, offered):
    kind = make_visit_type("check", minutes=minutes)
    book_by_desk(make_therapist(), at("9:30", day), visit_type=kind)
    now.move_to(at("9:25"))

    assert texts(sheet(desk, day), "board-here") == offered


def test_who_may_not_set_a_status_sees_no_click(sign_in, now):
    book(make_therapist(), at("9:30"))
    now.move_to(at("9:25"))
    group = Group.objects.get(name="Front desk")
    group.permissions.remove(group.permissions.get(codename="set_appointment_status"))

    assert texts(sheet(sign_in("Front desk")), "board-here") == []


def test_a_moving_visit_is_placed_on_a_free_time_of_any_day(desk):
    visit = book(make_therapist(hours="9:00-10:30"), at("9:15"))
    here, there = sheet(desk, moving=visit.pk), sheet(desk, TUESDAY, moving=visit.pk)

    assert texts(here, "board-moving") == [
        "Moving Rosa Marquez, 45 min. Choose a free time on any day, or Stop moving"
    ]
    assert (placed(here), placed(there)) == (
        ["09:00", "09:30", "09:45"],  # its own time is no busy one
        ["09:00", "09:15", "09:30", "09:45"],
    )
    page = there.content.decode()
    assert [f"?date={day}&amp;moving={visit.pk}" in page for day in ("2026-11-30", "2026-12-02")]
    assert 'aria-label="Place here, 9 a.m. with Ana Ruiz' in page
    slot = "ana-ruiz:20261201T1400Z"
    assert f'form="place" name="slot" value="{slot}"' in page

    desk.post(move(visit), {"slot": slot, "sequence": visit.sequence})
    visit.refresh_from_db()
    assert visit.starts_at == at("9:00", TUESDAY)


def test_days_keep_the_moving_visit(desk):
    visit = book(make_therapist(), at("9:15"))
    page = sheet(desk, moving=visit.pk).content.decode()

    around = [f"date=2026-{day}" for day in ("11-29", "11-27", "12-01")]
    links = [part.split('"')[0] for part in page.split('href="?')[1:]]
    kept = [link for link in links if f"moving={visit.pk}" in link]
    assert [any(day in link for link in kept) for day in around] == [True, True, True]
    assert f'<input type="hidden" name="moving" value="{visit.pk}">' in page


def test_free_times_are_those_of_the_moving_visits_own_length(desk):
    kind = make_visit_type("long", minutes=90)
    visit = book_by_desk(make_therapist(hours="9:00-11:00"), at("9:00"), visit_type=kind)
    make_visit_type()
    kind.minutes = 30
    kind.save()

    assert placed(sheet(desk, TUESDAY, moving=visit.pk)) == ["09:00", "09:15", "09:30"]


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 30, "-1", "1 2"])
def test_what_names_no_booked_visit_says_so_and_shows_the_day(desk, typed):
    make_therapist(hours="9:00-9:45")
    make_visit_type()
    response = sheet(desk, moving=typed)

    assert said(response) == ["Only a booked visit can be moved. See how it is now."]
    assert texts(response, "board-moving") == []
    assert texts(response, "desk-time") == ["9 a.m."]


def test_a_cancelled_visit_moves_no_more(desk):
    visit = book(make_therapist(), at("9:15"))
    changes.cancel_by_desk(appointment=visit, now=NOW)

    assert said(sheet(desk, moving=visit.pk)) == [
        "Only a booked visit can be moved. See how it is now."
    ]


def test_a_therapist_moves_nothing(sign_in):
    ana = make_therapist()
    visit = book(ana, at("9:15"))
    client = sign_in("Therapist", therapist=ana)
    response = sheet(client, moving=visit.pk)

    page = response.content.decode()
    assert ["data-move" in page, "data-cut" in page, "Place here" in page] == [False] * 3
    assert texts(response, "board-moving") == []


def test_a_page_that_is_stale_moves_nothing_and_says_so(desk):
    visit = book(make_therapist(), at("9:15"))
    shown = visit.sequence
    staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("11:00"), now=NOW
    )
    response = desk.post(move(visit), {"slot": "ana-ruiz:20261201T1400Z", "sequence": shown})

    visit.refresh_from_db()
    assert (response.status_code, visit.starts_at) == (200, at("11:00"))
    assert "Somebody changed this visit meanwhile." in response.content.decode()


def test_a_drop_on_any_quarter_is_asked_about_where_something_speaks_against_it(desk):
    visit = book(make_therapist(hours="9:00-12:00"), at("9:15"))
    late = "ana-ruiz:20261130T1645Z"  # 11:45, past closing
    response = desk.post(move(visit), {"slot": late, "sequence": visit.sequence})

    visit.refresh_from_db()
    assert (response.context["doubts"], visit.starts_at) == (
        ["Outside Ana Ruiz's working hours."],
        at("9:15"),
    )
