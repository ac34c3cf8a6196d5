"""What the desk's day shows: each therapist's visits, with the free times between them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import PermissionsMixin
from django.db.models import Exists, Q

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.calendars.doubts import JUST_BEGUN, Doubt, unsettled
from booking.calendars.free_times import Calendars, Window
from booking.calendars.slots import Slot
from booking.desk.news import Changed
from booking.desk.statuses import Button, offered
from booking.models import (
    Appointment,
    AppointmentStatus,
    Closure,
    OutgoingEmail,
    StaffChange,
    Therapist,
    TimeOff,
    TimeOffer,
    VisitType,
    WorkingHours,
)
from booking.models.appointment import AppointmentQuerySet
from booking.models.brief_visit import AnyVisit, brief
from booking.models.series import numbered
from booking.visits import duplicates, overriding


@dataclass
class Row:
    """One line of a column: a visit, an offered time, or the free times between two of them."""

    visit: AnyVisit | None = None
    offer: TimeOffer | None = None
    buttons: list[Button] = field(default_factory=list)
    can_undo: bool = False
    can_undo_change: bool = False
    free: list[Slot] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    changed: Changed | None = None
    double: Sequence[AnyVisit] = ()  # others at its time

    @property
    def may_be_twice(self) -> bool:
        """Whether it is a booked visit that may be the same person's as another."""
        visit = self.visit
        if visit is None or visit.status != AppointmentStatus.BOOKED:
            return False
        return bool(visit.same_person)  # type: ignore[union-attr]  # read with it


@dataclass
class Column:
    """One therapist's day."""

    therapist: Therapist
    openings: list[tuple[datetime, datetime]]
    absences: list[TimeOff]
    rows: list[Row]
    booked: int
    elsewhere: list[tuple[str, tuple[datetime, datetime]]] = field(default_factory=list)


@dataclass
class DaySheet:
    """Everything the page shows, read in a fixed number of queries."""

    day: date
    columns: list[Column]
    closures: list[Closure]

    @property
    def twice(self) -> int:
        """How many visits to come may be one person's twice."""
        rows = (row for column in self.columns for row in column.rows)
        return sum(row.may_be_twice for row in rows)

    @property
    def to_deal_with(self) -> int:
        """How many visits are not true any more as their patients were told."""
        return sum(bool(row.doubts) for column in self.columns for row in column.rows)


def read(
    day: date,
    visit_type: VisitType | None,
    user: PermissionsMixin,
    now: datetime,
    changed: Mapping[int, Changed],
    moving: Appointment | None = None,
    places: Collection[int] | None = None,
    is_whole: bool = False,
) -> DaySheet:
    """The day of every therapist whom the user may see; free times of one visit type. At some
    `places` alone (primary keys), of those who work there on that day or have a visit there.

    `changed` are the visits, by primary key, whose patients changed them since the user looked.
    Of a visit that is `moving` the free times are those of its own length, its own not taken by it.
    Of each visit what a grid shows, or all that is known of it (`is_whole`).
    """
    start, end = hours.day_start(day), hours.day_start(day + DAY)
    visits = visits_between(user, start, end, now, at_places(places), is_whole)
    therapists = _therapists(user, visits, day, places)
    columns = Columns(day, therapists, visits, now, places)
    columns.changed = changed
    columns.doubts = unsettled(
        (row for row in visits if row.is_upcoming(now)), columns.calendars.rules
    )
    needed = "booking.change_appointment" if moving else "booking.add_appointment"
    if visit_type and user.has_perm(needed):
        columns.add_free(visit_type, moving)
    away = TimeOff.objects.filter(therapist__in=therapists).overlapping(start, end)
    offers = TimeOffer.objects.visible_to(user).open(now).with_names().overlapping(start, end)
    for offer in offers.filter(at_places(places), therapist__in=therapists):
        columns.offers[offer.therapist_id].append(offer)
    for absence in away:
        columns.absences[absence.therapist_id].append(absence)
    return DaySheet(day, columns.built(), list(Closure.objects.overlapping(start, end)))


def at_places(places: Collection[int] | None, path: str = "location") -> Q:
    """Rows at these places; all, for None."""
    return Q() if places is None else Q(**{f"{path}__in": places})


def visits_between(
    user: PermissionsMixin,
    start: datetime,
    end: datetime,
    now: datetime,
    which: Q,
    is_whole: bool = False,
) -> Sequence[AnyVisit]:
    """The visits of [start, end) that the user may see, `which` of them, with what a grid shows of
    them: one query, and three for whom and what they share. With all that is known, if `is_whole`:
    one query.
    """
    shown = lying_in(_marked(user, now, which), start, end)
    return list(_in_detail(shown, now)) if is_whole else brief(shown)


def detailed(user: PermissionsMixin, now: datetime, which: Q) -> AppointmentQuerySet:
    """Visits that the user may see, `which` of them, with all that their panels show."""
    return _in_detail(_marked(user, now, which), now)


