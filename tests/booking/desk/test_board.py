"""The day as a grid: where visits, free times and absences stand."""

from datetime import date, timedelta

import pytest

from booking.models import Closure, TimeOff
from booking.visits import changes
from tests.booking.desk.pages import sheet
from tests.builders import (
    MONDAY,
    NEW_YORK,
    NOW,
    add_hours,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import texts

TUESDAY = MONDAY + timedelta(days=1)
SPRING, AUTUMN = date(2027, 3, 14), date(2026, 11, 1)  # on both Sundays clocks change at two


def drawn(response):
    return response.context["board"]


def boxes(column):
    """(what, first row, the row after its end, lane, lanes) of a column, in order."""
    return [(_name(box.line), box.first, box.last, box.lane, box.lanes) for box in column.boxes]


def _name(line):
    return line.visit.name if line.visit else f"{len(line.free)} free"


def shut(column):
    return [(box.said, box.first, box.last) for box in column.shut]


def test_a_visit_stands_in_the_quarters_that_it_takes(desk):
    therapist = make_therapist()
    book(therapist, at("9:30"))
    board = drawn(sheet(desk))

    assert [hour.astimezone(NEW_YORK).hour for hour in board.hours] == [
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
    ]
    assert boxes(board.columns[0])[0] == ("Rosa Marquez", 2, 5, 0, 1)
    assert board.columns[0].boxes[0].place == "hour-0 quarter-2 long-0 and-3"


def test_each_free_start_stands_in_its_own_quarter(desk):
    make_therapist(hours="9:00-10:15")
    make_visit_type()

    assert boxes(drawn(sheet(desk)).columns[0]) == [
        ("1 free", 0, 1, 0, 1),
        ("1 free", 1, 2, 0, 1),
        ("1 free", 2, 3, 0, 1),
    ]


def test_starts_within_one_quarter_share_its_row(desk):
    make_therapist(hours="9:00-9:50")
    make_visit_type(step_minutes=5)

    assert boxes(drawn(sheet(desk)).columns[0]) == [("2 free", 0, 1, 0, 1)]


def test_where_nobody_works_is_shut_and_says_why(desk):
    ana = make_therapist(hours="9:00-12:00 13:00-17:00")
    make_therapist("ben-cole", hours="8:00-9:00")
    off = make_therapist("cy-dee", hours="8:00-17:00")
    TimeOff.objects.create(
        therapist=off, starts_at=at("10:00"), ends_at=at("11:00"), reason="Dentist"
    )
    Closure.objects.create(name="Snow", starts_at=at("16:00"), ends_at=at("20:00"))
    first, second, third = drawn(sheet(desk)).columns

    assert shut(first) == [("", 0, 4), ("Break", 16, 20), ("Closed: Snow", 32, 36)]
    assert shut(second) == [("", 4, 36), ("Closed: Snow", 32, 36)]
    assert shut(third) == [("Dentist", 8, 12), ("Closed: Snow", 32, 36)]
    assert first.therapist == ana


def test_a_day_on_which_nobody_works_shows_the_usual_hours(desk):
    make_therapist(hours="")
    board = drawn(sheet(desk))

    assert (len(board.hours), shut(board.columns[0])) == (8, [("Not working", 0, 32)])


def test_a_visit_outside_hours_widens_the_grid(desk):
    book_by_desk(make_therapist(hours="9:00-10:00"), at("18:10"))
    board = drawn(sheet(desk))

    assert len(board.hours) == 10
    assert boxes(board.columns[0])[-1] == ("Rosa Marquez", 36, 39, 0, 1)


def test_a_visit_over_midnight_stands_on_both_days(desk, now):
    therapist = make_therapist(hours="9:00-10:00")
    book_by_desk(therapist, at("23:30"))
    now.move_to(at("0:10", TUESDAY))
    evening, night = drawn(sheet(desk)), drawn(sheet(desk, TUESDAY))

    assert boxes(evening.columns[0]) == [("Rosa Marquez", 58, 60, 0, 1)]  # from 9 a.m. to midnight
    assert (night.columns[0].boxes[0].first, night.columns[0].boxes[0].last) == (0, 1)
    assert night.columns[0].boxes[0].marks == ["Late"]
    assert boxes(drawn(sheet(desk, TUESDAY + timedelta(days=1))).columns[0])[0][0] == "1 free"


def test_a_visit_until_midnight_is_none_of_the_next_day(desk):
    make_location()
    book_by_desk(make_therapist(hours=""), at("23:15"))

    assert boxes(drawn(sheet(desk, TUESDAY)).columns[0]) == []


def test_a_cancelled_visit_and_what_took_its_time_stand_side_by_side(desk):
    therapist = make_therapist(hours="9:00-10:00")
    first = book(therapist, at("9:00"))
    changes.cancel_by_desk(appointment=first, now=NOW)
    book_by_desk(therapist, at("9:15"))

    assert boxes(drawn(sheet(desk)).columns[0]) == [
        ("Rosa Marquez", 0, 3, 0, 2),
        ("Rosa Marquez", 1, 4, 1, 2),
    ]


@pytest.mark.parametrize(("day", "passed"), [(SPRING, 23), (MONDAY, 24), (AUTUMN, 25)])
def test_a_day_has_as_many_rows_as_it_is_long(desk, day, passed):
    therapist = make_therapist(hours="")
    add_hours(therapist, day.weekday(), "0:00-0:00")
    board = drawn(sheet(desk, day))

    assert len(board.hours) == passed
    assert board.length.place == f"hour-0 quarter-0 long-{passed} and-0"


def test_visits_after_each_other_stand_below_each_other_off_the_quarter_too(desk):
    therapist = make_therapist(hours="9:00-12:00")
    short = make_visit_type("check", minutes=20, step_minutes=5)
    for wall in ("10:00", "10:20", "10:40"):
        book_by_desk(therapist, at(wall), visit_type=short)

    found = boxes(drawn(sheet(desk)).columns[0])
    assert [box for box in found if box[0] == "Rosa Marquez"] == [
        ("Rosa Marquez", 4, 5, 0, 1),
        ("Rosa Marquez", 5, 6, 0, 1),
        ("Rosa Marquez", 6, 8, 0, 1),
    ]


def test_what_is_shut_before_or_after_the_grid_is_not_drawn_in_it(desk):
    therapist = make_therapist(hours="9:10-16:50")
    for begins, ends in (("6:00", "7:00"), ("19:00", "20:00")):
        TimeOff.objects.create(therapist=therapist, starts_at=at(begins), ends_at=at(ends))

    assert shut(drawn(sheet(desk)).columns[0]) == []


def test_more_than_fit_beside_each_other_have_a_place_of_the_style_sheet(desk, settings):
    therapist = make_therapist(hours="9:00-10:00")
    for _number in range(8):
        changes.cancel_by_desk(appointment=book_by_desk(therapist, at("9:00")), now=NOW)
    found = [box for box in drawn(sheet(desk)).columns[0].boxes if box.line.visit]

    css = (settings.BASE_DIR / "static" / "css" / "board.css").read_text()
    names = {name for box in found for name in box.place.split()}
    assert [name for name in names if f".{name} {{" not in css] == []
    assert {box.lanes for box in found} == {6}


def test_a_visit_of_another_day_that_nobody_closed_is_open(desk, now):
    book(make_therapist(), at("9:30"))
    now.move_to(at("9:30", MONDAY + timedelta(days=1)))

    assert "Open" in drawn(sheet(desk)).columns[0].boxes[0].marks


def test_the_row_of_now_is_shown_while_the_grid_lasts(desk, now):
    make_therapist(hours="9:00-12:00")
    rows = []
    for wall in ("8:59", "9:00", "10:40", "12:00"):
        now.move_to(at(wall))
        at_now = drawn(sheet(desk)).now
        rows.append(at_now and at_now.first)

    assert rows == [None, 0, 6, None]


def test_what_the_desk_should_see_stands_on_the_visit_in_short_words(desk, now):
    therapist = make_therapist()
    visit = book(therapist, at("9:30"))
    visit.interpreter, visit.step_free, visit.email = "Spanish", True, ""
    visit.save()
    now.move_to(at("9:36"))
    late = [box.marks for box in drawn(sheet(desk)).columns[0].boxes]

    assert late[0] == ["Late", "No e-mail", "Interpreter", "No steps"]
    changes.cancel_by_desk(appointment=visit, now=at("9:36"))
    assert drawn(sheet(desk)).columns[0].boxes[0].marks == []


def test_each_visit_leads_to_its_details_beside_the_grid(desk):
    visit = book(make_therapist(), at("9:30"))
    response = sheet(desk)

    page = response.content.decode()
    address = f"?date=2026-11-30&amp;open={visit.pk}#visit-{visit.pk}"
    assert (f'href="{address}"' in page, f'id="visit-{visit.pk}"' in page) == (True, False)
    assert texts(sheet(desk, open=visit.pk), "desk-ref") == [visit.reference]
    assert texts(response, "board-visit") == ["9:30 Initial consultation Rosa Marquez Booked New"]


def test_the_head_counts_who_comes_and_who_is_here(desk, now):
    therapist = make_therapist()
    book(therapist, at("9:30"))
    visit = book(therapist, at("11:00"))
    assert texts(sheet(desk), "desk-sum") == ["2 visits"]

    type(visit).objects.filter(pk=visit.pk).update(status="arrived")
    assert texts(sheet(desk), "desk-sum") == ["2 visits · 1 here now"]


def test_every_place_has_its_rule_in_the_style_sheet(settings):
    """Classes place the boxes: one without a rule would stand anywhere."""
    css = (settings.BASE_DIR / "static" / "css" / "board.css").read_text()
    names = [f"hour-{number}" for number in range(25)] + [f"long-{number}" for number in range(26)]
    names += [f"{name}-{number}" for name in ("quarter", "and") for number in range(4)]
    assert [name for name in names if f".{name} {{" not in css] == []


def test_a_day_of_quarters_is_four_times_its_hours(desk):
    make_therapist(hours="9:00-12:00")
    board = drawn(sheet(desk))

    assert board.length.last * timedelta(minutes=15) == timedelta(hours=len(board.hours))
