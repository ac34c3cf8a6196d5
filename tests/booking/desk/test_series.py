"""A series at the desk: times are proposed, each can be changed, all are booked or none."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail, Series, TimeOff
from booking.visits import changes, series, staff_changes
from tests.builders import (
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    book_series,
    make_therapist,
    make_visit_type,
    slot,
)
from tests.reading import said, texts
from tests.typed import fields_of

NEW = reverse("desk:series")
TUESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 3)
DAYS = [day + timedelta(weeks=week) for week in range(2) for day in (TUESDAY, THURSDAY)]


@pytest.fixture
def ana():
    make_visit_type()
    return make_therapist()


def asked(**changes):
    """Tuesdays and Thursdays, mornings, for two weeks."""
    return {
        "visit_type": "initial-consultation",
        "therapist": "",
        "weekdays": ["1", "3"],
        "part": "morning",
        "first": "2026-11-30",
        "weeks": "2",
        "most": "",
        "name": "Omar Haddad",
        "phone": "212 555 0123",
        "email": "omar@example.org",
        "key": str(uuid.uuid4()),
        "do": "propose",
    } | changes


def proposed(client, **changes):
    """What the form holds once times are proposed."""
    return fields_of(client.post(NEW, asked(**changes)), NEW)


def booked(client, fields, **changes):
    return client.post(NEW, fields | {"do": "book"} | changes, follow=True)


def rows():
    fields = ["therapist__slug", "starts_at", "name", "status"]
    return list(Appointment.objects.order_by("starts_at", "pk").values_list(*fields))


def chosen(response):
    return [line.choice for line in response.context["lines"]]


def value(day, wall, slug="ana-ruiz"):
    return f"{slug}:{at(wall, day):%Y%m%dT%H%MZ}"


def errors(response):
    return response.context["form"].non_field_errors()


def problems(response):
    return [line.problem for line in response.context["lines"]]


def test_one_time_on_each_day_is_proposed(desk, ana):
    response = desk.post(NEW, asked())

    assert chosen(response) == [value(day, "9:00") for day in DAYS]
    assert "Book all 4" in texts(response, "button")
    assert rows() == []


def test_the_same_time_is_proposed_for_all_where_it_can_be(desk, ana):
    """Nine is taken on one of the days, so half past nine would leave a gap: a quarter to ten."""
    book_by_desk(ana, at("9:00", DAYS[1]))

    walls = {code.partition("T")[2] for code in chosen(desk.post(NEW, asked()))}
    assert walls == {f"{at('9:45', TUESDAY):%H%MZ}"}


def test_one_therapist_is_proposed_for_all_where_it_can_be(desk, ana):
    make_therapist("ben-cole")
    TimeOff.objects.create(
        therapist=ana, starts_at=at("0:00", DAYS[2]), ends_at=at("23:00", DAYS[2])
    )

    assert chosen(desk.post(NEW, asked())) == [value(day, "9:00", "ben-cole") for day in DAYS]


def test_a_day_without_a_time_of_the_therapist_says_so_and_names_the_nearest(desk, ana):
    make_therapist("ben-cole")
    TimeOff.objects.create(
        therapist=ana, starts_at=at("0:00", DAYS[2]), ends_at=at("23:00", DAYS[2])
    )
    response = desk.post(NEW, asked(therapist="ana-ruiz"))

    assert chosen(response) == [value(day, "9:00") if day != DAYS[2] else "" for day in DAYS]
    titles = [group.title for group in response.context["lines"][2].groups]
    assert titles == ["Tuesday, December 8, with others", "Nearest other days"]
    nearest = response.context["lines"][2].groups[1].options
    assert nearest[0] == (value(date(2026, 12, 7), "9:00"), "Mon, Dec 7, 9\xa0a.m., Ana Ruiz")
    assert errors(booked(desk, fields_of(response, NEW))) == [
        "Choose a time for every visit, or leave it out."
    ]
    assert rows() == []


def test_times_can_be_asked_for_before_anybody_says_who_comes(desk, ana):
    response = desk.post(NEW, asked(name="", phone=""))

    assert len(chosen(response)) == 4
    assert response.context["form"].errors == {}


def test_all_are_booked_with_one_message(desk, ana):
    response = booked(desk, proposed(desk))
    made = Series.objects.get()

    assert rows() == [("ana-ruiz", at("9:00", day), "Omar Haddad", "booked") for day in DAYS]
    assert {visit.series for visit in Appointment.objects.all()} == {made}
    assert list(OutgoingEmail.objects.values_list("kind", "series")) == [("series", made.pk)]
    assert response.redirect_chain == [(f"/admin/desk/series/{made.pk}/", 302)]
    assert said(response) == [
        "Booked 4 visits for Omar Haddad. One e-mail with all of them is on its way."
    ]


def test_without_an_address_the_desk_says_the_times(desk, ana):
    response = booked(desk, proposed(desk, email=""))

    assert said(response) == ["Booked 4 visits for Omar Haddad. No e-mail: tell them the times."]
    assert OutgoingEmail.objects.count() == 0


def test_two_clicks_book_once(desk, ana):
    fields = proposed(desk)
    first, second = (booked(desk, fields) for _click in range(2))

    assert first.redirect_chain == second.redirect_chain
    assert (len(rows()), Series.objects.count()) == (4, 1)


def test_a_form_that_has_booked_books_nothing_else(desk, ana):
    fields = proposed(desk)
    booked(desk, fields)
    response = booked(desk, fields, name="Somebody Else")

    assert errors(response) == ["This form has already booked a visit. Open a new one to book."]
    assert len(rows()) == 4


def test_each_time_can_be_changed_or_left_out(desk, ana):
    fields = proposed(desk)
    booked(desk, fields, **{"time-1": value(DAYS[1], "10:30"), "time-3": "out"})

    assert [start for _slug, start, *_rest in rows()] == [
        at("9:00", DAYS[0]),
        at("10:30", DAYS[1]),
        at("9:00", DAYS[2]),
    ]


def test_another_day_is_shown_with_its_times_before_anything_is_booked(desk, ana):
    fields = proposed(desk) | {"day-1": "2026-12-04"}
    response = booked(desk, fields)

    assert errors(response) == ["You changed a day. Look at its time, then press the button again."]
    assert (rows(), chosen(response)[1]) == ([], value(date(2026, 12, 4), "9:00"))
    booked(desk, fields_of(response, NEW))
    assert rows()[1][1] == at("9:00", date(2026, 12, 4))


def test_a_time_that_somebody_took_is_marked_and_nothing_is_booked(desk, ana):
    fields = proposed(desk)
    other = book_by_desk(ana, at("9:00", DAYS[2]))
    response = booked(desk, fields)

    assert problems(response) == [
        "",
        "",
        f"Tuesday, December 8, 9 a.m. with Ana Ruiz is taken: Rosa Marquez, {other.reference}.",
        "",
    ]
    assert errors(response) == [
        "Some times are gone. Look at the marked ones, then press the button again."
    ]
    assert len(rows()) == 1
    assert chosen(response) == [value(day, "9:45" if day == DAYS[2] else "9:00") for day in DAYS]
    booked(desk, fields_of(response, NEW))
    assert len(rows()) == 5


def test_a_time_that_is_no_longer_free_is_marked(desk, ana):
    fields = proposed(desk)
    TimeOff.objects.create(
        therapist=ana, starts_at=at("9:00", DAYS[2]), ends_at=at("9:30", DAYS[2])
    )

    assert problems(booked(desk, fields))[2] == (
        "Tuesday, December 8, 9 a.m. with Ana Ruiz is no longer free."
    )
    assert rows() == []


def test_a_time_taken_at_the_last_moment_is_marked_too(desk, ana, monkeypatch):
    """Between the look of the page and the lock of the service."""
    fields, book_all = proposed(desk), series.book_series
    taken = []

    def take_first(**chosen):
        if not taken:
            taken.append(book_by_desk(ana, at("9:00", DAYS[2])))
        return book_all(**chosen)

    monkeypatch.setattr(series, "book_series", take_first)
    response = booked(desk, fields)

    assert errors(response) == ["Some of these times are taken. Nothing was changed."]
    assert [bool(problem) for problem in problems(response)] == [False, False, True, False]
    assert len(rows()) == 1


def test_two_visits_at_one_time_are_marked(desk, ana):
    fields = proposed(desk)
    response = booked(desk, fields, **{"time-1": value(DAYS[0], "9:30")})

    assert problems(response)[1] == (
        "Two of these visits would be at one time. Choose another time for one."
    )
    assert rows() == []


def test_who_may_have_another_visit_then_is_asked_about(desk, ana):
    make_therapist("ben-cole")
    other = book(ana, at("9:15", DAYS[1]))
    patient = {"name": PATIENT.name, "phone": PATIENT.phone, "email": PATIENT.email}
    fields = proposed(desk, therapist="ben-cole", **patient)
    response = booked(desk, fields)

    assert response.context["doubts"] == [
        f"May be the same person as {other.reference}: Thursday, December 3, 9:15 a.m."
        " with Ana Ruiz."
    ]
    assert len(rows()) == 1
    booked(desk, fields, confirm=response.context["asked"].confirmation)
    assert len(rows()) == 5


def test_another_pattern_makes_another_list(desk, ana):
    fields = proposed(desk)
    response = desk.post(NEW, fields | {"weeks": "1", "do": "book"}, follow=True)

    assert (len(chosen(response)), rows()) == (2, [])


def test_a_slip_in_the_address_is_asked_about(desk, ana):
    fields = proposed(desk, email="omar@gmial.com")
    assert len(texts(booked(desk, fields), "desk-doubts")) == 1
    desk.post(
        NEW, {k: v for k, v in fields.items() if k != "do"} | {"use_address": "omar@gmail.com"}
    )

    assert {visit.email for visit in Appointment.objects.all()} == {"omar@gmail.com"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"visit_type": "\x00"},
        {"therapist": "nobody"},
        {"weekdays": []},
        {"weekdays": ["9"]},
        {"part": "night"},
        {"first": "2026-11-26"},
        {"first": "9999-12-31"},
        {"weeks": "0"},
        {"weeks": "27"},
        {"most": "25"},
    ],
)
def test_rubbish_is_an_error_on_its_field(desk, ana, wrong):
    response = desk.post(NEW, asked(**wrong))

    assert list(response.context["pattern"].errors) == list(wrong)
    assert response.context["lines"] == []


@pytest.mark.parametrize(
    "choice", ["ana-ruiz:", "nobody:20261201T1400Z", ":", "\x00", "ana-ruiz:20261201T9999Z"]
)
def test_a_time_that_is_none_is_marked(desk, ana, choice):
    response = booked(desk, proposed(desk) | {"time-0": choice})

    assert problems(response)[0] == "That was no time. Choose one."
    assert rows() == []


@pytest.mark.parametrize("day", ["", "soon", "2026-11-26", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_stays_as_it_was(desk, ana, day):
    booked(desk, proposed(desk) | {"day-0": day})

    assert len(rows()) == 4


def test_a_clock_change_keeps_the_time_of_day(desk, ana, now):
    now.move_to(at("9:00", date(2027, 3, 8)))
    response = desk.post(NEW, asked(first="2027-03-09"))

    assert chosen(response) == [value(date(2027, 3, day), "9:00") for day in (9, 11, 16, 18)]
    assert {code[-5:] for code in chosen(response)} == {"1400Z", "1300Z"}


def test_the_form_opens_with_who_comes_again(desk, ana):
    visit = book(ana, at("9:30"))
    response = desk.get(NEW, {"again": visit.pk})
    form, pattern = response.context["form"], response.context["pattern"]

    assert [form[name].value() for name in ("name", "phone", "email")] == [
        PATIENT.name,
        PATIENT.phone,
        PATIENT.email,
    ]
    assert (pattern["visit_type"].value(), pattern["therapist"].value()) == (
        "initial-consultation",
        "ana-ruiz",
    )


def test_nobody_opens_it_with_a_visit_that_they_may_not_see(sign_in, ana):
    visit = book(ana, at("9:30"))
    client = sign_in("Front desk")
    group = client.get(NEW).wsgi_request.user.groups.get()
    group.permissions.remove(group.permissions.get(codename="see_every_appointment"))

    assert client.get(NEW, {"again": visit.pk}).status_code == 404
    assert client.get(NEW, {"again": "x"}).status_code == 200


@pytest.mark.parametrize("therapists", [1, 3])
def test_proposing_takes_a_fixed_number_of_queries(desk, ana, therapists):
    for number in range(therapists - 1):
        make_therapist(f"ben-{number}")
    for day in DAYS[:therapists]:
        book_by_desk(ana, at("9:00", day))
    with CaptureQueriesContext(connection) as asked_for:
        desk.post(NEW, asked(weeks=str(therapists)))

    # SQLite counts the BEGIN of a transaction, too.
    assert len([row for row in asked_for if not row["sql"].startswith("BEGIN")]) == 13


# What becomes of it later.


@pytest.fixture
def four(ana):
    return book_series(*(slot(ana, at("9:00", day)) for day in DAYS))


def page(of, name="series_of"):
    return reverse(f"desk:{name}", args=[of.pk])


def visits(of):
    return list(of.visits.order_by("starts_at", "pk"))


def test_its_page_lists_every_visit_with_its_number(desk, four):
    changes.cancel_by_desk(appointment=visits(four)[1], now=NOW)
    response = desk.get(page(four))

    assert texts(response, "desk-when") == [
        "1 of 4 Tuesday, December 1, 9 a.m. Booked",
        "2 of 4 Thursday, December 3, 9 a.m. Cancelled",
        "3 of 4 Tuesday, December 8, 9 a.m. Booked",
        "4 of 4 Thursday, December 10, 9 a.m. Booked",
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_its_page_takes_a_fixed_number_of_queries(desk, ana, number, django_assert_num_queries):
    made = book_series(*(slot(ana, at("9:00", day)) for day in DAYS[:number]))
    with django_assert_num_queries(OF_QUERIES):
        desk.get(page(made))


OF_QUERIES = 13


def test_the_rest_is_cancelled_after_a_question_that_names_it(desk, four):
    third = visits(four)[2]
    address = f"{page(four, 'series_cancel')}?from={third.pk}"
    asked = desk.get(address)
    assert [visit.pk for visit in asked.context["visits"]] == [row.pk for row in visits(four)[2:]]

    response = desk.post(
        address, {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[2:]]}, follow=True
    )
    assert said(response) == ["2 visits are cancelled. You can undo each for ten minutes."]
    assert [status for *_rest, status in rows()] == ["booked"] * 2 + ["cancelled"] * 2


def test_where_one_was_moved_meanwhile_none_is_cancelled(desk, four):
    shown = [f"{row.pk}/{row.sequence}" for row in visits(four)]
    last = visits(four)[3]
    staff_changes.change_by_desk(
        appointment=last, therapist=last.therapist, starts_at=at("15:00", DAYS[3]), now=NOW
    )
    response = desk.post(page(four, "series_cancel"), {"visit": shown})

    assert response.status_code == 409
    assert {status for *_rest, status in rows()} == {"booked"}


@pytest.mark.parametrize("sent", [[], ["x"], ["9999/0"], ["1" * 30 + "/0"]])
@pytest.mark.parametrize("view", ["series_cancel", "series_move"])
def test_a_form_about_no_visit_of_it_changes_nothing(desk, four, view, sent):
    desk.post(page(four, view), {"visit": sent, "do": "move"})

    assert {row.sequence for row in visits(four)} == {0}


def moving(client, of, **changes):
    address = f"{page(of, 'series_move')}?from={visits(of)[1].pk}"
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(of)[1:]]}
    return address, client.post(address, shown | {"therapist": "", "do": "propose"} | changes)


def fields(response):
    """What the form with the times sends; it has no address of its own."""
    listed = {}
    for line in response.context["lines"]:
        listed[f"shown-{line.number}"] = listed[f"day-{line.number}"] = line.day.isoformat()
        listed[f"time-{line.number}"] = line.choice
    return listed | {"pattern": response.context["fingerprint"]}


def test_the_rest_moves_by_the_same_step(desk, four):
    """Thursdays go to Fridays, Tuesdays to Wednesdays, all to two o'clock."""
    where = {"day": "2026-12-04", "time": "14:00"}
    address, asked = moving(desk, four, **where)
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[1:]], "therapist": ""}
    response = desk.post(address, shown | where | fields(asked) | {"do": "move"}, follow=True)

    assert said(response) == ["Rosa Marquez: 3 visits have moved."]
    assert [start for _slug, start, *_rest in rows()] == [
        at("9:00", DAYS[0]),
        *(at("14:00", day + timedelta(days=1)) for day in DAYS[1:]),
    ]


