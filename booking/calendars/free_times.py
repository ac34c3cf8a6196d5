"""Free times: working hours − time off − appointments.

The calendars are read once, into one `Calendars`; every question about free times goes to that.
Reading takes three queries, whatever the number of therapists, days and past appointments.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Exists, Q

from booking.calendars import hours
from booking.calendars.availability import DAY, Stay, days, to_instant
from booking.calendars.busy import read_stays
from booking.calendars.slots import Search, Slot, one_for_each_start
from booking.models import Appointment, OnlineBooking, Therapist, VisitType
from booking.models.therapists import TherapistQuerySet

NEARBY = 10 * DAY
MARGIN = DAY  # a neighbour's buffer may reach over midnight


@dataclass(frozen=True)
class Window:
    """Which starts may be offered: clinic days, both included, and not before an instant."""

    first: date
    last: date
    earliest: datetime | None = None

    def narrowed(self, first: date, last: date) -> "Window":
        """The part of it that lies in these days; it may be empty."""
        return replace(self, first=max(self.first, first), last=min(self.last, last))


def online_window(visit_type: VisitType, now: datetime, ahead: timedelta = timedelta(0)) -> Window:
    """What patients may book: after the minimum notice, to the end of the horizon's last day.

    `ahead` is how much longer than the notice it must still be until the visit.
    """
    last = hours.today(now) + visit_type.horizon_days * DAY
    earliest = visit_type.earliest_start(now + ahead)
    return Window(hours.today(earliest), last, earliest)


def bookable_therapists(online: bool = True) -> TherapistQuerySet:
    """Who can be booked, by patients or else by the desk; nobody while the clinic pauses."""
    active = Therapist.objects.with_shortest_visit().filter(active=True)
    if not online:
        return active
    # The clinic's switch rides on the same query: where it is on, nobody is bookable.
    paused = OnlineBooking.objects.filter(paused=True)
    return active.filter(~Exists(paused), online_booking=True)


class Hours(NamedTuple):
    """From when until when (UTC) somebody works at a place: its primary key, and its name."""

    begins: datetime
    ends: datetime
    place: int
    name: str


@dataclass(frozen=True)
class Calendars:
    """The calendars of some therapists on the days of a window, as they were read.

    Questions about them take no query; an answer is as true as what was read still is. So a
    booking reads them again under its lock.
    """

    window: Window
    therapists: dict[int, Therapist]  # by primary key
    rules: list[hours.Rule]
    stays: list[Stay]
    offers_at: datetime | None = None
    moving: int | None = None  # primary key of a visit whose own time counts as free
    minutes: int | None = None  # how long a visit lasts, if not as its type says today

    @classmethod
    def read(
        cls,
        therapists: Iterable[Therapist],
        window: Window,
        *,
        rules: Iterable[hours.Rule] | None = None,
        offers_at: datetime | None = None,
        at: Q = hours.NO_LIMIT,
    ) -> "Calendars":
        """Read them, in two queries; in one where the therapists' weekly `rules` are given.

        With `offers_at`, a time about which somebody of the earlier-time list is being asked at
        that instant counts as taken. Without it, as for the desk, such times count as free.
        `at` as for `hours.weekly_rules`: times are free where these say so.
        """
        by_key = {row.pk: row for row in therapists}
        every_rule = hours.weekly_rules(by_key.values(), at) if rules is None else rules
        own_rules = [rule for rule in every_rule if rule.therapist_id in by_key]
        stays = _stays_on(window, by_key, offers_at)
        return cls(window, by_key, own_rules, stays, offers_at)

    def on(self, window: Window) -> "Calendars":
        """The calendars of these therapists on other days; one query."""
        return replace(
            self, window=window, stays=_stays_on(window, self.therapists, self.offers_at)
        )

    def with_offered_times(self) -> "Calendars":
        """These calendars with the times free that somebody is being asked about; one query."""
        return replace(self, stays=_stays_on(self.window, self.therapists, None), offers_at=None)

    def within(self, window: Window) -> "Calendars":
        """These calendars, for starts in another window; no query.

        Raises ValueError where the window has days that were not read.
        """
        if window.first < self.window.first or window.last > self.window.last:
            raise ValueError(f"{window} has days that were not read")
        return replace(self, window=window)

    def without(self, visit: Appointment | None) -> "Calendars":
        """These calendars for whoever moves that visit: its own time counts as free.

        It lasts as long as before, though its visit type may have become longer or shorter since.
        """
        if visit is None:
            return replace(self, moving=None, minutes=None)
        return replace(self, moving=visit.pk, minutes=visit.minutes)

    def hours_of(self, therapist: Therapist, day: date) -> list[Hours]:
        """When the therapist works on a clinic day, and where, soonest first."""
        rules = [rule for rule in self.rules if rule.therapist_id == therapist.pk]
        names = {rule.location_id: rule.place_name for rule in rules}
        return sorted(
            Hours(to_instant(opens), to_instant(closes), place, names[place])
            for (_therapist, place), spans in hours.openings_on(rules, day).items()
            for opens, closes in spans
        )

    def slots(self, visit_type: VisitType) -> Iterator[Slot]:
        """Free times for a visit type, day by day, soonest first; every therapist of a time."""
        moved = self.moving
        stays = [stay for stay in self.stays if stay.visit_id is None or stay.visit_id != moved]
        search = Search(
            visit_type, self.therapists, self.rules, stays, self.window.earliest, self.minutes
        )
        for day in days(self.window.first, self.window.last):
            yield from sorted(search.slots_on(day), key=attrgetter("starts_at"))

    def shown(self, visit_type: VisitType) -> Iterator[Slot]:
        """Those of the free times that patients are shown; every other one they may book too."""
        return (slot for slot in self.slots(visit_type) if not slot.leaves_gap)

    def slot_at(
        self, visit_type: VisitType, therapist: Therapist, starts_at: datetime
    ) -> Slot | None:
        """The slot of that therapist at exactly that instant, or None."""
        day = hours.today(starts_at)
        slots = self.within(self.window.narrowed(day, day)).slots(visit_type)
        wanted = starts_at, therapist.pk
        return next((slot for slot in slots if (slot.starts_at, slot.therapist.pk) == wanted), None)

    def nearest(self, visit_type: VisitType, therapist: Therapist, wanted: datetime) -> list[Slot]:
        """Of the times shown one for each start, the nearest to `wanted` first.

        On a tie the same therapist comes first, then whoever has fewest visits, then by slug.
        """

        def distance(slot: Slot) -> tuple[timedelta, bool, int, str]:
            other = slot.therapist.pk != therapist.pk
            return abs(slot.starts_at - wanted), other, slot.visits, slot.therapist.slug

        best: dict[datetime, Slot] = {}
        for slot in sorted(self.shown(visit_type), key=distance):
            best.setdefault(slot.starts_at, slot)
        return list(best.values())


def _stays_on(
    window: Window, therapists: Collection[int], offers_at: datetime | None
) -> list[Stay]:
    if not therapists or window.first > window.last:
        return []
    start, end = hours.day_start(window.first), hours.day_start(window.last + DAY)
    return read_stays(therapists, start - MARGIN, end + MARGIN, offers_at=offers_at)


def online_calendars(
    window: Window, now: datetime, *, therapist: Therapist | None = None, offered: bool = False
) -> Calendars:
    """What patients may book in a window, of everyone or of one therapist; three queries.

    `offered` says that whoever asks was offered such a time: it is kept for them.
    """
    bookable = bookable_therapists()
    if therapist:
        bookable = bookable.filter(pk=therapist.pk)
    return Calendars.read(bookable, window, offers_at=None if offered else now)


def calendar_of_day(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    *,
    offered: bool = False,
) -> Calendars:
    """What patients may book of a therapist on the clinic day of that instant; three queries."""
    day = hours.today(starts_at)
    window = online_window(visit_type, now).narrowed(day, day)
    return online_calendars(window, now, therapist=therapist, offered=offered)


def slot_at(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    offered: bool = False,
) -> Slot | None:
    """The slot that patients may book at exactly that instant, or None; three queries.

    A visit that is moved keeps its length; but where a time was `offered`, that was told with a
    length of its own, as the visit type has it.
    Where the calendars have been read already, their own `slot_at` takes none.
    """
    calendars = calendar_of_day(visit_type, therapist, starts_at, now, offered=offered)
    calendars = calendars.without(moving)
    if offered:
        calendars = replace(calendars, minutes=None)
    return calendars.slot_at(visit_type, therapist, starts_at)


def own_time_elsewhere(visit: Appointment, now: datetime) -> Slot | None:
    """The slot of a visit's own time, if it is offered at another place alone; three queries."""
    wanted = visit.starts_at, visit.therapist_id
    calendars = calendar_of_day(visit.visit_type, visit.therapist, visit.starts_at, now)
    slots = calendars.without(visit).slots(visit.visit_type)
    own = [slot for slot in slots if (slot.starts_at, slot.therapist.pk) == wanted]
    here = any(slot.location_id == visit.location_id for slot in own)
    return None if here else next(iter(own), None)


