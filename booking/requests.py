"""What a booking asks for, and whether it was asked before."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.models import Appointment, Source, Therapist, VisitType


class KeyReused(Exception):
    """The form's key came with another content before."""


@dataclass(frozen=True)
class Patient:
    """Who comes, and how to reach them; as typed, but for `phone_e164`."""

    name: str
    phone: str
    phone_e164: str = ""
    email: str = ""
    reason: str = ""
    payment: str = ""
    condition_id: int | None = None


@dataclass(frozen=True)
class Request:
    """What tells one sending of the form from another.

    `key` is the form's own; `client` the keyed hash of the address that counts towards
    BOOKING_LIMIT, empty for the desk.
    """

    key: uuid.UUID | None = None
    client: str = ""
    source: Source = Source.ONLINE
    now: datetime = field(default_factory=timezone.now)


def replayed(key: uuid.UUID | None, content: str) -> Appointment | None:
    """The appointment that this key booked before. Raises KeyReused if for another content."""
    found = Appointment.objects.with_details().filter(key=key).first() if key else None
    if found is not None and found.request_digest != content:
        raise KeyReused
    return found


def digest(
    visit_type: VisitType, therapist: Therapist, starts_at: datetime, patient: Patient
) -> str:
    """Fingerprint of everything that a patient chose and typed."""
    content: list[Any] = [visit_type.slug, therapist.slug, starts_at.isoformat(), asdict(patient)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