def test_the_rest_may_go_where_others_of_it_are_now(desk, four):
    """Two days on: Thursday's to Saturday is closed, so the next free day; the list says it."""
    where = {"day": "2026-12-08", "time": "9:00"}
    _address, asked = moving(desk, four, **where)

    assert chosen(asked)[0] == value(date(2026, 12, 8), "9:00")


def test_a_second_click_moves_nothing_more(desk, four):
    where = {"day": "2026-12-04", "time": "14:00"}
    address, asked = moving(desk, four, **where)
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[1:]], "therapist": ""}
    sent = shown | where | fields(asked) | {"do": "move"}
    for _click in range(2):
        response = desk.post(address, sent, follow=True)

    assert said(response) == ["Rosa Marquez: 3 visits have moved."]
    assert [row.sequence for row in visits(four)] == [0, 1, 1, 1]


def test_one_of_the_rest_may_stay(desk, four):
    where = {"day": "2026-12-04", "time": "14:00"}
    address, asked = moving(desk, four, **where)
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[1:]], "therapist": ""}
    desk.post(address, shown | where | fields(asked) | {"do": "move", "time-1": "out"})

    assert [row.sequence for row in visits(four)] == [0, 1, 0, 1]


def test_where_one_was_changed_meanwhile_none_moves(desk, four):
    where = {"day": "2026-12-04", "time": "14:00"}
    address, asked = moving(desk, four, **where)
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[1:]], "therapist": ""}
    changes.cancel_by_desk(appointment=visits(four)[3], now=NOW)
    response = desk.post(address, shown | where | fields(asked) | {"do": "move"}, follow=True)

    assert said(response) == ["Somebody changed this visit meanwhile. See how it is now."]
    assert [row.sequence for row in visits(four)] == [0, 0, 0, 1]


