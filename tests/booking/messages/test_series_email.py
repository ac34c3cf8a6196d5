"""The one e-mail about a series: every visit, a link for each, one file for the calendar."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from booking.messages import emails, kinds
from booking.models import Appointment, OutgoingEmail, TimeOff
from booking.visits import series, staff_changes, tokens
from booking.visits.series import MOST
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book_series,
    make_location,
    make_therapist,
    make_visit_type,
    slot,
)
from tests.worker import send_due

pytestmark = pytest.mark.django_db
DAYS = [MONDAY + timedelta(days=number) for number in (1, 3)]
GMAIL_HIDES_BEYOND = 102_400  # bytes


@pytest.fixture
def booked():
    ana = make_therapist()
    return book_series(*(slot(ana, at("9:30", day)) for day in DAYS))


def visits(of):
    return list(of.visits.with_details().order_by("starts_at"))


def message(kind="series", now=NOW):
    return emails.message(kinds.of(OutgoingEmail.objects.filter(kind=kind).latest("pk")), now)


def link(visit):
    return f"http://127.0.0.1:8000/m/{tokens.current(visit)}/"


def events(email):
    [(name, content, kind)] = email.attachments
    calendar = Calendar.from_ical(content)
    assert (name, kind, calendar["METHOD"]) == ("visits.ics", "application/ics", "PUBLISH")
    return [
        (str(e["UID"]), e["SEQUENCE"], str(e["STATUS"]), e.start, "ATTENDEE" in e)
        for e in calendar.events
    ]


TEXT = """\
Your visits are booked
2 visits are booked: there is nothing more to do.

Your visits (Eastern time)

Tuesday, December 1, 9:30 a.m.
Initial consultation, 45 minutes, with Ana Ruiz, PT, DPT
See, move or cancel this visit:
{first}

Thursday, December 3, 9:30 a.m.
Initial consultation, 45 minutes, with Ana Ruiz, PT, DPT
See, move or cancel this visit:
{second}

Where: Willow Street, 12 Willow Street, Springfield, NY 10001
Directions: {map}
Telephone: (212) 555-0143

Each link changes that visit alone, until 24 hours before it. To change several, or with less \
time, call (212) 555-0143. \
The links are yours alone: whoever has them can see and change the visits.

Your calendar: open the attached file once, and it holds all of them.

What to bring
- A photo ID, and your insurance card if you use one.
- Your referral, if you have one. You may not need one.
- A list of your medicines, and reports of scans or surgery.
- Clothes and shoes that are easy to move in.

If you may be having an emergency, call 911 or go to an emergency room now. Do not write to us.

Is this not for you? Someone may have typed your address by mistake. Call (212) 555-0143.

