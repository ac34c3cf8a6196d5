"""Which visits are in the way of several times at once."""

from collections.abc import Collection, Sequence

from booking.calendars.slots import Slot
from booking.models import Appointment


def taken(wanted: Sequence[Slot], moving: Collection[int] = ()) -> dict[int, Appointment | None]:
    """Those of the times that cannot be had, by their place in `wanted`, with the visit that is
    there; None where an earlier one of the times themselves is in the way. One query.

    `moving` are the primary keys of visits that would leave their own times.
    """
    found: dict[int, Appointment | None] = {}
    rows = _around(wanted, moving) if wanted else []
    for number, slot in enumerate(wanted):
        there = [row for row in rows if row.therapist_id == slot.therapist.pk and _meet(row, slot)]
        if there:
            found[number] = there[0]
        elif any(_same(slot, other) for other in wanted[:number]):
            found[number] = None
    return found


def _around(wanted: Sequence[Slot], moving: Collection[int]) -> list[Appointment]:
    first, last = min(slot.starts_at for slot in wanted), max(slot.ends_at for slot in wanted)
    theirs = Appointment.objects.filter(therapist__in={slot.therapist.pk for slot in wanted})
    there = theirs.exclude(pk__in=moving).active().overlapping(first, last)
    return list(there.order_by("starts_at", "pk"))


def _same(one: Slot, other: Slot) -> bool:
    return one.therapist == other.therapist and _meet(one, other)


def _meet(one: Appointment | Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
