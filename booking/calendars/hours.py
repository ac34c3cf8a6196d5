"""When the clinic is open: weekly rules in clinic time, turned into spans of UTC minutes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.calendars import availability
from booking.calendars.availability import DAY, Span, merge, to_minutes
from booking.models import Closure, Therapist, Weekday, WorkingHours
from booking.models.calendar import MIDNIGHT

ALWAYS = availability.LONG_AGO, -availability.LONG_AGO
LOOK_AHEAD = 14  # days in which the next opening is looked for


class Rule(NamedTuple):
    """A row of WorkingHours, without the cost of a model."""

    therapist_id: int
    weekday: int
    opens: time
    closes: time
    valid_from: date | None
    valid_until: date | None
    location_id: int
    travel_minutes: int  # between that location and another
    place: str  # the location's slug
    place_name: str

    def holds_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )

    def holds_between(self, first: date, last: date) -> bool:
        """Whether it may hold on some day from first to last."""
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_until is None or first <= self.valid_until
        )


PLACE = ["location", "location__travel_minutes", "location__slug", "location__name"]
COLUMNS = ["therapist", "weekday", "opens", "closes", "valid_from", "valid_until", *PLACE]
PlaceSpans = dict[tuple[int, int], list[Span]]  # by (therapist, location)


def today(now: datetime) -> date:
    """The clinic's date."""
    return timezone.localdate(now)


def day_start(day: date) -> datetime:
    """The instant (UTC) at which a clinic day begins."""
    return availability.to_instant(day_span(day)[0])


def day_span(day: date) -> Span:
    """When a clinic day begins, and when the next does; in minutes since the epoch."""
    zone = timezone.get_default_timezone()
    begins, ends = (availability.local_minutes(each, time.min, zone) for each in (day, day + DAY))
    return begins, ends


def openings_on(rules: Iterable[Rule], day: date) -> PlaceSpans:
    """Opening spans of a day by (therapist, location), merged."""
    zone = timezone.get_default_timezone()
    spans: PlaceSpans = defaultdict(list)
    for rule in rules:
        if rule.holds_on(day):
            opens = availability.local_minutes(day, rule.opens, zone)
            ends = day + DAY if rule.closes == MIDNIGHT else day
            closes = availability.local_minutes(ends, rule.closes, zone)
            spans[rule.therapist_id, rule.location_id].append((opens, closes))
    return {place: merge(theirs) for place, theirs in spans.items()}


def openings_during(rules: Iterable[Rule], starts_at: datetime, ends_at: datetime) -> PlaceSpans:
    """Opening spans of the days of a visit by (therapist, location).

    Hours until midnight that go on the next day are one span.
    """
    own = list(rules)
    spans: PlaceSpans = defaultdict(list)
    for day in availability.days(today(starts_at), today(ends_at)):
        for place, theirs in openings_on(own, day).items():
            spans[place] += theirs
    return {place: merge(theirs) for place, theirs in spans.items()}