def _marked(user: PermissionsMixin, now: datetime, which: Q) -> AppointmentQuerySet:
    visible = Appointment.objects.visible_to(user)
    found = duplicates.marked(visible.filter(which), visible, now).with_details()
    given_up = OutgoingEmail.objects.lost_of_visit()
    return found.annotate(given_up=Exists(given_up)).order_by("starts_at", "pk")


def _in_detail(visits: AppointmentQuerySet, now: datetime) -> AppointmentQuerySet:
    changed = Exists(StaffChange.objects.of_outer(now))
    return numbered(visits).select_related("condition").annotate(just_changed=changed)


def lying_in(visits: AppointmentQuerySet, start: datetime, end: datetime) -> Any:
    """Those that share a moment with [start, end): what began the evening before and runs over
    midnight too. Bounded by its start on both sides, so that an index skips the whole past.
    """
    return visits.filter(starts_at__gte=start - DAY).overlapping(start, end)


def _therapists(
    user: PermissionsMixin,
    visits: Iterable[AnyVisit],
    day: date,
    places: Collection[int] | None,
) -> dict[int, Therapist]:
    mine = Q() if user.has_perm("booking.see_every_appointment") else Q(user=user)
    seen, works = Therapist.objects.with_shortest_visit(), Q(active=True)
    if places is not None:
        rules = WorkingHours.objects.on(day).filter(location__in=places)
        works &= Q(pk__in=rules.order_by().values("therapist"))
    here = works | Q(pk__in={visit.therapist_id for visit in visits})
    return {row.pk: row for row in seen.filter(mine, here)}


class Columns:
    """Visits and free times, gathered by therapist."""

    def __init__(
        self,
        day: date,
        therapists: dict[int, Therapist],
        visits: Sequence[AnyVisit],
        now: datetime,
        places: Collection[int] | None,
        calendars: Calendars | None = None,
    ) -> None:
        self.day, self.therapists, self.visits, self.now = day, therapists, visits, now
        self.places = places
        self.absences: dict[int, list[TimeOff]] = defaultdict(list)
        self.offers: dict[int, list[TimeOffer]] = defaultdict(list)
        self.free: dict[int, list[Slot]] = defaultdict(list)
        self.doubts: Mapping[Any, list[Doubt]] = {}
        self.changed: Mapping[int, Changed] = {}
        window = Window(max(day, hours.today(now)), day, now - JUST_BEGUN)
        self.calendars = calendars or Calendars.read(therapists.values(), window)
        self.double = overriding.sharing(visits)

    def add_free(self, visit_type: VisitType, moving: Appointment | None) -> None:
        """The free times of those who still work here, but for where a moving visit is already."""
        for slot in self.calendars.without(moving).slots(visit_type):
            is_there = moving is not None and moving.is_at(slot.therapist, slot.starts_at)
            is_here = self.places is None or slot.location_id in self.places
            if slot.therapist.active and is_here and not is_there:
                self.free[slot.therapist.pk].append(slot)

    def built(self) -> list[Column]:
        return [self.column(therapist) for therapist in self.therapists.values()]

    def column(self, therapist: Therapist) -> Column:
        hours = self.calendars.hours_of(therapist, self.day)
        is_here = [self.places is None or each.place in self.places for each in hours]
        both = list(zip(hours, is_here, strict=True))
        return Column(
            therapist=therapist,
            openings=[(each.begins, each.ends) for each, here in both if here],
            elsewhere=[(each.name, (each.begins, each.ends)) for each, here in both if not here],
            absences=self.absences[therapist.pk],
            rows=self.rows(therapist.pk),
            booked=sum(visit.is_active for visit in self.visits_of(therapist.pk)),
        )

    def visits_of(self, therapist_id: int) -> list[AnyVisit]:
        return [visit for visit in self.visits if visit.therapist_id == therapist_id]

    def rows(self, therapist_id: int) -> list[Row]:
        """Visits and offers in order; the free times before each gathered into one row.

        An offered time is among the free ones that follow it: the desk may give it to a caller.
        """
        rows, free = [], self.free[therapist_id]
        lines: list[AnyVisit | TimeOffer] = [*self.offers[therapist_id]]
        lines += self.visits_of(therapist_id)
        for line in sorted(lines, key=lambda line: line.starts_at):
            before = [slot for slot in free if slot.starts_at < line.starts_at]
            free = free[len(before) :]
            rows += [Row(free=before)] if before else []
            rows.append(self.row(line))
        return rows + ([Row(free=free)] if free else [])

    def row(self, line: AnyVisit | TimeOffer) -> Row:
        if isinstance(line, TimeOffer):
            return Row(offer=line)
        row = row_of(line, self.now, self.changed)
        row.doubts = self.doubts.get(line, [])
        row.double = self.double.get(line.pk, ())
        return row


def row_of(visit: AnyVisit, now: datetime, changed: Mapping[int, Changed]) -> Row:
    """A visit with what can be clicked of it; whether its last change can be undone, where that was
    read with it.
    """
    is_booked = visit.status == AppointmentStatus.BOOKED
    return Row(
        visit=visit,
        buttons=offered(visit, now),
        can_undo=visit.can_undo(now),
        can_undo_change=is_booked and getattr(visit, "just_changed", False),
        changed=changed.get(visit.pk),
    )
