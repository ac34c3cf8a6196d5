"""The parts of the clinic's day that patients choose among. No database."""

from datetime import time
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
        """Whether hours from `opens` until `closes`, 00:00 being midnight, reach into it."""
        return opens < self.ends and (closes == time.min or self.begins < closes)


MORNING = DayPart("morning", _("Morning"), _("before noon"), time.min, time(12))
AFTERNOON = DayPart("afternoon", _("Afternoon"), _("noon to 5 p.m."), time(12), time(17))
# No visit starts at its end.
EVENING = DayPart("evening", _("Evening"), _("5 p.m. or later"), time(17), time.max)
DAY_PARTS = [MORNING, AFTERNOON, EVENING]


def day_part(wall: time) -> DayPart:
    """The part of the day in which a visit starts."""
    return next((part for part in DAY_PARTS if part.holds(wall)), EVENING)
