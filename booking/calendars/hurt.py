"""Whom a closure or time off hurts, and how far the desk is with telling them.

Read from the rows as they are, whoever changed them: a visit that was moved away, cancelled, kept
on purpose or called about is dealt with, wherever that was done.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.calendars.doubts import AWAY, CLOSED, Doubt, closed_or_away, hurts
from booking.models import (
    AffectedVisit,
    Appointment,
    AppointmentStatus,
    Closure,
    ContactAttempt,
    TimeOff,
)
from booking.models.appointment import AppointmentQuerySet

Leave = Closure | TimeOff


class Standing(models.TextChoices):
    """How a visit stands that an absence hurts, or has hurt. The first two are still to do."""

    TO_TELL = "to-tell", _("Still to tell")
    TO_CALL = "to-call", _("Changed, no e-mail address: call")
    MESSAGE = "message", _("Left a message")
    CALLED = "called", _("Called")
    KEPT = "kept", _("Stays as it is")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    SPARED = "spared", _("Not closed or away then any more")
    OVER = "over", _("Its time is past")


UNFINISHED = {Standing.TO_TELL, Standing.TO_CALL}
# Of these the visit still stands at a time at which nobody treats.
MEETING = {Standing.TO_TELL, Standing.MESSAGE, Standing.CALLED, Standing.KEPT}


@dataclass
class Hurt:
    """One visit under one absence; `code` is that of the doubt, empty where they meet no more."""

    visit: Appointment
    stands: Standing
    code: str = ""
    attempts: list[ContactAttempt] = field(default_factory=list)  # of the visit as it is, new first

    @property
    def is_unfinished(self) -> bool:
        return self.stands in UNFINISHED

    @property
    def is_meeting(self) -> bool:
        return self.stands in MEETING


class Progress(NamedTuple):
    """How many of an absence's visits are neither moved, cancelled, kept nor called about."""

    left: int
    every: int


def prefix(absence: Leave) -> str:
    """How the code of each doubt begins that is for this absence."""
    return f"{CLOSED if isinstance(absence, Closure) else AWAY}:{absence.pk}:"


def named_in(doubts: Iterable[Doubt]) -> set[tuple[str, int]]:
    """Which absences the codes of doubts are for: AWAY or CLOSED, and the primary key."""
    parts = (doubt.code.split(":") for doubt in doubts)
    return {(part[0], int(part[1])) for part in parts if part[0] in (AWAY, CLOSED)}


def not_over(now: datetime) -> list[Leave]:
    """All closures and time off that have not ended; two queries."""
    away = TimeOff.objects.filter(ends_at__gt=now).select_related("therapist")
    every: Iterable[Leave] = chain(Closure.objects.filter(ends_at__gt=now), away)
    return sorted(every, key=lambda row: (row.starts_at, row.ends_at))


def progress(hurt: Collection[Hurt]) -> Progress:
    return Progress(sum(row.is_unfinished for row in hurt), len(hurt))


def by(
    absences: Sequence[Leave], visits: AppointmentQuerySet, now: datetime
) -> dict[Leave, list[Hurt]]:
    """Of these absences, each with those of these visits that it hurts or has hurt, soonest first.

    Three queries, whatever the number of absences and visits.
    """
    if not absences:
        return {}
    meeting, noted = _meeting(absences, visits, now), _noted(absences, visits)
    every = {visit.pk: visit for visit in chain(meeting, (row.appointment for row in noted))}
    attempts = _attempts(every)
    by_absence: dict[str, dict[int, AffectedVisit]] = defaultdict(dict)
    for row in noted:
        key = f"{CLOSED}:{row.closure_id}:" if row.closure_id else f"{AWAY}:{row.time_off_id}:"
        by_absence[key][row.appointment_id] = row
    return {
        absence: _of(absence, meeting, by_absence[prefix(absence)], attempts, now)
        for absence in absences
    }


def _meeting(
    absences: Sequence[Leave], visits: AppointmentQuerySet, now: datetime
) -> list[Appointment]:
    """Booked visits that lie in the time of all these absences together."""
    first, last = min(row.starts_at for row in absences), max(row.ends_at for row in absences)
    coming: AppointmentQuerySet = visits.upcoming(now)
    return list(coming.filter(starts_at__lt=last, ends_at__gt=first).with_details())


def _noted(absences: Sequence[Leave], visits: AppointmentQuerySet) -> list[AffectedVisit]:
    closures = [row.pk for row in absences if isinstance(row, Closure)]
    away = [row.pk for row in absences if isinstance(row, TimeOff)]
    details = [f"appointment__{name}" for name in ("therapist", "visit_type", "location")]
    rows = AffectedVisit.objects.filter(Q(closure__in=closures) | Q(time_off__in=away))
    return list(rows.filter(appointment__in=visits).select_related(*details))


def _attempts(visits: dict[int, Appointment]) -> dict[int, list[ContactAttempt]]:
    """The calls about each visit as it is now: those about another time of it told nobody this."""
    found: dict[int, list[ContactAttempt]] = defaultdict(list)
    for row in ContactAttempt.objects.filter(appointment__in=visits).select_related("made_by"):
        if row.appointment_id and row.sequence == visits[row.appointment_id].sequence:
            found[row.appointment_id].append(row)
    return found


def _of(
    absence: Leave,
    meeting: Iterable[Appointment],
    noted: dict[int, AffectedVisit],
    attempts: dict[int, list[ContactAttempt]],
    now: datetime,
) -> list[Hurt]:
    here = [visit for visit in meeting if hurts(absence, visit)]
    met = {visit.pk for visit in here}
    found = [_still(visit, absence, attempts[visit.pk]) for visit in here]
    found += [
        Hurt(row.appointment, _since(row, absence, attempts[pk], now), attempts=attempts[pk])
        for pk, row in noted.items()
        if pk not in met
    ]
    return sorted(found, key=lambda row: (row.visit.starts_at, row.visit.pk))


def _still(visit: Appointment, absence: Leave, attempts: list[ContactAttempt]) -> Hurt:
    """How a visit stands that is booked for a time of the absence."""
    doubt = closed_or_away(visit, absence)
    told = next((row for row in attempts if row.knew(prefix(absence))), None)
    stands = Standing.TO_TELL
    if doubt.is_among(visit.kept_against):
        stands = Standing.KEPT
    elif told:
        stands = Standing(told.outcome)
    return Hurt(visit, stands, doubt.code, attempts)


def _since(
    noted: AffectedVisit, absence: Leave, attempts: list[ContactAttempt], now: datetime
) -> Standing:
    """What has become of a visit that it has hurt."""
    visit = noted.appointment
    if visit.status == AppointmentStatus.CANCELLED:
        changed = Standing.CANCELLED
    elif hurts(absence, visit):
        return Standing.OVER  # begun, or whoever it was came all the same
    elif visit.sequence != noted.sequence:
        changed = Standing.MOVED
    else:
        return Standing.SPARED
    if visit.email or attempts or visit.starts_at <= now:
        return changed
    return Standing.TO_CALL
