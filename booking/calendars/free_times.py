"""Reads of the calendars: working hours − time off − appointments → free slots.

Three queries, whatever the number of therapists, days and past appointments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import Exists

from booking.calendars import availability, hours
from booking.calendars.availability import DAY, Stay
from booking.calendars.busy import read_stays
from booking.calendars.preferences import ANYTHING, Preferences
from booking.calendars.slots import Calendar, Slot, one_for_each_start
from booking.models import Appointment, OnlineBooking, Therapist, VisitType

NEARBY = 10 * DAY
MARGIN = DAY  # a neighbour's buffer may reach over midnight


@dataclass(frozen=True)
class Window:
    """Which starts may be offered: clinic days, both included, and not before an instant.

    `asked_at` is when: a time that somebody of the earlier-time list is being asked about then
    counts as taken. Without it, as for the desk, such times count as free.
    """

    first: date
    last: date
    earliest: datetime | None = None
    asked_at: datetime | None = None

    def narrowed(self, first: date, last: date) -> "Window":
        """The part of it that lies in these days; it may be empty."""
        return replace(self, first=max(self.first, first), last=min(self.last, last))


def online_window(visit_type: VisitType, now: datetime, ahead: timedelta = timedelta(0)) -> Window:
    """What patients may book: after the minimum notice, to the end of the horizon's last day.

    `ahead` is how much longer than the notice it must still be until the visit.
    """
    last = hours.today(now) + visit_type.horizon_days * DAY
    earliest = visit_type.earliest_start(now + ahead)
    return Window(hours.today(earliest), last, earliest, asked_at=now)


def free_slots(
    visit_type: VisitType,
    window: Window,
    *,
    therapist: Therapist | None = None,
    online: bool = True,
    moving: Appointment | None = None,
    among: Iterable[Therapist] | None = None,
    rules: list[hours.Rule] | None = None,
    suits: Preferences = ANYTHING,
    each_start: bool = False,
) -> Iterator[Slot]:
    """Free times for a visit type, day by day, soonest first; every therapist of a time.

    `each_start` gives one for each start, with whoever has fewest visits that day, then by slug.
    `online` leaves out who or what has paused online booking; `among` gives the therapists
    where `bookable_therapists` was asked before, `rules` their hours. `moving` is an appointment
    whose own time counts as free. Lazy after its three queries: take what is needed.
    """
    asked = bookable_therapists(online) if among is None else among
    therapists = {row.pk: row for row in asked if therapist in (None, row)}
    if not therapists or window.first > window.last:
        return
    rules = hours.weekly_rules(therapists.values()) if rules is None else rules
    stays = _stays_around(window, therapists, moving)
    calendar = Calendar(visit_type, therapists, rules, stays, window.earliest, suits)
    for day in filter(suits.suits_day, availability.days(window.first, window.last)):
        slots = calendar.slots_on(day)
        yield from one_for_each_start(slots) if each_start else slots


def bookable_therapists(online: bool = True) -> list[Therapist]:
    """Who can be booked, by patients or else by the desk; nobody while the clinic pauses."""
    active = Therapist.objects.filter(active=True)
    if not online:
        return list(active)
    # The clinic's switch rides on the same query: where it is on, nobody is bookable.
    paused = OnlineBooking.objects.filter(paused=True)
    return list(active.filter(~Exists(paused), online_booking=True))


def _stays_around(
    window: Window, therapists: Iterable[int], moving: Appointment | None
) -> list[Stay]:
    start, end = hours.day_start(window.first), hours.day_start(window.last + DAY)
    stays = read_stays(therapists, start - MARGIN, end + MARGIN, offers_at=window.asked_at)
    return [stay for stay in stays if moving is None or stay.visit_id != moving.pk]


def slot_at(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    offered: bool = False,
) -> Slot | None:
    """The slot that patients may book at exactly that instant, or None.

    `offered` says that whoever asks was offered it: it is kept for them.
    """
    day = hours.today(starts_at)
    window = online_window(visit_type, now).narrowed(day, day)
    if offered:
        window = replace(window, asked_at=None)
    slots = free_slots(visit_type, window, therapist=therapist, moving=moving)
    return next((slot for slot in slots if slot.starts_at == starts_at), None)


def next_slots(
    visit_type: VisitType, now: datetime, *, therapist: Therapist | None = None, count: int = 3
) -> list[Slot]:
    """The soonest bookable times, one for each start."""
    window = online_window(visit_type, now)
    slots = free_slots(visit_type, window, therapist=therapist, each_start=True)
    return list(islice(slots, count))


def next_by_therapist(visit_type: VisitType, now: datetime, therapists: int) -> dict[int, Slot]:
    """The soonest bookable time by therapist (primary key); stops when so many have one."""
    soonest: dict[int, Slot] = {}
    for slot in free_slots(visit_type, online_window(visit_type, now)):
        soonest.setdefault(slot.therapist.pk, slot)
        if len(soonest) == therapists:
            break
    return soonest


def nearest_slots(
    visit_type: VisitType,
    therapist: Therapist,
    wanted: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    count: int = 3,
) -> list[Slot]:
    """The bookable times nearest to `wanted` over all therapists, soonest first.

    Smallest difference wins; on a tie the same therapist, then the one with fewest visits.
    Looks ten days to either side, and at the whole horizon where that holds too few.
    """
    whole = online_window(visit_type, now)
    near = whole.narrowed(hours.today(wanted - NEARBY), hours.today(wanted + NEARBY))

    def distance(slot: Slot) -> tuple[timedelta, bool, int, str]:
        other = slot.therapist.pk != therapist.pk
        return abs(slot.starts_at - wanted), other, slot.visits, slot.therapist.slug

    for window in (near, whole):
        best: dict[datetime, Slot] = {}
        for slot in sorted(free_slots(visit_type, window, moving=moving), key=distance):
            best.setdefault(slot.starts_at, slot)
        if sum(abs(start - wanted) <= NEARBY for start in best) >= count:
            break  # what lies outside the window is farther away than these
    return sorted(islice(best.values(), count), key=lambda slot: slot.starts_at)
