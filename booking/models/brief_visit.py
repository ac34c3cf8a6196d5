"""A visit as a grid shows it, without the cost of a model: a full day has some four hundred."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from booking.models.appointment import Appointment, AppointmentQuerySet
from booking.models.calendar import Location
from booking.models.statuses import Standing
from booking.models.therapists import Therapist
from booking.models.visit_type import VisitType


@dataclass(slots=True, eq=False)
class BriefVisit(Standing):
    """What an `Appointment` says under the same names, as it was read; nothing can be saved."""

    pk: int
    therapist_id: int
    visit_type_id: int
    location_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    cancel_reason: str
    cancelled_at: datetime | None
    confirmed_at: datetime | None
    name: str
    email: str
    source: str
    created_at: datetime
    interpreter: str
    step_free: bool
    sequence: int
    kept_against: list[str]
    told_starts_at: datetime | None
    told_ends_at: datetime | None
    told_therapist_id: int | None
    told_location_id: int | None
    told_place: str
    # Marks that the query brings along.
    same_person: str | None
    given_up: bool
    # Read once for all visits that share them.
    therapist: Therapist = field(init=False)
    visit_type: VisitType = field(init=False)
    location: Location = field(init=False)


AnyVisit = Appointment | BriefVisit
COLUMNS = [each.name for each in fields(BriefVisit) if each.init]


def brief(visits: AppointmentQuerySet) -> list[BriefVisit]:
    """The visits of a query that has the marks; four queries, whatever their number."""
    found = [BriefVisit(*row) for row in visits.values_list(*COLUMNS)]
    therapists = _by_key(Therapist, (visit.therapist_id for visit in found))
    visit_types = _by_key(VisitType, (visit.visit_type_id for visit in found))
    places = _by_key(Location, (visit.location_id for visit in found))
    for visit in found:
        visit.therapist = therapists[visit.therapist_id]
        visit.visit_type = visit_types[visit.visit_type_id]
        visit.location = places[visit.location_id]
    return found


def _by_key(model: Any, keys: Iterable[int]) -> dict[int, Any]:
    found: dict[int, Any] = model.objects.in_bulk(set(keys))
    return found
