"""The desk changes anything of a booked visit; its message waits, and may be withheld."""

from datetime import timedelta

import pytest
from django.core import mail

from booking.calendars.doubts import untrue
from booking.models import Appointment, StaffChange
from booking.visits import changes, refusals, sending_again, staff_changes
from booking.visits.recalling import WAIT
from tests.builders import NOW, at, book, make_location, make_therapist, make_visit_type
from tests.worker import send_due

pytestmark = pytest.mark.django_db
BEFORE_IT_LEAVES = NOW + WAIT - timedelta(seconds=1)


@pytest.fixture
def visit():
    """Booked, and told so."""
    booked = book(make_therapist(), at("9:30"))
    send_due(NOW)
    mail.outbox.clear()
    return booked


def change(visit, **to):
    as_it_is = {"therapist": visit.therapist, "starts_at": visit.starts_at, "now": NOW}
    return staff_changes.change_by_desk(appointment=visit, **(as_it_is | to))


def place(row):
    row.refresh_from_db()
    return (
        row.therapist.slug,
        row.starts_at,
        row.minutes,
        row.visit_type.slug,
        row.location.slug,
        row.sequence,
    )


def news(visit):
    rows = visit.emails.exclude(kind="reminder").order_by("pk")
    return list(rows.values_list("kind", "sequence", "state"))


def doubts():
    found = untrue(Appointment.objects.all(), NOW).values()
    return [doubt.words for doubts in found for doubt in doubts]


def test_everything_changes_in_one_row_and_one_message(visit):
    ben, oak = make_therapist("ben-cole"), make_location("oak", name="Oak")
    longer = make_visit_type("long", name="Long visit", minutes=60)
    to = {"therapist": ben, "starts_at": at("14:00"), "visit_type": longer, "location": oak}
    change(visit, **to)

    assert place(visit) == ("ben-cole", at("14:00"), 60, "long", "oak", 1)
    assert news(visit) == [("confirmation", 0, "sent"), ("moved", 1, "owed")]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("to", "minutes"),
    [({}, 60), ({"minutes": 30}, 30)],
)
def test_another_type_brings_its_length_unless_another_is_said(visit, to, minutes):
    change(visit, visit_type=make_visit_type("long", name="Long visit", minutes=60), **to)

    assert place(visit) == ("ana-ruiz", at("9:30"), minutes, "long", "willow-street", 1)
    assert news(visit)[1:] == [("details", 1, "owed")]
    send_due(NOW + WAIT)
    assert f"What: Long visit, {minutes} minutes" in mail.outbox[0].body.splitlines()


def test_what_stays_at_its_time_stays_as_the_patient_said_that_they_come(visit):
    Appointment.objects.update(confirmed_at=NOW)
    change(visit, minutes=30)
    visit.refresh_from_db()
    assert visit.confirmed_at == NOW

    assert change(visit, starts_at=at("14:00")).confirmed_at is None


def test_its_message_waits_two_minutes(visit):
    change(visit, starts_at=at("14:00"))

    assert (send_due(BEFORE_IT_LEAVES), mail.outbox) == (0, [])
    assert send_due(NOW + WAIT) == 1
    assert "New time: Monday, November 30, 2 p.m." in mail.outbox[0].body.splitlines()


def test_a_cancellation_waits_as_long_and_keeps_its_reason(visit):
    changes.cancel_by_desk(appointment=visit, now=NOW, reason="weather")

    assert (send_due(BEFORE_IT_LEAVES), send_due(NOW + WAIT)) == (0, 1)
    visit.refresh_from_db()
    assert (visit.status, visit.get_cancel_reason_display()) == ("cancelled", "Weather")


def test_as_it_is_already_nothing_is_changed_or_mailed(visit):
    for _twice in range(2):
        change(visit, starts_at=at("14:00"), minutes=30)

    assert place(visit) == ("ana-ruiz", at("14:00"), 30, "initial-consultation", "willow-street", 1)
    assert (len(news(visit)), StaffChange.objects.count()) == (2, 1)


def test_a_longer_visit_that_meets_the_next_is_refused(visit):
    book(visit.therapist, at("10:15"))
    with pytest.raises(refusals.SlotUnavailable):
        change(visit, minutes=60)

    assert (place(visit)[2], news(visit)) == (45, [("confirmation", 0, "sent")])
    assert not StaffChange.objects.exists()


def test_two_changes_within_the_wait_are_one_message_with_the_time_that_was_told(visit):
    change(visit, starts_at=at("14:00"))
    change(visit, starts_at=at("15:00"))

    assert send_due(NOW + WAIT) == 1
    assert news(visit)[1:] == [("moved", 1, "superseded"), ("moved", 2, "sent")]
    assert "Old time: Monday, November 30, 9:30 a.m." in mail.outbox[0].body.splitlines()


def test_a_move_that_waits_is_told_by_the_change_of_length_that_overtakes_it(visit):
    change(visit, starts_at=at("14:00"))
    change(visit, starts_at=at("14:00"), minutes=30)

    send_due(NOW + WAIT)
    said = mail.outbox[0].body.splitlines()
    assert "Old time: Monday, November 30, 9:30 a.m." in said
    assert "What: Initial consultation, 30 minutes" in said


def test_who_has_not_heard_of_the_booking_is_told_of_it_as_it_has_become():
    booked = book(make_therapist(), at("9:30"))
    change(booked, minutes=30)

    assert news(booked) == [("confirmation", 0, "superseded"), ("confirmation", 1, "owed")]


def test_a_withheld_change_sends_nothing_and_the_row_says_so(visit):
    change(visit, starts_at=at("14:00"), tells=False)

    assert (send_due(NOW + WAIT), news(visit)) == (0, [("confirmation", 0, "sent")])
    assert doubts() == ["The patient was told another time, therapist or place."]
    assert StaffChange.objects.get().withheld


def test_a_withheld_change_over_news_that_waited_says_that_nobody_knows(visit):
    change(visit, starts_at=at("14:00"))
    change(visit, starts_at=at("15:00"), tells=False)

    assert send_due(NOW + WAIT) == 0
    assert doubts() == ["It is not known what the patient was told."]


def test_a_withheld_change_at_the_same_time_keeps_the_reminders():
    booked = book(make_therapist(), at("9:30"), visit_type=make_visit_type(reminder_hours="24"))
    later = at("9:30") - timedelta(hours=25)
    send_due(NOW)
    change(booked, minutes=45, visit_type=make_reminding_type(), tells=False, now=later)

    rows = booked.emails.filter(kind="reminder").order_by("sequence")
    assert list(rows.values_list("occasion", "sequence", "state")) == [
        ("24h", 0, "superseded"),
        ("24h", 1, "owed"),
    ]
    assert doubts() == []


def make_reminding_type():
    return make_visit_type("other", reminder_hours="24")


def test_the_confirmation_that_was_asked_for_once_more_is_overtaken_too(visit):
    sending_again.send_again(appointment=visit, now=NOW)
    change(visit, starts_at=at("14:00"))

    assert news(visit)[1:] == [("confirmation", 0, "superseded"), ("moved", 1, "owed")]
