"""Notes which booked visits a closure or time off hurts, in the transaction that saves it."""

from collections.abc import Iterable, Iterator, Mapping

from booking.calendars import hurt
from booking.calendars.doubts import CLOSED, Doubt
from booking.models import AffectedVisit, Appointment


def note(found: Mapping[Appointment, Iterable[Doubt]]) -> None:
    """Note each such visit for each absence that hurts it; what was noted before stays as it was.

    One query. Read once more later, such a visit is on the absence's list however it was changed.
    """
    rows = [row for visit, doubts in found.items() for row in _rows(visit, doubts)]
    AffectedVisit.objects.bulk_create(rows, ignore_conflicts=True)


def _rows(visit: Appointment, doubts: Iterable[Doubt]) -> Iterator[AffectedVisit]:
    for kind, pk in sorted(hurt.named_in(doubts)):
        name = "closure_id" if kind == CLOSED else "time_off_id"
        yield AffectedVisit(appointment=visit, sequence=visit.sequence, **{name: pk})
