"""Moves and cancels visits: each one transaction that locks, asks again, writes, owes the e-mail.

Instants are aware UTC datetimes of whole minutes. Patients are bound by working hours, notice,
horizon and change window; the desk cancels at any time, and changes a visit in `staff_changes`,
which `undoing` takes back. `seen` is the visit's sequence as whoever acts on it saw it.
"""

from collections.abc import Collection
from datetime import datetime

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.models import (
    Appointment,
    AppointmentStatus,
    OutgoingEmail,
    PatientChange,
    Source,
    StaffChange,
    Therapist,
)
from booking.transactions import locked, retried
from booking.visits import reminders, tallies, versions
from booking.visits.bookings import ask_again, keep_what_is_known, save_appointment
from booking.visits.owing import owe
from booking.visits.recalling import WAIT, recall
from booking.visits.refusals import Changed, MailboxFull, NotAllowed, OverLimit, TooLate

BOOKED, CANCELLED = AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED
Kind = OutgoingEmail.Kind


@retried
def cancel_by_patient(
    *, appointment: Appointment, now: datetime, seen: int | None = None, by_mail: bool = False
) -> Appointment:
    """Cancel a booked visit and owe the messages; a cancelled one is left as it is.

    `by_mail` says that who asks came by the link in our e-mail: no stranger causes what they are
    sent. Without it the message waits for room in the mailbox; where there is none within a day,
    the patient gets none.
    Raises Changed (not as `seen`), TooLate (inside the change window), NotAllowed.
    """
    row = locked(appointment)
    if row.status == CANCELLED:
        return row
    _check(row, CANCELLED, now, seen)
    if not row.may_change(now):
        raise TooLate
    _as_it_was(row, now).save()
    return cancel_row(row, Source.ONLINE, now, _when_told(row, now, by_mail))


def _when_told(row: Appointment, now: datetime, by_mail: bool) -> datetime | None:
    """When a patient's own cancelling is mailed; None where the mailbox has no room for it."""
    try:
        return now if by_mail else _room(row, now)
    except MailboxFull:
        return None


def _room(row: Appointment, now: datetime) -> datetime:
    """When a change of the visit can be mailed, counted from now on; in place of the change before
    it that has not left yet. Raises MailboxFull.
    """
    # Of the visit as it stands alone: those before it have given up their places already.
    waiting = row.emails.pending().filter(sequence=row.sequence, due_at__gt=now)
    overtaken = waiting.filter(kind__in=[Kind.CONFIRMATION, Kind.MOVED])
    due = overtaken.values_list("due_at", flat=True)
    try:
        return tallies.count_mail_soon(row.email, now, within=tallies.DAY, instead_of=due)
    except OverLimit as error:
        raise MailboxFull from error


@retried
def cancel_by_desk(
    *,
    appointment: Appointment,
    now: datetime,
    seen: int | None = None,
    shown: str | None = None,
    tells: bool = True,
    reason: str = "",
) -> Appointment:
    """Cancel a booked visit at any time; the patient hears of it, after a while in which it can be
    undone, unless it `tells` nobody. `reason` is a CancelReason, or empty.

    `shown` is `versions.shown` of the visit as a list had it. Raises Changed (not as `seen`, or as
    `shown`), NotAllowed.
    """
    row = locked(appointment)
    if row.status == CANCELLED:
        return row
    if shown not in (None, versions.shown(row)):
        raise Changed
    _check(row, CANCELLED, now, seen)
    before = StaffChange.of(row, now)
    before.withheld, before.untold = not tells, recall(row).untold
    before.save()
    row.cancel_reason = reason
    return cancel_row(row, Source.DESK, now, now + WAIT if tells else None)


def _check(row: Appointment, status: str, now: datetime, seen: int | None) -> None:
    versions.check(row, seen)
    if not row.may_become(status, now):
        raise NotAllowed


def cancel_row(
    row: Appointment,
    source: Source,
    now: datetime,
    leaves_at: datetime | None,
) -> Appointment:
    """Write that a visit is cancelled, of a row under its locks, and owe what follows from it."""
    dropped = reminders.waiting(row, now).values_list("due_at", flat=True)
    tallies.leave_out(row.email, now, list(dropped))
    row.status, row.cancelled_at, row.confirmed_at = CANCELLED, now, None
    row.sequence += 1
    save_appointment(row, tells=False)
    owe(row, Kind.CANCELLED, Kind.DESK_CANCELLED, now, source, leaves_at)
    return row


