"""What suits a patient: which place, which weekday, which part of the day. No database."""

from dataclasses import dataclass
from datetime import date, time

from booking.models.day_parts import DayPart


@dataclass(frozen=True)
class Preferences:
    """What suits; None suits always. `weekday` counts as `date.weekday()` does."""

    location_id: int | None = None
    weekday: int | None = None
    part: DayPart | None = None

    def suits_day(self, day: date) -> bool:
        return self.weekday in (None, day.weekday())

    def suits(self, wall: time, location_id: int) -> bool:
        """Whether a visit suits that starts then, clinic time, at that location."""
        return self.location_id in (None, location_id) and (
            self.part is None or self.part.holds(wall)
        )


ANYTHING = Preferences()
