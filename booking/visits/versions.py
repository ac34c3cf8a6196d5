"""Which state of a visit somebody acts on: pages stay open while others change it.

Each move, cancellation and undoing counts the visit's `sequence` on; a form says which it showed,
and which status where it sets another: one click may be a step forward or one back. A form of
details carries a digest of each one that it showed.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from booking.models import Appointment
from booking.visits.refusals import Changed
from booking.visits.requests import fingerprint

NUMBER = re.compile("[0-9]{1,9}")
NONE_EVER = -1
DIGITS = 12  # of a digest: enough to tell one saving from the next


def parse(text: str | None) -> int | None:
    """The sequence that a form showed; None from one that does not say, NONE_EVER of rubbish."""
    if text is None:
        return None
    return int(text) if NUMBER.fullmatch(text) else NONE_EVER


def shown(row: Appointment) -> str:
    """Fingerprint of all that a list shows of a visit, for whoever acts on many at once."""
    seen = [row.sequence, row.status, row.starts_at, row.therapist_id, row.confirmed_at]
    return fingerprint([str(value) for value in [*seen, row.name, row.phone, row.email, row.note]])


def check(row: Appointment, seen: int | None, was: str | None = None) -> None:
    """Raises Changed if the visit's sequence is not `seen` any more, or its status not what it
    `was`; None acts on it anyway.

    Of a row under its locks only. That closes the race between a page left open and whoever moves
    or cancels the visit at the moment of its answer: compared any sooner, theirs would be undone.
    """
    if seen not in (None, row.sequence) or was not in (None, row.status):
        raise Changed


def digests(row: Appointment, names: Iterable[str]) -> dict[str, str]:
    """What a form shows of a visit: a digest for each of these details."""
    return {name: _digest(str(getattr(row, name))) for name in names}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def changed_since(row: Appointment, names: Iterable[str], seen: Mapping[str, str]) -> list[str]:
    """Those details that are not as a form said that it showed them; one not said counts too."""
    return [name for name, digest in digests(row, names).items() if seen.get(name) != digest]
