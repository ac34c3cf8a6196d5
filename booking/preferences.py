"""What suits a patient: which place, which weekday, which part of the day. No database."""

from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DayPart(NamedTuple):
    """A part of the clinic's day: from `begins` until just before `ends`, clinic time.

    `when` says that in words.
    """

    slug: str
    name: str | Promise
    when: str | Promise
    begins: time
    ends: time

    def holds(self, wall: time) -> bool:
        """Whether a visit that starts then starts in it."""
        return self.begins <= wall < self.ends

    def is_reached(self, opens: time, closes: time) -> bool:
        """Whether hours from `opens` until `closes` reach into it."""
        return opens < self.ends and self.begins < closes


MORNING = DayPart("morning", _("Morning"), _("before noon"), time.min, time(12))
AFTERNOON = DayPart("afternoon", _("Afternoon"), _("noon to 5 p.m."), time(12), time(17))
# No visit starts at its end.
EVENING = DayPart("evening", _("Evening"), _("5 p.m. or later"), time(17), time.max)
DAY_PARTS = [MORNING, AFTERNOON, EVENING]


def day_part(wall: time) -> DayPart:
    """The part of the day in which a visit starts."""
    return next((part for part in DAY_PARTS if part.holds(wall)), EVENING)


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
