"""What the desk still has to do: one list, each thing with its next step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail, Therapist, TimeOffer
from booking.visits import attendance
from tests.booking.desk.pages import sheet
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    enquiry,
    make_therapist,
    make_visit_type,
    sent_by,
    wait,
)
from tests.reading import texts

TO_DO = reverse("desk:to_do")
NOBODY_SAID = "Have not said that they come on Monday, November 30"
NO_EMAIL = "No e-mail address: call before Monday, November 30"
UNDELIVERED, QUESTIONS = "E-mails that did not arrive", "Questions from the website"
OWED, TWICE = "Estimates owed", "Perhaps booked twice"


def piles(client):
    """Title: who stands there, what it says, and the next step with its address."""
    return {
        pile.title: [(task.who, task.what, task.step, task.address) for task in pile.tasks]
        for pile in client.get(TO_DO).context["piles"]
    }


def page_of(visit):
    return reverse("admin:booking_appointment_change", args=[visit.pk])


def test_with_nothing_to_do_the_page_says_so(desk):
    response = desk.get(TO_DO)

    assert (piles(desk), "Nothing is waiting for the desk." in response.text) == ({}, True)


def test_who_has_not_said_that_they_come_on_the_next_day_with_visits(desk):
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    said = book(ana, at("10:30"), **sent_by(2))
    attendance.confirm(appointment=said, now=NOW)
    book(ana, at("9:30", MONDAY + timedelta(days=1)), **sent_by(3))

    what = "9:30\N{NO-BREAK SPACE}a.m. with Ana Ruiz: Initial consultation"
    row = ("Rosa Marquez", what, "Open", page_of(visit))
    assert piles(desk) == {NOBODY_SAID: [row]}


def test_whom_no_email_reaches_is_to_be_called(desk):
    visit = book(make_therapist(), at("9:30"), patient=replace(PATIENT, email=""))

    assert list(piles(desk)) == [NO_EMAIL]
    assert piles(desk)[NO_EMAIL][0][-1] == page_of(visit)


def test_visits_no_longer_true_come_first_with_the_reason(desk):
    book(make_therapist(), at("9:30"))
    Therapist.objects.update(active=False)

    title, rows = next(iter(piles(desk).items()))
    assert (title, rows) == (
        "No longer as the patient was told",
        [
            (
                "Rosa Marquez",
                "Monday, November 30, 9:30 a.m. · Ana Ruiz no longer works here.",
                "Deal with it",
                reverse("admin:booking_appointment_to_deal_with"),
            )
        ],
    )


def test_mail_that_did_not_arrive_says_which(desk):
    book(make_therapist(), at("9:30"))
    OutgoingEmail.objects.update(state="given-up")

    page = reverse("admin:booking_outgoingemail_changelist") + "?to=call"
    assert piles(desk)[UNDELIVERED] == [("Rosa Marquez", "Confirmation", "See and call", page)]


def test_questions_say_until_when_the_one_due_soonest_first(desk, now):
    late, soon = enquiry(name="Li Na", due_at=at("9:00")), enquiry(name="Al", due_at=at("8:00"))
    now.move_to(at("8:30"))

    def page(row):
        return reverse("admin:booking_enquiry_change", args=[row.pk])

    assert piles(desk)[QUESTIONS] == [
        ("Al", "Overdue since Monday, November 30, 8 a.m.", "Answer", page(soon)),
        ("Li Na", "Answer until Monday, November 30, 9 a.m.", "Answer", page(late)),
    ]


def test_an_offer_that_ran_out_unanswered(desk, now):
    ana = make_therapist()
    entry = wait(book(ana, at("9:30", MONDAY + timedelta(days=7))))
    offer = TimeOffer.objects.create(
        entry=entry,
        therapist=ana,
        visit_type=entry.visit_type or make_visit_type(),
        location=entry.appointment.location,
        starts_at=at("9:30"),
        ends_at=at("10:15"),
        expires_at=NOW,
        created_at=NOW - timedelta(hours=2),
        token_hash="x",
    )
    rows = piles(desk)["Sooner times that nobody answered"]

    page = reverse("admin:booking_waitlistentry_change", args=[entry.pk])
    what = "Was asked about Monday, November 30, 9:30 a.m."
    assert rows == [("Rosa Marquez", what, "See and call", page)]
    TimeOffer.objects.filter(pk=offer.pk).update(state="declined")
    assert "Sooner times that nobody answered" not in piles(desk)


def test_estimates_owed_and_visits_perhaps_booked_twice(desk):
    ana, priced = make_therapist(), make_visit_type(price="165.00")
    paying = replace(PATIENT, payment="self-pay")
    book(ana, at("9:30"), patient=paying, visit_type=priced)
    book(ana, at("9:30", MONDAY + timedelta(days=1)), patient=paying, visit_type=priced)
    found = piles(desk)

    assert [len(found[title]) for title in (OWED, TWICE)] == [2, 1]


def test_a_long_pile_is_cut_and_counted(desk):
    ana = make_therapist()
    rows = [
        enquiry(name=f"Asker {number:02}", due_at=at("9:00") + timedelta(minutes=number))
        for number in range(27)
    ]
    response = desk.get(TO_DO)

    pile = response.context["piles"][0]
    assert (len(rows), pile.count, len(pile.tasks), pile.not_shown) == (27, 27, 25, 2)
    assert ("And 2 more." in response.text, ana.active) == (True, True)


def test_a_therapist_has_their_own_visits_to_do_alone(sign_in):
    ana, ben = make_therapist(), make_therapist("ben-cole")
    book(ana, at("9:30"))
    other = book(ben, at("9:30"), **sent_by(2))
    client = sign_in("Therapist", therapist=ana)

    assert [row[0] for row in piles(client)[NOBODY_SAID]] == ["Rosa Marquez"]
    assert other.name not in client.get(TO_DO).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(
    desk, django_assert_num_queries, number
):
    ana = make_therapist()
    for hour in range(number):
        book(ana, at(f"{9 + hour}:00"), **sent_by(hour))
        enquiry(name=f"Asker {hour}")
    OutgoingEmail.objects.update(state="given-up")
    Appointment.objects.update(source="online")
    desk.get(TO_DO)

    with django_assert_num_queries(QUERIES):
        desk.get(TO_DO)


QUERIES = 18


def test_the_menu_leads_to_it_from_the_day(desk):
    assert f'href="{TO_DO}"' in sheet(desk).text
    assert texts(desk.get(TO_DO), "h1") == ["To do"]