def next_slots(
    visit_type: VisitType, now: datetime, *, therapist: Therapist | None = None, count: int = 3
) -> list[Slot]:
    """The soonest times shown, one for each start; three queries, or four over full weeks."""
    whole = online_window(visit_type, now)
    calendars = online_calendars(first_days(whole), now, therapist=therapist)
    slots = soonest_first(calendars, visit_type, whole)
    return list(islice(one_for_each_start(slots), count))


def first_days(whole: Window) -> Window:
    """The days that nearly always hold the soonest times: a tenth of the rows to read."""
    return whole.narrowed(whole.first, whole.first + NEARBY)


def soonest_first(calendars: Calendars, visit_type: VisitType, whole: Window) -> Iterator[Slot]:
    """The times shown of the days that were read; then of the rest of `whole`, read only then."""
    yield from calendars.shown(visit_type)
    rest = whole.narrowed(calendars.window.last + DAY, whole.last)
    yield from calendars.on(rest).shown(visit_type)


def nearest_slots(
    visit_type: VisitType,
    therapist: Therapist,
    wanted: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    count: int = 3,
) -> list[Slot]:
    """The times shown that are nearest to `wanted`, over all therapists, soonest first.

    Looks ten days to either side, and at the whole horizon where that holds too few.
    """
    whole = online_window(visit_type, now)
    near = whole.narrowed(hours.today(wanted - NEARBY), hours.today(wanted + NEARBY))
    calendars = online_calendars(near, now).without(moving)
    nearest = calendars.nearest(visit_type, therapist, wanted)
    # What lies outside these days is farther away than ten days.
    if sum(abs(slot.starts_at - wanted) <= NEARBY for slot in nearest) < count:
        nearest = calendars.on(whole).nearest(visit_type, therapist, wanted)
    return sorted(nearest[:count], key=attrgetter("starts_at"))
