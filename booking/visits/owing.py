"""Writes down what is owed, in the transaction that causes it: messages, and estimates."""

from datetime import datetime, timedelta

from django.conf import settings

from booking.models import Appointment, Enquiry, OutgoingEmail, Source, TimeOffer, WaitlistEntry
from booking.visits import estimates, reminders

HOUR = timedelta(hours=1)


def owe(
    appointment: Appointment,
    to_patient: str,
    to_desk: str,
    now: datetime,
    source: str,
    leaves_at: datetime | None,
) -> None:
    """To the patient and the desk; the desk hears of what patients did, not of its own doing.

    A visit that is booked, moved or booked anew owes its reminders too, earlier ones are over;
    and an estimate, where the patient pays. The patient's message waits until `leaves_at`;
    None says that they get none.
    """
    due = {to_patient: leaves_at} if appointment.email and leaves_at else {}
    if settings.FRONT_DESK_EMAIL and source == Source.ONLINE:
        due[to_desk] = now
    sequence = appointment.sequence
    rows = [
        OutgoingEmail(appointment=appointment, kind=kind, sequence=sequence, due_at=due_at)
        for kind, due_at in due.items()
    ]
    if sequence:
        reminders.drop(appointment)
    if appointment.email and to_patient != OutgoingEmail.Kind.CANCELLED:
        rows += reminders.owed(appointment, now)
    OutgoingEmail.objects.bulk_create(rows)
    if to_patient != OutgoingEmail.Kind.CANCELLED:
        estimates.owe(appointment, now)


def owe_full_hour(last: Appointment, now: datetime) -> None:
    """Tell the desk that this visit was the last that is taken online for now; once an hour, though
    each booking in place of one that is an hour old fills it anew.
    """
    kind = OutgoingEmail.Kind.DESK_FULL
    told = OutgoingEmail.objects.filter(kind=kind, due_at__gt=now - HOUR)
    if settings.FRONT_DESK_EMAIL and not told.exists():
        OutgoingEmail.objects.create(appointment=last, kind=kind, due_at=now)


def owe_again(
    about: Appointment | Enquiry | WaitlistEntry | TimeOffer,
    kind: str,
    sequence: int,
    leaves_at: datetime,
) -> OutgoingEmail:
    """Owe a message once more, under an occasion of its own."""
    count = about.emails.filter(kind=kind, sequence=sequence).count()
    return about.emails.create(
        kind=kind, sequence=sequence, occasion=f"again-{count}", due_at=leaves_at
    )