Willow Street Physical Therapy
"""


def test_it_says_every_visit_with_its_own_link(booked):
    first, second = visits(booked)
    expected = TEXT.format(
        first=link(first), second=link(second), map=first.location.directions_url
    )

    email = message()
    assert email.body == expected
    assert (email.subject, email.to) == (
        "Willow Street Physical Therapy: your visits are booked",
        ["rosa@example.org"],
    )


def test_one_file_holds_all_with_the_uid_of_each(booked):
    first, second = visits(booked)

    assert events(message()) == [
        (f"{first.uuid}@127.0.0.1", 0, "CONFIRMED", at("9:30", DAYS[0]), False),
        (f"{second.uuid}@127.0.0.1", 0, "CONFIRMED", at("9:30", DAYS[1]), False),
    ]


def test_a_later_move_of_one_changes_that_event(booked):
    first, _second = visits(booked)
    staff_changes.change_by_desk(
        appointment=first, therapist=first.therapist, starts_at=at("14:00", DAYS[0]), now=NOW
    )
    [content] = [content for _name, content, _kind in message("moved").attachments]
    [event] = Calendar.from_ical(content).events

    assert (str(event["UID"]), event["SEQUENCE"]) == (f"{first.uuid}@127.0.0.1", 1)


def test_a_cancellation_names_what_is_cancelled_and_what_stands(booked):
    first, second = visits(booked)
    series.cancel_together(series=booked, shown={second.pk: 0}, now=NOW)
    email = message("series-cancelled")

    assert email.body.split("\n\nWhere:")[0] == (
        "Visits are cancelled. Please look at which.\n1 visit stands.\n\n"
        "Your visits (Eastern time)\n\n"
        "Tuesday, December 1, 9:30 a.m.\n"
        "Initial consultation, 45 minutes, with Ana Ruiz, PT, DPT\n"
        f"See, move or cancel this visit:\n{link(first)}\n\n"
        "Cancelled: Thursday, December 3, 9:30 a.m."
    )
    assert [event[:3] for event in events(email)] == [
        (f"{first.uuid}@127.0.0.1", 0, "CONFIRMED"),
        (f"{second.uuid}@127.0.0.1", 1, "CANCELLED"),
    ]


def test_where_all_are_cancelled_nobody_need_come(booked):
    seen = {visit.pk: 0 for visit in visits(booked)}
    series.cancel_together(series=booked, shown=seen, now=NOW)

    assert message("series-cancelled").body.startswith(
        "Your visits are cancelled. You do not need to come."
    )


def test_a_move_says_from_when_to_when(booked):
    first, _second = visits(booked)
    to = {first.pk: slot(first.therapist, at("14:00", DAYS[0]))}
    series.move_together(series=booked, slots=to, shown={first.pk: 0}, now=NOW)

    assert (
        "Tuesday, December 1, 2 p.m.\n"
        "Initial consultation, 45 minutes, with Ana Ruiz, PT, DPT\n"
        "Old time: Tuesday, December 1, 9:30 a.m.\n"
    ) in message("series-moved").body


def test_several_places_stand_with_each_visit():
    ana, oak = make_therapist(), make_location("oak", name="Oak Avenue", street="3 Oak Avenue")
    book_series(slot(ana, at("9:30", DAYS[0])), slot(ana, at("9:30", DAYS[1]), oak))
    body = message().body

    assert ", with Ana Ruiz, PT, DPT, Oak Avenue, 3 Oak Avenue, Springfield, NY 10001\n" in body
    assert "Where:" not in body


def test_who_pays_reads_the_price_of_each():
    visit_type = make_visit_type(price=120)
    patient = replace(PATIENT, payment="self-pay")
    book_series(slot(make_therapist(), at("9:30")), visit_type=visit_type, patient=patient)

    assert "The price of each visit is $120.00. You have a right to a good-faith" in message().body


def test_it_says_nothing_of_what_is_past(booked):
    first, _second = visits(booked)
    body = message(now=first.ends_at).body

    assert ("December 1" in body, "December 3" in body) == (False, True)


def test_it_is_held_back_while_one_visit_is_in_doubt(booked):
    first, second = visits(booked)
    TimeOff.objects.create(
        therapist=first.therapist, starts_at=second.starts_at, ends_at=second.ends_at
    )
    send_due(NOW)

    assert OutgoingEmail.objects.get().held_at == NOW


def test_it_is_over_once_all_are_past(booked):
    send_due(visits(booked)[1].ends_at)

    assert OutgoingEmail.objects.get().state == "superseded"


def test_what_nobody_could_be_mailed_of_a_change_takes_a_call(booked):
    second = visits(booked)[1]
    series.cancel_together(series=booked, shown={second.pk: 0}, now=NOW)
    Appointment.objects.update(email="")
    send_due(NOW)
    found = OutgoingEmail.objects.order_by("pk").values_list("kind", "state")

    assert list(found) == [("series", "superseded"), ("series-cancelled", "given-up")]
    to_call = OutgoingEmail.objects.to_telephone(NOW)
    assert [(row.kind, row.contact.name) for row in to_call] == [
        ("series-cancelled", "Rosa Marquez")
    ]


def test_the_longest_list_is_whole_in_gmail():
    ana = make_therapist()
    days = [MONDAY + timedelta(days=number) for number in range(MOST)]
    book_series(*(slot(ana, at("9:30", day)) for day in days))
    [document] = [part.content for part in message().alternatives]

    assert document.count("/m/") == MOST
    assert len(document.encode()) < GMAIL_HIDES_BEYOND


@pytest.mark.parametrize("number", [1, 3])
def test_it_is_made_in_a_fixed_number_of_queries(number, django_assert_num_queries):
    ana = make_therapist()
    days = [MONDAY + timedelta(days=day) for day in range(number)]
    book_series(*(slot(ana, at("9:30", day)) for day in days))
    owed = OutgoingEmail.objects.get()

    with django_assert_num_queries(3):  # the series, its visits, the clinic
        emails.message(kinds.of(owed), NOW)
