"""What the desk still has to do: one list, each thing with its next step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import (
    Appointment,
    Closure,
    ContactAttempt,
    OutgoingEmail,
    Therapist,
    TimeOffer,
)
from booking.visits import attendance, staff_changes
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
    wait_without_visit,
)
from tests.reading import said, texts

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
    snow()
    desk.get(TO_DO)

    with django_assert_num_queries(QUERIES):
        desk.get(TO_DO)


QUERIES = 25
LEAVES = "Closed or away: patients still to tell"
CALL = reverse("desk:telephoned")


def snow():
    return Closure.objects.create(
        name="Snow", starts_at=at("0:00"), ends_at=at("0:00", MONDAY + timedelta(days=1))
    )


def shown(client):
    """Pile by pile who stands there, each with all that is to do about them."""
    return {
        pile.title: [
            (person.first.who, [line.kind for line in person.lines]) for person in pile.people
        ]
        for pile in client.get(TO_DO).context["piles"]
    }


def test_a_closure_stands_first_while_one_patient_is_not_told(desk):
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    book(ana, at("10:30"), **sent_by(2))
    closed = snow()
    screen = f"{reverse('desk:absence')}?closure={closed.pk}"

    said = "Mon, Nov 30, 2026, all day · 2 of 2 still to tell"
    assert next(iter(piles(desk).items())) == (
        LEAVES,
        [("Closed: Snow", said, "Tell them", screen)],
    )
    code = desk.get(TO_DO).context["piles"][1].tasks[0].codes
    typed = {"about": f"visit-{visit.pk}", "outcome": "called", "sequence": 0, "code": code}
    desk.post(CALL, typed)
    assert piles(desk)[LEAVES][0][1].endswith("1 of 2 still to tell")
    Appointment.objects.update(status="cancelled")
    assert LEAVES not in piles(desk)


def test_a_persons_rows_stand_together_in_the_most_pressing_pile(desk):
    book(make_therapist(), at("9:30"))
    enquiry(phone="212 555 0199", phone_e164="+12125550199")
    enquiry(name="Rosa Marquez", phone="212 555 0123", phone_e164="+12125550123")
    OutgoingEmail.objects.update(state="given-up")

    assert shown(desk) == {
        UNDELIVERED: [("Rosa Marquez", ["", NOBODY_SAID, QUESTIONS])],
        NOBODY_SAID: [],
        QUESTIONS: [("Rosa Marquez", [""])],
    }
    assert [len(rows) for rows in piles(desk).values()] == [1, 1, 2]


@pytest.mark.parametrize("outcome", ["called", "message"])
def test_one_click_says_who_called_and_when(desk, outcome):
    visit = book(make_therapist(), at("9:30"))
    words = {"called": "Called", "message": "Left a message"}[outcome]
    typed = {"about": f"visit-{visit.pk}", "outcome": outcome, "sequence": "0"}
    response = desk.post(CALL, typed, headers={"referer": f"http://127.0.0.1{TO_DO}"}, follow=True)

    assert response.redirect_chain == [(TO_DO, 302)]
    assert said(response) == [f"Rosa Marquez: {words.lower()}."]
    assert texts(response, "desk-called") == [f"{words}: front-desk-0, Nov 27, noon"]


def test_questions_and_wishes_are_called_about_too(desk):
    asked = enquiry(phone="212 555 0199")
    wish = wait_without_visit()
    for about in (f"question-{asked.pk}", f"wish-{wish.pk}"):
        desk.post(CALL, {"about": about, "outcome": "message"})

    found = ContactAttempt.objects.values_list("enquiry", "wish").order_by("pk")
    assert list(found) == [(asked.pk, None), (None, wish.pk)]


def test_a_call_about_a_visit_that_was_moved_since_is_not_noted(desk):
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    staff_changes.change_by_desk(appointment=visit, therapist=ana, starts_at=at("11:00"), now=NOW)
    typed = {"about": f"visit-{visit.pk}", "outcome": "called", "sequence": "0"}
    response = desk.post(CALL, typed, follow=True)

    assert said(response) == ["Somebody changed this visit meanwhile. See how it is now."]
    assert ContactAttempt.objects.count() == 0


def test_whoever_may_not_change_a_visit_says_of_none_that_they_called(sign_in):
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    client = sign_in("Therapist", therapist=ana)
    typed = {"about": f"visit-{visit.pk}", "outcome": "called", "sequence": "0"}

    assert client.post(CALL, typed).status_code == 403
    assert CALL not in client.get(TO_DO).text
    for wrong in ({"about": "visit-x"}, {"about": "visit-1", "outcome": "shouted"}, {}):
        assert client.post(CALL, wrong).status_code == 404


def test_the_menu_leads_to_it_from_the_day(desk):
    assert f'href="{TO_DO}"' in sheet(desk).text
    assert texts(desk.get(TO_DO), "h1") == ["To do"]
