"""The desk's list of estimates owed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from booking.models import Estimate
from booking.visits import changes
from tests.builders import NOW, PATIENT, at, book, make_therapist, make_visit_type
from tests.reading import said, texts

LIST = reverse("admin:booking_appointment_estimates")
INDEX = reverse("admin:index")
SELF_PAY = replace(PATIENT, payment="self-pay")
SOON, FAR = date(2026, 12, 2), date(2026, 12, 18)


def click(client, visit, answer):
    page = reverse("admin:booking_appointment_estimate", args=[visit.pk, answer])
    return client.post(page, follow=True)


def book_two():
    visit_type = make_visit_type(price="165.00")
    ana = make_therapist()
    far = book(ana, at("9:30", FAR), patient=SELF_PAY, visit_type=visit_type)
    soon = book(ana, at("9:30", SOON), patient=replace(SELF_PAY, name="Li Na", email=""))
    return soon, far


def test_the_list_shows_what_is_owed_the_most_urgent_first(desk, now):
    soon, far = book_two()
    now.move_to(at("12:00", date(2026, 12, 1)))
    page = desk.get(LIST)

    assert texts(page, "desk-visit") == [
        "Due Mon, Nov 30 Overdue Li Na (212) 555-0199 Initial consultation, $165.00:"
        f" Wed, Dec 2, 9:30 a.m. {soon.reference} Estimate given",
        "Due Wed, Dec 2 Rosa Marquez (212) 555-0199 rosa@example.org Initial consultation,"
        f" $165.00: Fri, Dec 18, 9:30 a.m. {far.reference} Estimate given",
    ]
    for place in (INDEX, reverse("desk:day")):
        notices = texts(desk.get(place), "desk-notices")
        assert notices == ["2 estimates are owed. 1 is overdue. See them"]


def test_one_click_ticks_off_and_another_takes_it_back(desk):
    soon, far = book_two()
    changes.cancel_by_desk(appointment=far, now=NOW)
    page = click(desk, soon, "given")

    assert said(page) == ["Li Na: estimate given."]
    assert [row.split(" Li Na")[0] for row in texts(page, "desk-visit")] == [
        "Fri, Nov 27, noon, by front-desk-0"
    ]
    assert texts(desk.get(INDEX), "desk-notices") == []

    page = click(desk, soon, "undo")
    assert said(page) == ["Li Na: estimate owed again."]
    assert [row.split(" Li Na")[0] for row in texts(page, "desk-visit")] == ["Due Mon, Nov 30"]


def test_the_visits_page_and_history_say_what_became_of_it(desk):
    soon, _far = book_two()
    click(desk, soon, "given")
    page = desk.get(reverse("admin:booking_appointment_change", args=[soon.pk]))
    history = desk.get(reverse("admin:booking_appointment_history", args=[soon.pk]))
    ticked = history.context["changes"][0]

    assert "Estimate: Given Fri, Nov 27, noon" in texts(page, "desk-card")[0]
    assert (ticked.who, [tuple(field) for field in ticked.fields]) == (
        "front-desk-0",
        [("Given", "", "Fri, Nov 27, 2026, noon"), ("Given by", "", "front-desk-0")],
    )


def test_what_was_given_long_ago_is_out_of_the_way(desk, now):
    soon, _far = book_two()
    click(desk, soon, "given")
    now.move_to(NOW + timedelta(days=8))

    assert ["Li Na" in row for row in texts(desk.get(LIST), "desk-visit")] == [False]


@pytest.mark.parametrize("group", ["Therapist", "Editor"])
def test_other_staff_neither_see_nor_tick(sign_in, group):
    soon, _far = book_two()
    client = sign_in(group)
    answer = client.post(reverse("admin:booking_appointment_estimate", args=[soon.pk, "given"]))

    assert (client.get(LIST).status_code, answer.status_code) == (403, 403)
    assert set(Estimate.objects.values_list("given_at", flat=True)) == {None}


def test_what_owes_none_or_is_no_answer_is_not_found(desk):
    make_visit_type()
    insured = book(make_therapist(), at("9:30"))

    assert click(desk, insured, "given").status_code == 404
    assert click(desk, insured, "given-up").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    ana = make_therapist()
    for wall in ["9:00", "10:00", "11:00"][:rows]:
        book(ana, at(wall, SOON), patient=SELF_PAY)

    with django_assert_num_queries(9):
        desk.get(LIST)
