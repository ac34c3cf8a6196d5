"""The desk takes back what it did a moment ago.

As long as nothing of it has left, its patient hears nothing, and has reminders as before. What may
have left is corrected at once. Either way, once all has been sent, what the patient was last told
is what the visit is; or they were told nothing on purpose, and the row says so.
"""

from datetime import datetime

from booking.models import Appointment, AppointmentStatus, OutgoingEmail, Source, StaffChange
from booking.models.statuses import UNDO
from booking.transactions import Stale, locked, retried
from booking.visits import reminders, versions
from booking.visits.bookings import save_appointment
from booking.visits.overriding import Override
from booking.visits.owing import owe
from booking.visits.recalling import Recalled, recall
from booking.visits.refusals import Changed, NotAllowed

Kind = OutgoingEmail.Kind


@retried
def undo_change(
    *,
    appointment: Appointment,
    now: datetime,
    seen: int | None = None,
    override: Override | None = None,
) -> Appointment:
    """Make a visit what it was before the desk's last change, within ten minutes; with an
    `override`, over others too.

    Raises Changed (not as `seen`, or somebody has changed it since), NotAllowed (nothing to undo,
    too long ago, not booked any more, or with somebody who was deleted since), SlotUnavailable (the
    time is taken).
    """
    last = appointment.staff_changes.order_by("-sequence").first()
    # Both therapists' locks: their calendars change. And the visit's, which closes the race with
    # whoever changes it at this moment.
    therapist_id = last and last.was_therapist_id
    row = locked(appointment, *([therapist_id] if therapist_id else []))
    versions.check(row, seen)
    change = row.staff_changes.filter(sequence=row.sequence).first()
    if last is None:
        raise NotAllowed
    if change is None:
        raise Changed
    if change != last:
        raise Stale  # it was changed again before the locks were held
    if row.status != AppointmentStatus.BOOKED or now > change.made_at + UNDO or not change.has_all:
        raise NotAllowed
    recalled, since = recall(row), row.starts_at
    knows = recalled.may_have_left or _has_said_since(row, change)
    to_patient = Kind.MOVED if change.is_moved(row) else Kind.DETAILS
    change.put_back(row)
    row.moved_from, row.confirmed_at = since, None
    return _written(row, change, recalled, to_patient if knows else "", now, override)


@retried
def undo_cancel(
    *,
    appointment: Appointment,
    now: datetime,
    seen: int | None = None,
    override: Override | None = None,
) -> Appointment:
    """Take a cancellation back within ten minutes, if the time is still free; with an `override`,
    over others too.

    Its patient, where it was the patient who cancelled, gets a confirmation.
    Raises Changed (not as `seen`), NotAllowed (not cancelled, or too long ago), SlotUnavailable
    (naming the others).
    """
    row = locked(appointment)
    versions.check(row, seen)
    if not row.can_undo(now):
        raise NotAllowed
    change = row.staff_changes.filter(sequence=row.sequence).first()
    recalled = recall(row)
    knows = change is None or recalled.may_have_left
    row.status, row.cancelled_at, row.cancel_reason = AppointmentStatus.BOOKED, None, ""
    return _written(row, change, recalled, Kind.CONFIRMATION if knows else "", now, override)


def _has_said_since(row: Appointment, change: StaffChange) -> bool:
    """Whether the patient said that they come to the other time: they saw it on their page."""
    return row.confirmed_at not in (None, change.was_confirmed_at)


def _written(
    row: Appointment,
    change: StaffChange | None,
    recalled: Recalled,
    to_patient: str,
    now: datetime,
    override: Override | None,
) -> Appointment:
    """Write the visit that is as before. `to_patient` is the message that corrects what they may
    know; empty where they know nothing of it: then they get only what they had not heard before.
    """
    row.sequence += 1
    if change and not to_patient:
        change.put_back_heard(row)
        to_patient = Kind.CONFIRMATION if recalled.asked else change.untold
    if not to_patient:
        save_appointment(row, tells=False, override=override)
        reminders.drop(row)
        reminders.carry(row, since=row.sequence - 2)
        return row
    save_appointment(row, override=override)
    owe(row, to_patient, Kind.DESK_NEW, now, Source.DESK, leaves_at=now)
    return row
