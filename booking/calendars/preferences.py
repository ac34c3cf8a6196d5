"""What suits a patient: whom, which place, which weekday, which part of the day. No database."""

from dataclasses import dataclass

from django.utils import timezone

from booking.calendars.slots import Slot
from booking.models.day_parts import DayPart


@dataclass(frozen=True)
class Preferences:
    """What suits; None suits always. `weekday` counts as `date.weekday()` does."""

    therapist_id: int | None = None
    location_id: int | None = None
    weekday: int | None = None
    part: DayPart | None = None

    def suits(self, slot: Slot) -> bool:
        """Whether the slot is such a one, by the clinic's clock."""
        start = timezone.localtime(slot.starts_at)
        return (
            self.therapist_id in (None, slot.therapist.pk)
            and self.location_id in (None, slot.location_id)
            and self.weekday in (None, start.weekday())
            and (self.part is None or self.part.holds(start.time()))
        )
