"""A day, a week and the calls to make, on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Appointment
from booking.visits import changes
from tests.builders import MONDAY, NOW, at, book, make_location, make_therapist
from tests.reading import texts

PAPER, CALLS = reverse("desk:paper"), reverse("desk:calls")
TUESDAY = MONDAY + timedelta(days=1)


def paper(client, **asked):
    return client.get(PAPER, {"date": MONDAY.isoformat()} | asked)


def heads(response):
    return texts(response, "h2")


def test_each_therapist_has_a_page_with_all_that_is_known(desk):
    visit = book(make_therapist(), at("9:30"))
    Appointment.objects.filter(pk=visit.pk).update(
        reason="Back pain\nsince May",
        note="Prefers mornings",
        interpreter="Spanish",
        step_free=True,
    )
    make_therapist("ben-cole")
    response = paper(desk)

    assert heads(response) == ["Ana Ruiz, PT, DPT", "Ben Cole, PT, DPT"]
    [row] = texts(response, "paper-visit")
    assert row == (
        "9:30 a.m. 10:15 a.m. Booked Rosa Marquez (212) 555-0199 Initial consultation, 45 min ·"
        f" {visit.reference} Interpreter: Spanish No steps Back painsince May Note Prefers mornings"
    )
    assert texts(response, "paper-foot")[0].endswith("printed Nov 27, 2026, noon")
    assert texts(response, "caption") == [
        "Monday, November 30, 2026 9 a.m.–noon, 1 p.m.–5 p.m.",
        "Monday, November 30, 2026 9 a.m.–noon, 1 p.m.–5 p.m.",
    ]


def test_who_neither_works_nor_has_a_visit_has_no_page_unless_asked_for(desk):
    make_therapist()
    make_therapist("ben-cole", hours="")

    assert heads(paper(desk)) == ["Ana Ruiz, PT, DPT"]
    assert heads(paper(desk, therapist="ben-cole")) == ["Ben Cole, PT, DPT"]


def test_the_status_is_a_word(desk):
    ana = make_therapist()
    changes.cancel_by_desk(appointment=book(ana, at("9:30")), now=NOW)
    book(ana, at("11:00"))

    assert texts(paper(desk), "paper-status") == ["Cancelled", "Booked"]


def test_a_place_has_its_own_paper(desk):
    make_therapist()
    make_location("oak-avenue", name="Oak Avenue")

    assert heads(paper(desk, place="oak-avenue")) == []
    assert "Willow Street" in texts(paper(desk, place="willow-street"), "paper-foot")[0]


def test_a_week_on_paper_is_one_therapists_day_by_day(desk):
    ana = make_therapist()
    make_therapist("ben-cole")
    for day in (MONDAY, TUESDAY):
        book(ana, at("9:30", day))
    response = paper(desk, week=1, therapist="ana-ruiz")

    assert heads(response) == ["Ana Ruiz, PT, DPT"]
    assert [caption[:20] for caption in texts(response, "caption")][:2] == [
        "Monday, November 30,",
        "Tuesday, December 1,",
    ]
    assert len(texts(response, "paper-visit")) == 2


def test_a_therapist_prints_their_own_pages_alone(sign_in):
    book(make_therapist(), at("9:30"))
    client = sign_in("Therapist", therapist=make_therapist("ben-cole"))

    assert heads(paper(client)) == ["Ben Cole, PT, DPT"]
    assert paper(client, week=1, therapist="ana-ruiz").status_code == 404
    assert texts(client.get(CALLS), "paper-visit") == []


def test_the_call_list_names_who_has_not_said_that_they_come(desk):
    ana = make_therapist()
    late, mute, sure = (book(ana, at(wall)) for wall in ("11:00", "9:30", "14:00"))
    Appointment.objects.filter(pk=mute.pk).update(email="")
    Appointment.objects.filter(pk=sure.pk).update(confirmed_at=NOW)
    book(ana, at("9:30", TUESDAY))
    response = desk.get(CALLS)

    assert response.context["title"] == "Call list for Monday, November 30, 2026"
    assert texts(response, "paper-visit") == [
        "Rosa Marquez (212) 555-0199 No e-mail 9:30 a.m. with Ana Ruiz"
        f" Initial consultation · {mute.reference}",
        "Rosa Marquez (212) 555-0199 11 a.m. with Ana Ruiz"
        f" Initial consultation · {late.reference}",
    ]


def test_the_call_list_of_another_day_and_of_none(desk):
    book(make_therapist(), at("9:30"))
    other = desk.get(CALLS, {"date": TUESDAY.isoformat()})

    assert texts(other, "paper-visit") == []
    assert "Nobody to call" in other.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "asked", "count"),
    [(PAPER, {}, 17), (PAPER, {"week": "1"}, 19), (CALLS, {}, 10)],
)
def test_paper_takes_a_fixed_number_of_queries(
    desk, django_assert_num_queries, address, asked, count, rows
):
    for number in range(rows):
        therapist = make_therapist(f"therapist-{number}")
        for wall in ["9:00", "10:00", "11:00"][:rows]:
            book(therapist, at(wall))

    with django_assert_num_queries(count):
        desk.get(address, {"date": MONDAY.isoformat()} | asked)
