"""What speaks against a time or against a booked visit, in words for staff."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from booking.calendars import hours
from booking.calendars.availability import DAY, Span, to_minutes, to_minutes_up
from booking.models import Appointment, Closure, Location, Therapist, TimeOff, TimeOffer
from booking.models.appointment import AppointmentQuerySet
from booking.models.brief_visit import AnyVisit
from booking.models.calendar import Absence

MARGIN = DAY  # more than the way between any two locations takes
JUST_BEGUN = timedelta(minutes=15)  # a walk-in may still have the time that has just begun
TOLD, ADDRESS = "told:", "address:"  # how the codes begin where only the message is out of date
AWAY, CLOSED = "away", "closed"
Visit = TypeVar("Visit", bound=AnyVisit)


def against(
    therapist: Therapist,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    *,
    moving: Appointment | None = None,
    location: Location | None = None,
    offers: QuerySet[TimeOffer] | None = None,
) -> list[str]:
    """All that speaks against a visit then, in sentences for staff, who may take the time anyway.

    `moving` is the visit that would be moved there: its own time does not count. `location` is
    where it would be, if not where the hours have it. `offers` are those that whoever asks may
    see, if not all. That another visit is there at that time is no doubt: the database refuses it.
    """
    span = therapist, starts_at, ends_at
    return [
        *([_("That time is past.")] if starts_at < now - JUST_BEGUN else []),
        *_hours(*span, location),
        *absences(*span),
        *too_short(*span, moving=moving, location=location),
        *asked_about(*span, now, offers),
    ]


def _hours(
    therapist: Therapist, starts_at: datetime, ends_at: datetime, location: Location | None
) -> list[str]:
    """That the therapist does not work then, or works elsewhere."""
    place = hours.location_for(therapist, starts_at, ends_at)
    if place is None:
        return [_("Outside %(name)s's working hours.") % {"name": therapist.name}]
    if location is None or location.pk == place:
        return []
    said = {"name": therapist.name, "place": Location.objects.get(pk=place)}
    return [_("%(name)s works at %(place)s then.") % said]


def too_short(
    therapist: Therapist,
    starts_at: datetime,
    ends_at: datetime,
    *,
    moving: Appointment | None = None,
    location: Location | None = None,
) -> list[str]:
    """Visits elsewhere from or to which the way takes too long, in words for staff.

    `moving` and `location` are as for `against`.
    """
    place = location.pk if location else hours.location_for(therapist, starts_at, ends_at)
    if place is None:
        return []
    here = Location.objects.get(pk=place)
    around = therapist.appointments.active().overlapping(starts_at - MARGIN, ends_at + MARGIN)
    elsewhere = around.exclude(location=here).exclude(pk=moving.pk if moving else None)
    return [
        _words(visit)
        for visit in elsewhere.select_related("location").order_by("starts_at")
        if max(starts_at - visit.ends_at, visit.starts_at - ends_at) < way(here, visit.location)
    ]


def way(one: Location, other: Location) -> timedelta:
    """How long a therapist takes from one location to another: the longer of their minutes."""
    return timedelta(minutes=max(one.travel_minutes, other.travel_minutes))


def _words(visit: Appointment) -> str:
    words = _("Too little time for the way: from %(start)s to %(end)s is a visit at %(place)s.")
    start, end = (
        time_format(timezone.localtime(moment), "P") for moment in (visit.starts_at, visit.ends_at)
    )
    return words % {"place": visit.location.name, "start": start, "end": end}


def absences(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> list[str]:
    """What else speaks against a visit then: time off and closures, in words for staff."""
    away = therapist.time_off.overlapping(starts_at, ends_at)
    closed = Closure.objects.overlapping(starts_at, ends_at)
    return [
        *(_("%(name)s is away then.") % {"name": therapist.name} for _row in away[:1]),
        *(_("The clinic is closed then: %(name)s.") % {"name": row.name} for row in closed),
    ]


def asked_about(
    therapist: Therapist,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    among: QuerySet[TimeOffer] | None = None,
) -> list[str]:
    """Whom the earlier-time list is asking about that time, in words; `among` some offers alone."""
    every: Any = TimeOffer.objects.all() if among is None else among
    offers = every.open(now).filter(therapist=therapist).with_details()
    words = _("Until %(until)s this time is offered to %(name)s, who may still say yes.")
    return [
        words % {"name": row.name, "until": time_format(timezone.localtime(row.expires_at), "P")}
        for row in offers.overlapping(starts_at, ends_at)
    ]


class Doubt(NamedTuple):
    """One thing that is no longer so of a booked visit."""

    # What it is, and what of it meets the visit: the same for as long as that is the same. The desk
    # keeps a visit against it. A blank or a comma must not be in it.
    code: str
    words: str

    def is_among(self, codes: Collection[str]) -> bool:
        """Whether it is one of these.

        Those kept before codes told what meets the visit, as `away:7`, stand for whatever that is.
        """
        return self.code in codes or self.code.rpartition(":")[0] in codes

    @property
    def is_of_message(self) -> bool:
        """Whether the visit stands, and only what was said of it is out of date."""
        return self.code.startswith((TOLD, ADDRESS))


def of_message_alone(found: Sequence[Doubt]) -> bool:
    """Whether there are doubts, and to tell the patient anew would settle them all."""
    return bool(found) and all(doubt.is_of_message for doubt in found)


def untrue(visits: AppointmentQuerySet, now: datetime) -> dict[Appointment, list[Doubt]]:
    """What is no longer so of those visits that are booked and still to come, soonest first.

    Read from the rows as they are, whoever changed them. What the desk has kept a visit against
    is left out: it knew of that, as much as there was of it, as it booked, moved or kept the visit.
    Four queries.
    """
    return unsettled(visits.upcoming(now).with_details().order_by("starts_at", "pk"))


def unsettled(
    visits: Iterable[Visit], rules: Iterable[hours.Rule] | None = None
) -> dict[Visit, list[Doubt]]:
    """The same of visits that were read already, of those of them that have any; three queries, or
    two where the weekly `rules` of their therapists, of all places, were read too.
    """
    found, rows = {}, list(visits)
    for visit, doubts in zip(rows, of_visits(rows, rules), strict=True):
        new = [doubt for doubt in doubts if not doubt.is_among(visit.kept_against)]
        if new:
            found[visit] = new
    return found


def of_time(visit: Appointment) -> list[Doubt]:
    """All that is not so of a visit at its time, which may not be written yet: whoever takes the
    time tells the patient anew, so nothing of that.
    """
    return [doubt for doubt in of_visits([visit])[0] if not doubt.is_of_message]


def of_visits(
    visits: Sequence[AnyVisit], rules: Iterable[hours.Rule] | None = None
) -> list[list[Doubt]]:
    """All that is not so of each of these visits, known to the desk or not; queries as above."""
    if not visits:
        return []
    therapists = {visit.therapist_id: visit.therapist for visit in visits}
    gaps = hours.Gaps(hours.weekly_rules(therapists.values()) if rules is None else rules)
    first, last = min(row.starts_at for row in visits), max(row.ends_at for row in visits)
    away = TimeOff.objects.filter(therapist__in=therapists).overlapping(first, last)
    absences: list[Closure | TimeOff] = [*away, *Closure.objects.overlapping(first, last)]
    places = {row.location_id: row.location for row in visits if row.told_starts_at}
    addresses = {key: place.in_full for key, place in places.items()}
    return [
        [
            *_told(visit, addresses),
            *_withdrawn(visit),
            *_covered(visit, gaps),
            *(closed_or_away(visit, row) for row in absences if hurts(row, visit)),
        ]
        for visit in visits
    ]


def hurts(row: Closure | TimeOff, visit: AnyVisit) -> bool:
    """Whether it takes some of the visit's time."""
    whose = isinstance(row, Closure) or row.therapist_id == visit.therapist_id
    return whose and visit.starts_at < row.ends_at and row.starts_at < visit.ends_at