class Gaps:
    """When nobody works around visits: reckoned once for all of one therapist on the same days."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.zone = timezone.get_default_timezone()
        self.rules: dict[int, list[Rule]] = defaultdict(list)
        self.names: dict[int, str] = {}  # of the places, by primary key
        self.reckoned: dict[tuple[int, date, date], dict[int, list[Span]]] = {}
        for rule in rules:
            self.rules[rule.therapist_id].append(rule)
            self.names[rule.location_id] = rule.place_name

    def around(
        self, therapist_id: int, starts_at: datetime, ends_at: datetime
    ) -> dict[int, list[Span]]:
        """The times outside the hours of the days of a visit, by place; none where there are no
        hours at all.
        """
        first, last = (each.astimezone(self.zone).date() for each in (starts_at, ends_at))
        key = therapist_id, first, last
        if key not in self.reckoned:
            spans = openings_during(self.rules[therapist_id], starts_at, ends_at)
            self.reckoned[key] = {
                place: availability.subtract([ALWAYS], theirs)
                for (_therapist, place), theirs in spans.items()
            }
        return self.reckoned[key]


NO_LIMIT = Q()


def weekly_rules(therapists: Iterable[Therapist] | None = None, at: Q = NO_LIMIT) -> list[Rule]:
    """The weekly rules of some therapists, or of all who are active; one query.

    `at` says which of them, where not all are meant: those at some places.
    """
    whose = Q(therapist__active=True) if therapists is None else Q(therapist__in=list(therapists))
    rows = WorkingHours.objects.filter(whose, at).order_by("opens").values_list(*COLUMNS)
    return [Rule(*row) for row in rows]


def location_for(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> int | None:
    """Location (primary key) where the therapist works throughout [starts_at, ends_at), if any.

    Asks working hours alone: the desk may book over time off, and is warned by `absences`.
    """
    return next(iter(locations_for(therapist, starts_at, ends_at)), None)


def locations_for(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> list[int]:
    """All such locations, the one whose hours begin first before the others; one query."""
    start, end = to_minutes(starts_at), availability.to_minutes_up(ends_at)
    openings = openings_during(weekly_rules([therapist]), starts_at, ends_at)
    return [
        location_id
        for (_therapist_id, location_id), spans in openings.items()
        if any(opens <= start and end <= closes for opens, closes in spans)
    ]


class Opening(NamedTuple):
    """Whether someone works now, and the instant (UTC) at which that changes, if it does soon."""

    is_open: bool
    changes_at: datetime | None


def opening_at(now: datetime, rules: list[Rule] | None = None) -> Opening:
    """Whether the clinic is open, from everyone's hours less the closures; two queries.

    One, where `rules` gives the hours of all who are active.
    """
    first = today(now)
    spans = _clinic_spans(first, first + LOOK_AHEAD * DAY, rules)
    minute = to_minutes(now)
    for opens, closes in spans:
        if opens <= minute < closes:
            return Opening(True, availability.to_instant(_until(closes, spans)))
        if minute < opens:
            return Opening(False, availability.to_instant(opens))
    return Opening(False, None)


def _until(closes: int, later: Iterator[Span]) -> int:
    """When it closes at last: hours until midnight that go on the next day are one opening."""
    for opens, ends in later:
        if opens != closes:
            break
        closes = ends
    return closes


def closes_next_working_day(now: datetime) -> datetime | None:
    """When (UTC) the clinic closes on its first open day after today; two queries.

    None where it opens on none of the next LOOK_AHEAD days.
    """
    first = today(now) + DAY
    days: dict[date, int] = {}
    for opens, closes in _clinic_spans(first, first + LOOK_AHEAD * DAY):
        days[today(availability.to_instant(opens))] = closes
    return availability.to_instant(days[min(days)]) if days else None


def _clinic_spans(first: date, last: date, rules: list[Rule] | None = None) -> Iterator[Span]:
    """When the clinic is open, soonest first; day by day, as nearly always the first will do."""
    rules = weekly_rules() if rules is None else rules
    closed = _closed(first, last)
    for day in availability.days(first, last):
        places = openings_on(rules, day).values()
        merged = merge(span for spans in places for span in spans)
        yield from availability.subtract(merged, closed)


def _closed(first: date, last: date) -> list[Span]:
    rows = Closure.objects.overlapping(day_start(first), day_start(last + DAY))
    return merge((to_minutes(row.starts_at), to_minutes(row.ends_at)) for row in rows)


class WeekdayHours(NamedTuple):
    """One row of the table of opening hours, clinic time; closing at 00:00 is midnight."""

    weekday: str
    spans: list[tuple[time, time]]


def opening_hours(day: date, rules: list[Rule] | None = None) -> list[WeekdayHours]:
    """Opening hours by weekday, Monday first, as the rules of that day's week stand; one query.

    None, where `rules` gives the hours of all who are active.
    """
    rules = weekly_rules() if rules is None else rules
    monday = day - day.weekday() * DAY
    table = []
    for weekday, name in Weekday.choices:
        date_ = monday + weekday * DAY
        spans = [span for spans in openings_on(rules, date_).values() for span in spans]
        local = [(_wall(opens), _closing(closes, date_)) for opens, closes in merge(spans)]
        table.append(WeekdayHours(str(name), local))
    return table


def as_said(week: Iterable[WeekdayHours]) -> list[WeekdayHours]:
    """A week with the days in a row that have the same hours as one: "Monday to Friday"."""
    runs = [list(rows) for _spans, rows in groupby(week, attrgetter("spans"))]
    return [WeekdayHours(_days([row.weekday for row in rows]), rows[0].spans) for rows in runs]


def _days(names: list[str]) -> str:
    words = {"first": names[0], "last": names[-1]}
    if len(names) == len(Weekday):
        return _("Every day")
    if len(names) > 2:
        return _("%(first)s to %(last)s") % words
    return names[0] if len(names) == 1 else _("%(first)s and %(last)s") % words


def _closing(minutes: int, day: date) -> time:
    """The wall time at which a day closes: midnight even where the clock skips it."""
    return MIDNIGHT if minutes == day_span(day)[1] else _wall(minutes)


def _wall(minutes: int) -> time:
    return timezone.localtime(availability.to_instant(minutes)).time()
