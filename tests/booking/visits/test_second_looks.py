"""What still holds at the second sending, after a move, and beside another visit."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from booking.models import Appointment
from booking.visits import changes, limits, reminders
from booking.visits.refusals import OverLimit, SlotUnavailable
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type, visit
from tests.threads import after
from tests.worker import send_due

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEXT_MONDAY = MONDAY + 7 * DAY


@pytest.mark.only("postgresql")  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_a_move_locks_the_new_therapist_whose_next_visit_has_a_buffer(guarded, monkeypatch):
    buffered = make_visit_type("with-buffer", buffer_after=15)
    ana, ben = make_therapist(), make_therapist("ben-cole")
    moving = book(ana, at("9:00"))
    if not guarded:
        locked = changes.locked
        monkeypatch.setattr(changes, "locked", lambda row, *_therapists: locked(row))
    move = {"appointment": moving, "therapist": ben, "starts_at": at("9:45"), "now": NOW}

    result = after(
        partial(book, ben, at("9:00"), visit_type=buffered),
        partial(changes.move_by_patient, **move),
    )

    assert isinstance(result, SlotUnavailable) == guarded
    now_with = Appointment.objects.get(pk=moving.pk).therapist
    assert now_with == (ana if guarded else ben)


def test_in_the_second_hour_the_limit_is_the_same_as_in_the_first(settings):
    settings.BOOKING_LIMIT = 2
    ana = make_therapist()

    def send(number, now):
        request = Request(client=limits.client_key("192.0.2.1"), now=now)
        contact = {"email": f"{number}@example.org", "phone_e164": f"+1212555{number:04}"}
        patient = replace(PATIENT, name=f"Patient {number}", **contact)
        start = at("9:00", NEXT_MONDAY) + number * HOUR
        return book(ana, start, request=request, patient=patient)

    for number, now in [(0, NOW), (1, NOW), (2, NOW + HOUR), (4, NOW + HOUR)]:  # 3 is lunch
        send(number, now)
    with pytest.raises(OverLimit):
        send(5, NOW + HOUR)


@pytest.fixture
def reminded():
    """A visit on Monday at 9:30, of which its patient is reminded 72 and 48 hours before."""
    make_visit_type(reminder_hours="72, 48")
    appointment = book(make_therapist(), at("9:30", NEXT_MONDAY))
    send_due(NOW)
    mail.outbox.clear()
    return appointment


def subjects():
    return [message.subject.partition(": ")[2] for message in mail.outbox]


def test_a_reminder_due_before_a_move_says_nothing_right_after_it(reminded):
    now = at("10:00", NEXT_MONDAY - 3 * DAY)  # half an hour after the first was due
    assert reminders.has_begun(reminded, now)

    to = {"therapist": reminded.therapist, "starts_at": at("9:45", NEXT_MONDAY + DAY)}
    moved = changes.move_by_patient(appointment=reminded, now=now, **to)

    assert not reminders.has_begun(moved, now)
    send_due(now)
    assert subjects() == ["your visit has moved"]


def test_a_superseded_lead_time_does_not_silence_the_earlier_one(reminded):
    visit_type = reminded.visit_type
    visit_type.reminder_hours = "72"
    visit_type.save()
    reminders.follow(visit_type, NOW)

    send_due(at("9:30", NEXT_MONDAY - 3 * DAY) + 20 * HOUR)  # nearer to the one that is gone

    assert subjects() == ["your visit is coming up"]


@pytest.mark.parametrize(("wall", "minutes"), [("9:15", 45), ("10:45", 45)])
def test_a_visit_that_ends_as_the_next_begins_passes_the_form(wall, minutes):
    ana = make_therapist()
    visit(ana, at("10:00")).save()

    visit(ana, at(wall), minutes).validate_constraints()


@pytest.mark.parametrize(("wall", "minutes"), [("9:15", 46), ("10:44", 45)])
def test_a_visit_that_shares_a_minute_with_another_does_not_pass_the_form(wall, minutes):
    ana = make_therapist()
    visit(ana, at("10:00")).save()

    with pytest.raises(ValidationError, match="That time is already booked"):
        visit(ana, at(wall), minutes).validate_constraints()
