"""What patients are shown of a Monday, against a count of what still fits each calendar."""

from collections.abc import Sequence
from datetime import datetime

from booking.calendars.free_times import Window, online_calendars
from booking.models import VisitType
from tests.builders import MONDAY, NOW


def check(visit_type: VisitType) -> None:
    """Every free time; or such as lower by one how many fit, and one at least where one fits."""
    calendars = online_calendars(Window(MONDAY, MONDAY), NOW)
    free, shown = list(calendars.slots(visit_type)), list(calendars.shown(visit_type))
    if not visit_type.fills_day:
        assert shown == free
    for key in calendars.therapists:
        starts = [slot.starts_at for slot in free if slot.therapist.pk == key]
        costs = {
            most(starts, visit_type) - most(apart(starts, slot.starts_at, visit_type), visit_type)
            for slot in shown
            if slot.therapist.pk == key
        }
        assert costs == ({1} if starts else set()) or not visit_type.fills_day


def apart(starts: Sequence[datetime], taken: datetime, visit_type: VisitType) -> list[datetime]:
    """Those of the starts that are free beside a visit at one."""
    return [start for start in starts if abs(start - taken) >= visit_type.length]


def most(starts: Sequence[datetime], visit_type: VisitType) -> int:
    """How many visits fit at these starts, in order: as soon as one is over, the next."""
    fits, free_from = 0, None
    for start in starts:
        if free_from is None or start >= free_from:
            fits, free_from = fits + 1, start + visit_type.length
    return fits
