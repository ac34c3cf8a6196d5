"""The desk changes a booked visit: when, with whom, what, how long, where.

The desk is bound only by what the database keeps, that no two visits of a therapist overlap.
Lengths are minutes, instants aware UTC datetimes of whole minutes.
"""

import copy
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.calendars import hours
from booking.models import (
    Appointment,
    AppointmentStatus,
    Location,
    OutgoingEmail,
    Source,
    StaffChange,
    Therapist,
    VisitType,
)
from booking.transactions import locked, retried
from booking.visits import changes, reminders
from booking.visits.bookings import (
    check_place,
    desk_location,
    keep_what_is_known,
    save_appointment,
)
from booking.visits.overriding import Override
from booking.visits.owing import owe
from booking.visits.recalling import WAIT, Recalled, recall

Kind = OutgoingEmail.Kind


@dataclass(frozen=True)
class Wanted:
    """What a visit is to be. What is not said stays: but another visit type brings its length,
    and another time the place where the hours have it.
    """

    therapist: Therapist
    starts_at: datetime
    visit_type: VisitType | None = None
    minutes: int | None = None
    location: Location | None = None


@retried
def change_by_desk(
    *,
    appointment: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    visit_type: VisitType | None = None,
    minutes: int | None = None,
    location: Location | None = None,
    tells: bool = True,
    seen: int | None = None,
    known: Collection[str] | None = None,
    override: Override | None = None,
    places: Collection[int] | None = None,
) -> Appointment:
    """Change a booked visit: one UPDATE of the same row, which a StaffChange can undo.

    Its message waits, unless it `tells` nobody: then the visit is one of which the patient was told
    something else (`calendars.doubts`). What it is already changes nothing and mails nothing.
    `known` as for `keep_what_is_known`; `override` is leave to have it over others; `places` as for
    `book_by_desk`. Raises Changed (not as `seen`), SlotUnavailable (naming them), NotAllowed,
    OtherPlace.
    """
    row = locked(appointment, therapist.pk)
    before = StaffChange.of(row, now)
    _become(row, Wanted(therapist, starts_at, visit_type, minutes, location))
    if row.status == AppointmentStatus.BOOKED and not before.is_changed(row):
        return row  # the request came twice
    changes.check_booked(row, seen)
    check_place(row, places)
    recalled = recall(row)
    kind = _say(row, before, recalled)
    row.sequence = before.sequence
    keep_what_is_known(row, Source.DESK, known)
    if recalled.untold and not tells:
        row.untell()  # what they were to be told is overtaken, and they are told nothing else
    save_appointment(row, tells=tells, override=override)
    before.withheld, before.untold = not tells, recalled.untold
    before.save()
    owe(row, kind, Kind.DESK_MOVED, now, Source.DESK, leaves_at=now + WAIT if tells else None)
    if not tells and not before.is_moved(row):
        reminders.carry(row, since=row.sequence - 1)
    return row


def as_changed(visit: Appointment, wanted: Wanted, now: datetime) -> tuple[Appointment, str]:
    """The visit as `change_by_desk` would make it, and the kind of message it would owe; nothing
    is written. Raises SlotUnavailable where there is no place at all.
    """
    row, waiting = copy.copy(visit), visit.emails.news(visit.sequence)
    untold = set(waiting.pending().values_list("kind", flat=True))
    first = next((kind for kind in (Kind.MOVED, Kind.CONFIRMATION) if kind in untold), "")
    before = StaffChange.of(row, now)
    _become(row, wanted)
    return row, _say(row, before, Recalled(first, False, waiting.may_have_left().exists()))


def length_of(row: Appointment, visit_type: VisitType | None, minutes: int | None) -> timedelta:
    """How long it is to last: as said, else as another type says, else as before."""
    if minutes is not None:
        return timedelta(minutes=minutes)
    is_other = visit_type is not None and visit_type != row.visit_type
    return visit_type.length if visit_type and is_other else row.ends_at - row.starts_at


def _become(row: Appointment, wanted: Wanted) -> None:
    """Make the row what is wanted, in memory only. Raises SlotUnavailable."""
    ends_at = wanted.starts_at + length_of(row, wanted.visit_type, wanted.minutes)
    row.location_id = (
        wanted.location.pk if wanted.location else _place_by_hours(row, wanted, ends_at)
    )
    row.therapist, row.visit_type = wanted.therapist, wanted.visit_type or row.visit_type
    row.starts_at, row.ends_at = wanted.starts_at, ends_at


def _place_by_hours(row: Appointment, wanted: Wanted, ends_at: datetime) -> int:
    """Where the hours have it (primary key); at its own time that is where it is, if they allow."""
    time = wanted.therapist, wanted.starts_at, ends_at
    if row.is_at(wanted.therapist, wanted.starts_at):
        places = hours.locations_for(*time)
        if not places or row.location_id in places:
            return row.location_id
    return desk_location(*time)


def _say(row: Appointment, before: StaffChange, recalled: Recalled) -> Kind:
    """Which message says what has become of the visit, to whom `recalled.untold` was never sent.

    It notes the time from which the patient, who knows only of what may have left, sees it move.
    """
    moved = before.is_moved(row)
    if moved:
        row.confirmed_at = None  # said of another time
    if moved and not (recalled.untold == Kind.MOVED and not recalled.may_have_left):
        row.moved_from = before.was_starts_at
    if moved or recalled.untold == Kind.MOVED:
        return Kind.MOVED
    return Kind.CONFIRMATION if recalled.untold == Kind.CONFIRMATION else Kind.DETAILS
