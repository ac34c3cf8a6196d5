"""What a booking asks for, and whether it was asked before."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from booking.models import Appointment, Enquiry, Location, Source, Therapist, VisitType
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

    `key` is the form's own; `client` the keyed hash of the sender's address. Without one, as at
    the desk, nothing is limited. `offered` says that the time was offered to whoever asks; then
    how much they have booked is limited all the same.
    """

    key: uuid.UUID | None = None
    client: str = ""
    source: Source = Source.ONLINE
    now: datetime = field(default_factory=timezone.now)
    offered: bool = False


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
) -> str:
    """Fingerprint of everything that was chosen and typed."""
    place = [location.slug] if location else []
    slot = [visit_type.slug, therapist.slug, starts_at.isoformat(), *place]
    return fingerprint(*slot, asdict(patient))


def fingerprint(*content: Any) -> str:
    """SHA-256 of what was sent, to tell it from other content under the same key."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
