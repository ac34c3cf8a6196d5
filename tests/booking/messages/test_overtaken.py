"""A message that is overtaken while the mail server has it: it has left, and counts as sent."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from booking.models import Appointment, OutgoingEmail
from booking.visits import changes
from tests.builders import MONDAY, NOW, at, book, make_therapist, make_visit_type
from tests.worker import send_due

pytestmark = pytest.mark.django_db

NEXT_MONDAY = MONDAY + timedelta(days=7)
DUE = at("9:30", NEXT_MONDAY - timedelta(days=3))


class Meanwhile(EmailBackend):
    """A mail server during whose answer somebody changes the visit, once."""

    changes: ClassVar[list] = []

    def send_messages(self, messages):
        while self.changes:
            self.changes.pop()(Appointment.objects.get())
        return super().send_messages(messages)


def move(appointment):
    to = {"therapist": appointment.therapist, "starts_at": at("14:00", NEXT_MONDAY)}
    changes.move_by_patient(appointment=appointment, now=DUE, **to)


def cancel(appointment):
    changes.cancel_by_patient(appointment=appointment, now=DUE)


def stands(kind):
    rows = OutgoingEmail.objects.filter(kind=kind, sequence=0)
    return list(rows.values_list("state", "sent_at").order_by("due_at"))


@pytest.fixture
def reminded(settings):
    """A visit whose confirmation is sent and whose reminder is due, at such a mail server."""
    settings.EMAIL_BACKEND = f"{__name__}.Meanwhile"
    make_visit_type(reminder_hours="72")
    appointment = book(make_therapist(), at("9:30", NEXT_MONDAY))
    yield appointment
    assert Meanwhile.changes == []


@pytest.mark.parametrize("change", [move, cancel])
def test_a_reminder_overtaken_while_being_sent_was_sent(reminded, change):
    send_due(NOW)
    Meanwhile.changes.append(change)

    send_due(DUE)

    assert stands("reminder") == [("sent", DUE)]
    subjects = [message.subject.partition(": ")[2] for message in mail.outbox]
    news = "your visit has moved" if change is move else "your visit is cancelled"
    assert subjects == ["your visit is booked", "your visit is coming up", news]


@pytest.mark.parametrize("change", [move, cancel])
def test_a_confirmation_overtaken_while_being_sent_was_sent(reminded, change):
    Meanwhile.changes.append(change)

    send_due(NOW)

    assert stands("confirmation") == [("sent", NOW)]
