"""Visits that are booked, moved or cancelled together: all of them in one transaction, or none.

What is told of them is one message about the series; each visit keeps a row, a reference and a
link of its own, so that every service for one visit works on each. Only the desk does so, at times
that were found free. Instants are aware UTC datetimes of whole minutes.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError

from booking.calendars import clashes
from booking.calendars.slots import Slot
from booking.models import (
    Appointment,
    AppointmentStatus,
    OutgoingEmail,
    Series,
    Source,
    VisitType,
)
from booking.models.series import MOST
from booking.transactions import Stale, lock_therapists, locked_together, retried
from booking.visits import changes, tokens, versions
from booking.visits.bookings import save_appointment
from booking.visits.owing import owe, owe_of_series
from booking.visits.refusals import NotAllowed, SeriesTaken
from booking.visits.requests import Patient, Request, filled_in, fingerprint, replayed

BOOKED, CANCELLED = AppointmentStatus.BOOKED, AppointmentStatus.CANCELLED
Kind = OutgoingEmail.Kind
TAKEN = re.compile("booking_series[._]key")  # as SQLite and as PostgreSQL say it


@retried
def book_series(
    *,
    visit_type: VisitType,
    slots: Sequence[Slot],
    patient: Patient,
    request: Request,
    note: str = "",
) -> Series:
    """Book a visit at each of the times, or none; one message is owed for all, and the reminders of
    each. The same request again returns the same series.

    Raises SeriesTaken (which times cannot be had), SlotUnavailable, KeyReused; ValueError for no
    time, or more than MOST.
    """
    if not 0 < len(slots) <= MOST:
        raise ValueError(len(slots))
    # Closes the race between what the desk was shown and whoever takes one of the times since: what
    # is found free under these locks stays so until the last of the visits is written.
    lock_therapists(slot.therapist.pk for slot in slots)
    content = _digest(visit_type, slots, patient, note)
    if found := replayed(Series.objects.all(), request.key, content):
        return found
    _check_free(slots)
    series = _write_series(Series(key=request.key, request_digest=content))
    for slot in sorted(slots, key=lambda slot: slot.starts_at):
        visit = _visit_at(slot, visit_type, patient)
        visit.series, visit.note = series, note
        _write(visit, request.now)
    owe_of_series(series, Kind.SERIES, (), request.now)
    return series


def _digest(visit_type: VisitType, slots: Sequence[Slot], patient: Patient, note: str) -> str:
    """Fingerprint of everything that was chosen and typed."""
    times = [[slot.therapist.slug, slot.starts_at.isoformat()] for slot in slots]
    return fingerprint(visit_type.slug, times, filled_in(patient), note)


def _check_free(slots: Sequence[Slot], moving: Collection[int] = ()) -> None:
    if taken := clashes.taken(slots, moving):
        raise SeriesTaken(taken)


def _write_series(series: Series) -> Series:
    """Write its row. Raises Stale where the key is another row's since it was looked for: two
    copies of one form, with other therapists, hold different locks.
    """
    try:
        series.save()
    except IntegrityError as error:
        if TAKEN.search(str(error)):
            raise Stale from error
        raise
    return series


def _visit_at(slot: Slot, visit_type: VisitType, patient: Patient) -> Appointment:
    return Appointment(
        visit_type=visit_type,
        therapist=slot.therapist,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.starts_at + visit_type.length,
        source=Source.DESK,
        **asdict(patient),
    )


def _write(visit: Appointment, now: datetime) -> None:
    """Write one visit; its time was free, so that it is kept against nothing."""
    visit.token_hash = tokens.hashed(tokens.make(visit))
    save_appointment(visit)
    owe(visit, Kind.CONFIRMATION, Kind.DESK_NEW, now, visit.source, leaves_at=None)


@retried
def cancel_together(*, series: Series, shown: Mapping[int, int], now: datetime) -> Series:
    """Cancel these visits of a series, and owe one message; those that are cancelled already are
    left as they are.

    `shown` has the sequence of each as whoever acts on them saw it, by primary key. Raises Changed
    (not as `shown`), NotAllowed (begun, or not booked).
    """
    rows = _locked(series, shown)
    standing = [row for row in rows if row.status != CANCELLED]
    _check(standing, shown, now)
    for row in standing:
        changes.cancel_row(row, Source.DESK, now, leaves_at=None)
    owe_of_series(series, Kind.SERIES_CANCELLED, standing, now)
    return series


@retried
def move_together(
    *, series: Series, slots: Mapping[int, Slot], shown: Mapping[int, int], now: datetime
) -> Series:
    """Move these visits of a series to the times, by primary key, and owe one message; each lasts
    as long as before. Those that are there already are left as they are.

    Visits of the series may take one another's times, but for a ring of them. `shown` as for
    `cancel_together`. Raises SeriesTaken (its numbers count the visits as they stood, soonest
    first), Changed, NotAllowed.
    """
    therapists = [slot.therapist.pk for slot in slots.values()]
    rows = _locked(series, slots, *therapists)
    going = [row for row in rows if not _stands(row, slots[row.pk])]
    _check(going, shown, now)
    wanted = {row.pk: _as_long_as(row, slots[row.pk]) for row in rows}
    _check_free([wanted[row.pk] for row in rows], moving=[row.pk for row in rows])
    for row in _in_turn(going, wanted, rows):
        _move(row, wanted[row.pk], now)
    owe_of_series(series, Kind.SERIES_MOVED, going, now)
    return series


def _locked(series: Series, visits: Collection[int], *therapists: int) -> list[Appointment]:
    """The visits under their locks. Raises NotAllowed for one of another series, or of none."""
    rows = locked_together(visits, *therapists)
    if len(rows) != len(visits) or any(row.series_id != series.pk for row in rows):
        raise NotAllowed
    return rows


def _check(rows: Sequence[Appointment], shown: Mapping[int, int], now: datetime) -> None:
    """Of rows under their locks: of two desks at once, the second finds what the first wrote."""
    for row in rows:
        versions.check(row, shown[row.pk])
        if not row.is_upcoming(now):
            raise NotAllowed


def _stands(row: Appointment, slot: Slot) -> bool:
    """Whether it is booked for that time and place already: the request came twice."""
    here = row.location_id == slot.location_id
    return here and row.status == BOOKED and row.is_at(slot.therapist, slot.starts_at)


def _as_long_as(row: Appointment, slot: Slot) -> Slot:
    return slot._replace(ends_at=slot.starts_at + (row.ends_at - row.starts_at))


def _in_turn(
    going: Sequence[Appointment], wanted: Mapping[int, Slot], rows: Sequence[Appointment]
) -> list[Appointment]:
    """The visits in an order in which each finds its time free: the database looks at every row.

    Raises SeriesTaken, by their place in `rows`, where they would go round in a ring.
    """
    left, ordered = list(going), []
    while left:
        ready = [row for row in left if not _is_in_the_way(row, wanted[row.pk], left)]
        if not ready:
            raise SeriesTaken({rows.index(row): None for row in left})
        ordered.append(ready[0])
        left.remove(ready[0])
    return ordered


def _is_in_the_way(row: Appointment, slot: Slot, left: Sequence[Appointment]) -> bool:
    """Whether another one that has not moved yet is at that time."""
    return any(
        other.pk != row.pk
        and other.therapist_id == slot.therapist.pk
        and other.starts_at < slot.ends_at
        and slot.starts_at < other.ends_at
        for other in left
    )


def _move(row: Appointment, slot: Slot, now: datetime) -> None:
    row.moved_from = row.starts_at
    row.therapist, row.location_id = slot.therapist, slot.location_id
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    changes.move_row(row, Source.DESK, now, leaves_at=None, known=())