def test_who_moves_the_rest_is_told_what_changed_and_types_nothing_again(desk, four):
    where = {"day": "2026-12-04", "time": "14:00"}
    address, asked = moving(desk, four, **where)
    shown = {"visit": [f"{row.pk}/{row.sequence}" for row in visits(four)[1:]], "therapist": ""}
    changes.cancel_by_desk(appointment=visits(four)[3], now=NOW)
    stale = desk.post(address, shown | where | fields(asked) | {"do": "move"})

    assert stale.status_code == 409
    told = "4 of 4: now Thursday, December 10, 9 a.m. with Ana Ruiz, Cancelled"
    assert told in texts(stale, "li")
    assert {name: stale.context["form"][name].value() for name in where} == where
    left = visits(four)[1:3]
    assert list(stale.context["shown"]) == [(row, row.sequence) for row in left]
    assert chosen(stale) == chosen(asked)[:2]

    desk.post(address, fields_of(stale, "series-move") | {"do": "move"})
    assert [row.sequence for row in visits(four)] == [0, 1, 1, 1]


def test_a_therapist_sees_their_own_visits_of_it_alone(sign_in, ana):
    ben = make_therapist("ben-cole")
    made = book_series(slot(ana, at("9:00", DAYS[0])), slot(ben, at("9:00", DAYS[1])))
    client = sign_in("Therapist", therapist=ben)

    assert texts(client.get(page(made)), "desk-when") == [
        "2 of 2 Thursday, December 3, 9 a.m. Booked"
    ]
    assert client.get(page(book_series(slot(ana, at("9:00", DAYS[3]))))).status_code == 404


@pytest.mark.parametrize("number", [0, 10**30])
def test_a_series_that_is_none_is_not_there(desk, number):
    for name in ("series_of", "series_cancel", "series_move"):
        assert desk.get(reverse(f"desk:{name}", args=[number])).status_code == 404
