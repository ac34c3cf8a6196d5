"""What a booking asks for, and whether it was asked before."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from booking.models import Appointment, Enquiry, Location, Therapist, VisitType
from booking.visits.refusals import KeyReused

Row = TypeVar("Row", Appointment, Enquiry)


@dataclass(frozen=True)
class Patient:
    """Who comes, what they need, how to reach them; as typed, but for `phone_e164`."""

    name: str
    phone: str
    phone_e164: str = ""
    email: str = ""
    reason: str = ""
    payment: str = ""
    condition_id: int | None = None
    booked_by: str = ""
    interpreter: str = ""
    step_free: bool = False
    wants_gender: str = ""


@dataclass(frozen=True)
class Request:
    """What tells one sending of the form from another.

    `key` is the form's own; `client` the keyed hash of the sender's address, empty where there is
    none to count, as at the desk.
    """

    key: uuid.UUID | None = None
    client: str = ""
    now: datetime = field(default_factory=timezone.now)


def was_sent(rows: QuerySet, key: uuid.UUID | None) -> bool:
    """Whether one of the rows was made by this key before, with whatever content."""
    return key is not None and rows.filter(key=key).exists()


def replayed(rows: QuerySet[Row], key: uuid.UUID | None, content: str) -> Row | None:
    """The row that this key made before. Raises KeyReused if of another content."""
    found = rows.filter(key=key).first() if key else None
    if found is not None and found.request_digest != content:
        raise KeyReused
    return found


def digest(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    patient: Patient,
    location: Location | None = None,
    note: str = "",
) -> str:
    """Fingerprint of everything that was chosen and typed."""
    place = [location.slug] if location else []
    slot = [visit_type.slug, therapist.slug, starts_at.isoformat(), *place]
    return fingerprint(*slot, asdict(patient), *([note] if note else []))


def fingerprint(*content: Any) -> str:
    """SHA-256 of what was sent, to tell it from other content under the same key."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
