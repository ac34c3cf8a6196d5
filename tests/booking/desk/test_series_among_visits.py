"""Where else at the desk it shows that a visit is one of a series."""

from datetime import date

import pytest
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail
from booking.visits import duplicates
from booking.visits.requests import Patient, Request
from tests.booking.desk.pages import opened, sheet
from tests.builders import (
    NOW,
    at,
    book,
    book_by_desk,
    book_series,
    make_therapist,
    slot,
)
from tests.reading import said, texts

DAYS = [date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 8)]
OUTBOX = reverse("admin:booking_outgoingemail_changelist")


@pytest.fixture
def ana():
    return make_therapist()


@pytest.fixture
def three(ana):
    return book_series(*(slot(ana, at("9:00", day)) for day in DAYS))


def visits(of):
    return list(of.visits.order_by("starts_at"))


def among():
    return list(duplicates.among(Appointment.objects.all(), NOW))


def test_the_day_says_which_of_a_series_a_visit_is(desk, ana, three):
    book_by_desk(ana, at("11:00", DAYS[1]), patient=Patient("Omar Haddad", "1"))
    page = opened(desk, DAYS[1])

    flags = [flags for flags in texts(page, "desk-flags") if "series" in flags]
    assert flags == ["2 of 3, series"]
    assert f'href="/admin/desk/series/{three.pk}/#visit-{visits(three)[1].pk}"' in (
        page.content.decode()
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_costs_the_day_no_query(desk, ana, number, django_assert_num_queries, settings):
    slots = [slot(ana, at(f"{9 + hour}:00", DAYS[0])) for hour in range(number)]
    book_series(*slots)
    sheet(desk, DAYS[0])
    with django_assert_num_queries(DAY_QUERIES):
        sheet(desk, DAYS[0])


DAY_QUERIES = 31


def test_the_page_of_a_visit_leads_to_its_series_or_to_a_new_one(desk, ana, three):
    alone = book(ana, at("9:00", date(2026, 12, 10)))
    pages = {
        row: desk.get(reverse("admin:booking_appointment_change", args=[row.pk]))
        for row in (visits(three)[2], alone)
    }

    assert [texts(page, "desk-click")[-1] for page in pages.values()] == [
        "3 of 3, series",
        "Book a series",
    ]
    assert f"{reverse('desk:series')}?again={alone.pk}" in pages[alone].content.decode()


def test_visits_of_one_series_are_not_one_persons_twice(three):
    assert among() == []


def test_a_visit_beside_a_series_is(ana, three):
    other = book_by_desk(ana, at("11:00", DAYS[0]))

    assert among() == [*visits(three)[:1], other, *visits(three)[1:]]


def test_two_visits_of_one_series_at_one_time_are(ana):
    ben = make_therapist("ben-cole")
    made = book_series(
        slot(ana, at("9:00", DAYS[0])), slot(ben, at("9:30", DAYS[0])), slot(ana, at("9:00"))
    )

    assert among() == visits(made)[1:]


def test_the_limit_of_open_visits_does_not_count_what_the_desk_booked(ana, three, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1

    assert book(ana, at("9:00", date(2026, 12, 10)), request=Request(client="x", now=NOW))


@pytest.fixture
def lost(three):
    OutgoingEmail.objects.update(state="given-up", last_error="SMTPServerDisconnected")
    return OutgoingEmail.objects.get()


def test_a_message_that_was_lost_is_marked_at_each_of_its_visits(desk, three, lost):
    flags = texts(opened(desk, DAYS[1]), "desk-flags")
    assert ["E-mail not delivered" in text for text in flags] == [True]
    found = desk.get(reverse("admin:booking_appointment_changelist"), {"mail": "given-up"})
    assert {row.pk for row in found.context["cl"].queryset} == {row.pk for row in visits(three)}


def test_a_message_that_was_lost_is_called_about_and_sent_again(desk, three, lost):
    page = desk.get(OUTBOX, {"to": "call"})
    assert texts(page, "field-about") == ["Rosa Marquez, series of visits"]
    assert texts(page, "field-phone_link") == ["(212) 555-0199"]
    piles = desk.get(reverse("desk:to_do")).context["piles"]
    assert [(pile.title, [task.who for task in pile.tasks]) for pile in piles] == [
        ("E-mails that did not arrive", ["Rosa Marquez"]),
        *[(pile.title, [task.who for task in pile.tasks]) for pile in piles[1:]],
    ]

    response = desk.post(reverse("admin:booking_outgoingemail_again", args=[lost.pk]), follow=True)
    assert said(response) == ["The message is on its way again."]
    assert list(OutgoingEmail.objects.order_by("pk").values_list("kind", "state", "series")) == [
        ("series", "superseded", three.pk),
        ("series", "owed", three.pk),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_outbox_takes_a_fixed_number_of_queries(desk, ana, number, django_assert_num_queries):
    for wall in ["9:00", "10:00", "11:00"][:number]:
        book_series(slot(ana, at(wall, DAYS[0])), slot(ana, at(wall, DAYS[1])))
    with django_assert_num_queries(OUTBOX_QUERIES):
        desk.get(OUTBOX)


OUTBOX_QUERIES = 11
