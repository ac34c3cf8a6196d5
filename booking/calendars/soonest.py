"""The next times of all, and of each who treats, from one reading of the calendars."""

from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from booking.calendars.free_times import (
    first_days,
    online_calendars,
    online_window,
    soonest_first,
)
from booking.calendars.slots import Slot, one_for_each_start
from booking.models import VisitType


class Soonest(NamedTuple):
    """The next times shown: one for each start, and each therapist's own by primary key."""

    slots: list[Slot]
    by_therapist: dict[int, Slot]

    def with_different_people(self) -> list[Slot]:
        """As many as `slots`, each with somebody else; where fewer have a time, `slots`."""
        own = sorted(self.by_therapist.values(), key=attrgetter("starts_at"))[: len(self.slots)]
        return own if len(own) == len(self.slots) else self.slots


def soonest_of_all(visit_type: VisitType, now: datetime, count: int = 0) -> Soonest:
    """The soonest `count` times, and that of each therapist who has one.

    Three queries, or four over full weeks.
    """
    whole = online_window(visit_type, now)
    calendars = online_calendars(first_days(whole), now)
    seen: list[Slot] = []
    own: dict[int, Slot] = {}
    starts: set[datetime] = set()
    for slot in soonest_first(calendars, visit_type, whole):
        starts.add(slot.starts_at)
        if len(starts) > count and len(own) == len(calendars.therapists):
            break
        seen.append(slot)
        own.setdefault(slot.therapist.pk, slot)
    return Soonest(list(islice(one_for_each_start(seen), count)), own)