@retried
def move_by_patient(
    *,
    appointment: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    seen: int | None = None,
    by_mail: bool = False,
) -> Appointment:
    """Move a booked visit to a time that is offered online.

    The same time again changes nothing and mails nothing, unless it is offered at another place by
    now. `by_mail` as for a cancellation; without it, a reminder for which the mailbox will have no
    room leaves up to an hour sooner.
    Raises Changed (not as `seen`), SlotUnavailable, TooLate, NotAllowed, OverLimit (moved as often
    as a day allows), MailboxFull (no room in the mailbox within a day).
    """
    row = locked(appointment, therapist.pk)
    if _stands(row, therapist, starts_at) and not free_times.own_time_elsewhere(row, now):
        return row
    check_booked(row, seen)
    if not row.may_change(now):
        raise TooLate
    slot = ask_again(row.visit_type, therapist, starts_at, now, moving=row)
    tallies.count_move(row, now)
    if by_mail or not row.email:
        return _move_to(row, slot, now, leaves_at=now)
    leaves_at = _room(row, now)
    before = [reminder.due_at for reminder in reminders.waiting(row, now)]
    _move_to(row, slot, now, leaves_at)
    _count_reminders(row, now, before)
    return row


def _count_reminders(row: Appointment, now: datetime, before: Collection[datetime]) -> None:
    """Count those that will leave in place of those `before` the move; each leaves where the
    mailbox has room.
    """
    owed = list(reminders.waiting(row, now).order_by("due_at"))
    leaving = tallies.count_instead(row.email, now, before, [each.due_at for each in owed])
    for reminder, due_at in zip(owed, leaving, strict=True):
        reminder.due_at = due_at
    OutgoingEmail.objects.bulk_update(owed, ["due_at"])


def move_to_offered(*, appointment: Appointment, slot: Slot, now: datetime) -> Appointment:
    """Move a booked visit to the time that its patient was offered.

    It is the clinic's own doing: inside the change window it may be taken too. The caller holds the
    locks of the visit and of both therapists, has read the row under them, and has found the slot
    free. Raises SlotUnavailable, NotAllowed.
    """
    here = slot.location_id == appointment.location_id
    if here and _stands(appointment, slot.therapist, slot.starts_at):
        return appointment
    check_booked(appointment, seen=None)
    return _move_to(appointment, slot, now, leaves_at=now)


def _stands(row: Appointment, therapist: Therapist, starts_at: datetime) -> bool:
    """Whether it is booked for that time already: the request came twice."""
    return row.status == BOOKED and row.is_at(therapist, starts_at)


def check_booked(row: Appointment, seen: int | None) -> None:
    """Raises Changed (not as `seen`), NotAllowed (not booked). Of a row under its locks."""
    versions.check(row, seen)
    if row.status != BOOKED:
        raise NotAllowed


def _move_to(row: Appointment, slot: Slot, now: datetime, leaves_at: datetime) -> Appointment:
    """To a free time: as long as before where the patient chose it, as offered where we did."""
    _as_it_was(row, now).save()
    row.moved_from = row.starts_at
    row.therapist, row.location_id = slot.therapist, slot.location_id
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    return move_row(row, Source.ONLINE, now, leaves_at)


def _as_it_was(row: Appointment, now: datetime) -> PatientChange:
    """What staff are told of a patient's own change, taken before the change; unsaved."""
    return PatientChange(
        appointment=row,
        made_at=now,
        was_starts_at=row.starts_at,
        was_therapist=row.therapist,
        was_location_id=row.location_id,
    )


def move_row(
    row: Appointment,
    source: Source,
    now: datetime,
    leaves_at: datetime | None,
    known: Collection[str] | None = None,
) -> Appointment:
    """Write a visit's other time: one UPDATE of the same row, there is never a second one."""
    row.confirmed_at = None  # said of another time
    row.sequence += 1
    keep_what_is_known(row, source, known)
    save_appointment(row)
    owe(row, Kind.MOVED, Kind.DESK_MOVED, now, source, leaves_at)
    return row