def closed_or_away(visit: AnyVisit, row: Closure | TimeOff) -> Doubt:
    """The doubt about a visit that it hurts."""
    code = f"{row.pk}:{_shared(visit, row)}"
    if isinstance(row, Closure):
        words = _("The clinic is closed then: %(name)s.") % {"name": row.name}
        return Doubt(f"{CLOSED}:{code}", words)
    return Doubt(f"{AWAY}:{code}", _("%(name)s is away then.") % {"name": visit.therapist.name})


def _shared(visit: AnyVisit, row: Absence) -> str:
    """How much of the visit it takes."""
    first, last = max(visit.starts_at, row.starts_at), min(visit.ends_at, row.ends_at)
    return f"{_minute(first)}-{_minute(last)}"


def _minute(moment: datetime) -> str:
    """An instant in a code: the same text whether a form or the database gave it."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M}"


def _told(visit: AnyVisit, addresses: Mapping[int, str]) -> Iterator[Doubt]:
    """Where what the patient was told differs from what is so now, or is not known."""
    if visit.told_starts_at is None:
        yield Doubt(_told_code(visit), _("It is not known what the patient was told."))
    elif not _is_as_told(visit):
        yield Doubt(_told_code(visit), _("The patient was told another time, therapist or place."))
    elif visit.told_place != (address := addresses[visit.location_id]):
        words = _("The patient was told another address: %(place)s.") % {"place": visit.told_place}
        yield Doubt(f"{ADDRESS}{_short(address)}", words)


def _is_as_told(visit: AnyVisit) -> bool:
    """Whether time, therapist and place are; of the end only where it was noted."""
    ends_at = visit.told_ends_at or visit.ends_at
    told = visit.told_starts_at, ends_at, visit.told_therapist_id, visit.told_location_id
    return told == (visit.starts_at, visit.ends_at, visit.therapist_id, visit.location_id)


def _told_code(visit: AnyVisit) -> str:
    """The visit as it is; with its end where that was told otherwise."""
    code = f"{TOLD}{_minute(visit.starts_at)}-{visit.therapist_id}-{visit.location_id}"
    return code if visit.told_ends_at == visit.ends_at else f"{code}-{_minute(visit.ends_at)}"


def _withdrawn(visit: AnyVisit) -> Iterator[Doubt]:
    """That the clinic does not offer such visits any more."""
    if not visit.visit_type.active:
        words = _("%(name)s is no longer offered.") % {"name": visit.visit_type.name}
        yield Doubt(f"withdrawn:{visit.visit_type_id}", words)


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def _covered(visit: AnyVisit, gaps: hours.Gaps) -> Iterator[Doubt]:
    """That its therapist has left, and does not work then, or works elsewhere."""
    said = {"name": visit.therapist.name}
    if not visit.therapist.active:
        yield Doubt("inactive", _("%(name)s no longer works here.") % said)
    span = to_minutes(visit.starts_at), to_minutes_up(visit.ends_at)
    found = gaps.around(visit.therapist_id, visit.starts_at, visit.ends_at)
    if visit.location_id in found and not _off_work(span, found[visit.location_id]):
        return
    around = {place: _off_work(span, off) for place, off in found.items()}
    covers = sorted(place for place, off in around.items() if not off)
    seen = _short(str(sorted(around.items())))
    if not covers:
        yield Doubt(f"hours:{seen}", _("Outside %(name)s's working hours.") % said)
    else:
        name = gaps.names[covers[0]]
        words = _("%(name)s works at %(place)s then.") % {**said, "place": name}
        yield Doubt(f"place:{covers[0]}:{seen}", words)


def _off_work(span: Span, gaps: Sequence[Span]) -> list[Span]:
    """Since when and until when nobody works around the parts of a visit outside the hours.

    Whole, to where the hours before ended and the next begin: fifteen minutes past closing are
    something else once the day ends earlier, or has no hours at all.
    """
    start, end = span
    return [(since, until) for since, until in gaps if since < end and start < until]
