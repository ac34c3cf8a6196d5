"""One visit over another on purpose: what is in the way of a time, who goes past the guard, and
when the guard takes a visit back.

The database keeps apart the visits that are `held`. One that is booked over such a visit is marked,
which takes it out of the guard's condition; it is as busy as any. So the guard says nothing of a
visit that is laid over a marked one: `check` does, which every service asks as a visit begins to
hold a time. Past the services nobody does.

Both are asked under the therapist's lock. That closes the race of two who take, or free, the same
time at once: the second sees what the first has written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from booking.models import Appointment
from booking.models.appointment import AppointmentQuerySet
from booking.models.brief_visit import AnyVisit
from booking.visits.refusals import SlotUnavailable


@dataclass(frozen=True)
class Override:
    """Leave to book over other visits: why, and over which (primary keys; None over any).

    What nobody has seen nobody books over: a visit that came since refuses as ever. Whether
    somebody may give such leave, the caller has asked.
    """

    reason: str
    over: Collection[int] | None = None

    def covers(self, others: Collection[Appointment]) -> bool:
        return self.over is None or {other.pk for other in others} <= set(self.over)


def in_the_way(
    therapist_id: int, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> AppointmentQuerySet:
    """Visits of the therapist that hold some of [starts_at, ends_at), but for one of this primary
    key.
    """
    there = Appointment.objects.active().filter(therapist=therapist_id).exclude(pk=but)
    return there.overlapping(starts_at, ends_at).order_by("starts_at", "pk")


def beside(row: Appointment) -> AppointmentQuerySet:
    """Those that share some of a visit's time, whichever of them was booked over the other."""
    return in_the_way(row.therapist_id, row.starts_at, row.ends_at, row.pk)


def sharing(visits: Iterable[AnyVisit]) -> dict[int, list[AnyVisit]]:
    """Of visits that were read already, those that share some of their time with others of their
    therapist: the others, by primary key.
    """
    found: dict[int, list[AnyVisit]] = defaultdict(list)
    before: dict[int, list[AnyVisit]] = defaultdict(list)
    for visit in sorted((row for row in visits if row.is_active), key=attrgetter("starts_at")):
        still = [row for row in before[visit.therapist_id] if visit.starts_at < row.ends_at]
        for row in still:
            found[row.pk].append(visit)
            found[visit.pk].append(row)
        before[visit.therapist_id] = [*still, visit]
    return found


def as_stored(row: Appointment) -> Appointment | None:
    """Whose time a visit held before a service writes it, as the database has it; None of a new
    one.
    """
    held = Appointment.objects.only("therapist", "starts_at", "ends_at", "status")
    return None if row._state.adding else held.filter(pk=row.pk).first()


def check(row: Appointment, before: Appointment | None, override: Override | None) -> None:
    """Let a visit have a time that it did not hold `before`, or not: marks the row, unsaved.

    It is marked where the guard would refuse it. Over marked visits alone it needs leave too, but
    no mark: the guard holds as many as it can. Raises SlotUnavailable, naming the others.
    """
    if not row.is_active:
        row.overrides = False  # its reason stays: who takes the cancellation back may give it again
    elif before is None or not _covers(before, row):
        others = list(beside(row))
        if others and not (override and override.reason and override.covers(others)):
            raise SlotUnavailable(others)
        row.overrides = any(not other.overrides for other in others)
        row.override_reason = override.reason if others and override else ""


def settle(before: Appointment | None, row: Appointment) -> None:
    """Take the mark off the visits beneath which nothing is left, of those that shared the time
    which a visit had `before` it was written; the guard holds them again. The earliest booked comes
    first: it may be what keeps a later one marked.
    """
    if before is None or not before.is_active or _covers(row, before):
        return
    span = before.therapist_id, before.starts_at, before.ends_at
    for marked in in_the_way(*span).filter(overrides=True).order_by("pk"):
        if not beside(marked).held().exists():
            marked.overrides = False
            marked.save(update_fields=["overrides", "updated_at"])


def _covers(one: Appointment, other: Appointment) -> bool:
    """Whether the one holds all of the other's time."""
    return (
        one.is_active
        and one.therapist_id == other.therapist_id
        and one.starts_at <= other.starts_at
        and other.ends_at <= one.ends_at
    )
