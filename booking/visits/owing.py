"""Writes down what is owed, in the transaction that causes it: messages, and estimates."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from booking.models import (
    Appointment,
    AppointmentStatus,
    Enquiry,
    OutgoingEmail,
    Series,
    Source,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits import estimates, reminders

HOUR = timedelta(hours=1)
Kind, State = OutgoingEmail.Kind, OutgoingEmail.State
# What one visit's own message is called, where the series' message does not reach its patient.
ALONE = {
    Kind.SERIES: Kind.CONFIRMATION,
    Kind.SERIES_MOVED: Kind.MOVED,
    Kind.SERIES_CANCELLED: Kind.CANCELLED,
}


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


def owe_of_series(
    series: Series, kind: OutgoingEmail.Kind, changed: Iterable[Appointment], now: datetime
) -> None:
    """One message about visits of a series: all of it as it is when the message leaves, in place of
    any before. None where nothing has changed since it was booked; those visits that have another
    address, corrected for them alone, get a message of their own.

    At the end of a service that holds the locks of the visits. The series' row closes the race of
    two of them about different visits: each counts its sequence on.
    """
    visits = list(changed)
    if not visits and kind != Kind.SERIES:
        return
    row = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    address = row.email
    if address and (kind == Kind.SERIES or any(visit.email == address for visit in visits)):
        _owe_series_message(row, kind, now)
    for visit in visits:
        if visit.email not in ("", address):
            visit.emails.create(kind=ALONE[kind], sequence=visit.sequence, due_at=now)


def _owe_series_message(row: Series, kind: OutgoingEmail.Kind, now: datetime) -> None:
    if kind != Kind.SERIES:
        row.sequence += 1
        row.save(update_fields=["sequence"])
    row.emails.create(kind=kind, sequence=row.sequence, due_at=now)


def tell_each_alone(visit: Appointment, now: datetime) -> None:
    """As a visit of a series gets another address while the series' message waits: each of its
    visits gets a message of its own, so that none is told to a mailbox that was left.
    """
    if visit.series is None:
        return
    waiting = visit.series.emails.pending()
    kinds = set(waiting.values_list("kind", flat=True))
    if not waiting.update(state=State.SUPERSEDED):
        return
    for row in visit.series.visits.all():
        if row.is_upcoming(now):
            owe_again(row, Kind.CONFIRMATION, row.sequence, now)
        elif row.status == AppointmentStatus.CANCELLED and kinds != {Kind.SERIES}:
            owe_again(row, Kind.CANCELLED, row.sequence, now)


def owe_again(
    about: Appointment | Series | Enquiry | WaitlistEntry | TimeOffer,
    kind: str,
    sequence: int,
    leaves_at: datetime,
) -> OutgoingEmail:
    """Owe a message once more, under an occasion of its own."""
    count = about.emails.filter(kind=kind, sequence=sequence).count()
    return about.emails.create(
        kind=kind, sequence=sequence, occasion=f"again-{count}", due_at=leaves_at
    )
