"""What a booking asks for, and whether it was asked before."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from booking.models import Appointment, Enquiry, Location, Series, Therapist, VisitType
from booking.visits.refusals import KeyReused

Row = TypeVar("Row", Appointment, Enquiry, Series)
VERSION = "2:"  # of how fingerprints are made: another one wherever the same form gets another hash
FINGERPRINT_LENGTH = 64  # characters that the rows have for it; a hash is as good shortened by two


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
    no_phone_reason: str = ""


@dataclass(frozen=True)
class Request:
    """What tells one sending of the form from another.

    `key` is the form's own; `client` the keyed hash of the sender's address, empty where there is
    none to count, as at the desk; `wide` that of the larger network around it, if it has one.
    `held` is the visit whose link or cookie the sender has; `by_mail` says that they have it by the
    link in our e-mail, and not by typing the details.
    """

    key: uuid.UUID | None = None
    client: str = ""
    wide: str = ""
    held: Appointment | None = None
    by_mail: bool = False
    now: datetime = field(default_factory=timezone.now)


def was_sent(rows: QuerySet, key: uuid.UUID | None) -> bool:
    """Whether one of the rows was made by this key before, with whatever content."""
    return key is not None and rows.filter(key=key).exists()


def replayed(rows: QuerySet[Row], key: uuid.UUID | None, content: str) -> Row | None:
    """The row that this key made before. Raises KeyReused if of another content."""
    found = rows.filter(key=key).first() if key else None
    if found is not None and not _is_same(found.request_digest, content):
        raise KeyReused
    return found


def _is_same(kept: str, content: str) -> bool:
    """Whether two fingerprints are of the same content.

    One that another version of the site made cannot be compared: a form that was sent before an
    upgrade, and again after it, is told by its key alone.
    """
    return kept == content or not kept.startswith(VERSION)


def digest(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    patient: Patient,
    location: Location | None = None,
    note: str = "",
) -> str:
    """Fingerprint of everything that was chosen and typed."""
    slot = [visit_type.slug, therapist.slug, starts_at.isoformat()]
    return fingerprint(slot, location.slug if location else "", filled_in(patient), note)


def filled_in(typed: Any) -> dict[str, Any]:
    """What a form filled in of a dataclass, by field. What was left as it is says nothing: so a
    field that is new in a release changes no fingerprint of a form without it.
    """
    values = {field.name: (getattr(typed, field.name), field.default) for field in fields(typed)}
    return {name: value for name, (value, default) in values.items() if value != default}


def fingerprint(*content: Any) -> str:
    """What tells something sent from other content under the same key: VERSION and a hash."""
    found = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return VERSION + found[: FINGERPRINT_LENGTH - len(VERSION)]
