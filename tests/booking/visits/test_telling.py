"""Changed details of a visit that stands: its patient is told anew, after the desk's yes."""

from dataclasses import replace
from functools import partial

import pytest
from django.core import mail
from icalendar import Calendar

from booking.calendars.doubts import untrue
from booking.models import Appointment, Closure, Location
from booking.visits import changes, telling
from booking.visits.refusals import Changed, NotAllowed
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
)
from tests.threads import together
from tests.worker import send_due

pytestmark = pytest.mark.django_db
WITHOUT_EMAIL = replace(PATIENT, email="")


def change_the_street(street="14 Willow Street"):
    Location.objects.update(street=street)


def codes():
    found = untrue(Appointment.objects.all(), NOW)
    return {row.pk: [doubt.code for doubt in doubts] for row, doubts in found.items()}


def tell(visit, **asked):
    seen = {"codes": codes().get(visit.pk, []), "by_email": bool(visit.email), "now": NOW}
    return telling.tell(appointment=visit, **(seen | asked))


def owed(visit):
    return list(visit.emails.order_by("pk").values_list("kind", "sequence", "state"))


def test_a_place_s_street_changed_mails_details_with_the_event_at_the_next_sequence():
    visit = book(make_therapist(), at("9:30"))
    send_due(NOW)
    change_the_street()
    tell(visit)

    assert (codes(), send_due(NOW)) == ({}, 1)
    message = mail.outbox[-1]
    place = "Willow Street, 14 Willow Street, Springfield, NY 10001"
    assert message.subject.endswith(": details of your visit have changed")
    assert f"Where: {place}" in message.body.splitlines()
    calendar = Calendar.from_ical(message.attachments[0].content)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["sequence"], event["location"]) == ("REQUEST", 1, place)


def test_nothing_is_mailed_before_the_desk_s_yes():
    visit = book(make_therapist(), at("9:30"))
    send_due(NOW)
    change_the_street()

    assert (send_due(NOW), owed(visit)) == (0, [("confirmation", 0, "sent")])


def test_a_time_changed_past_every_service_is_told_too():
    visit = book(make_therapist(), at("9:30"))
    Appointment.objects.update(starts_at=at("9:45"), confirmed_at=NOW)
    told = tell(visit)

    assert (codes(), told.told_starts_at, told.confirmed_at) == ({}, at("9:45"), None)


def test_told_twice_is_told_once():
    visit = book(make_therapist(), at("9:30"))
    change_the_street()
    shown = codes()[visit.pk]
    for _press in range(2):
        told = tell(visit, codes=shown, seen=0)

    assert (told.sequence, told.told_again_at) == (1, NOW)
    assert owed(visit) == [("confirmation", 0, "owed"), ("details", 1, "owed")]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_owe_one_mail():
    visit = book(make_therapist(), at("9:30"))
    change_the_street()
    press = partial(tell, visit, codes=codes()[visit.pk], seen=0)
    told = together(*[press] * 6)

    visit.refresh_from_db()
    assert [row.sequence for row in told] == [1] * 6
    assert (visit.sequence, visit.emails.filter(kind="details").count()) == (1, 1)


def test_who_has_no_email_is_marked_as_told():
    visit = book_by_desk(make_therapist(), at("9:30"), patient=WITHOUT_EMAIL)
    change_the_street()
    told = tell(visit)

    assert (codes(), told.told_again_at, owed(visit)) == ({}, NOW, [])


def test_a_visit_that_needs_another_time_is_not_told():
    visit = book(make_therapist(), at("9:30"))
    change_the_street()
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("11:00"))
    shown = codes()

    with pytest.raises(NotAllowed):
        tell(visit)
    assert (codes(), owed(visit)) == (shown, [("confirmation", 0, "owed")])


def test_only_what_was_seen_is_told():
    visit = book(make_therapist(), at("9:30"))
    change_the_street()
    shown = codes()[visit.pk]
    change_the_street("16 Willow Street")
    for stale in ({"codes": shown}, {"seen": 7}, {"by_email": False}):
        with pytest.raises(Changed):
            tell(visit, **stale)

    assert owed(visit) == [("confirmation", 0, "owed")]


def test_a_visit_that_is_over_or_cancelled_is_not_told():
    visit = book(make_therapist(), at("9:30"))
    change_the_street()
    with pytest.raises(NotAllowed):
        tell(visit, now=visit.starts_at)
    changes.cancel_by_desk(appointment=visit, now=NOW)
    with pytest.raises(NotAllowed):
        tell(visit)


def test_reminders_of_the_details_before_are_replaced():
    make_visit_type(reminder_hours="72, 24")
    visit = book(make_therapist(), at("9:30", MONDAY.replace(month=12, day=7)))
    change_the_street()
    tell(visit)

    reminders = visit.emails.filter(kind="reminder").order_by("sequence", "due_at")
    assert list(reminders.values_list("occasion", "sequence", "state")) == [
        ("72h", 0, "superseded"),
        ("24h", 0, "superseded"),
        ("72h", 1, "owed"),
        ("24h", 1, "owed"),
    ]
