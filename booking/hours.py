"""When the clinic is open: weekly rules in clinic time, turned into spans of UTC minutes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from booking import availability
from booking.availability import Span, to_minutes
from booking.models import Closure, Therapist, WorkingHours


class Rule(NamedTuple):
    """A row of WorkingHours, without the cost of a model."""

    therapist_id: int
    weekday: int
    opens: time
    closes: time
    valid_from: date | None
    valid_until: date | None
    location_id: int

    def holds_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


def today(now: datetime) -> date:
    """The clinic's date."""
    return timezone.localdate(now)


def day_start(day: date) -> datetime:
    """The instant (UTC) at which a clinic day begins."""
    zone = timezone.get_default_timezone()
    return availability.to_instant(availability.local_minutes(day, time.min, zone))


def openings_on(rules: Iterable[Rule], day: date) -> dict[tuple[int, int], list[Span]]:
    """Opening spans of a day by (therapist, location), merged."""
    zone = timezone.get_default_timezone()
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for rule in rules:
        if rule.holds_on(day):
            opens = availability.local_minutes(day, rule.opens, zone)
            closes = availability.local_minutes(day, rule.closes, zone)
            spans[rule.therapist_id, rule.location_id].append((opens, closes))
    return {place: availability.merge(found) for place, found in spans.items()}


def rules_by_weekday(therapists: Iterable[int]) -> dict[int, list[Rule]]:
    rows = WorkingHours.objects.filter(therapist__in=therapists).order_by("opens")
    rules: dict[int, list[Rule]] = defaultdict(list)
    for rule in map(Rule._make, rows.values_list(*Rule._fields)):
        rules[rule.weekday].append(rule)
    return rules


def location_for(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> int | None:
    """Location (primary key) where the therapist works throughout [starts_at, ends_at), if any.

    Asks working hours alone: the desk may book over time off, and is warned by `absences`.
    """
    day = today(starts_at)
    start, end = to_minutes(starts_at), availability.to_minutes_up(ends_at)
    openings = openings_on(rules_by_weekday([therapist.pk])[day.weekday()], day)
    for (_therapist_id, location_id), spans in openings.items():
        if any(opens <= start and end <= closes for opens, closes in spans):
            return location_id
    return None


def absences(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> list[str]:
    """What else speaks against a visit then: time off and closures, in words for staff."""
    away = therapist.time_off.overlapping(starts_at, ends_at)
    closed = Closure.objects.overlapping(starts_at, ends_at)
    return [
        *(_("%(name)s is away then.") % {"name": therapist.name} for _row in away[:1]),
        *(_("The clinic is closed then: %(name)s.") % {"name": row.name} for row in closed),
    ]
