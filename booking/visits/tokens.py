"""Manage links: the secret in an e-mail that opens one appointment, offer or wish.

token = base64url(HMAC-SHA256(key, what it opens + uuid + version)), the key being made of
SECRET_KEY for links alone. It is derived, never stored: the row holds only its SHA-256, so a copy
of the database opens nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.models.appointment import AppointmentQuerySet
from booking.secrets import keys
from booking.secrets.keys import Use

LIVES_AFTER_VISIT = timedelta(days=1)
Row = Appointment | TimeOffer | WaitlistEntry


def make(row: Row, key: bytes = b"") -> str:
    """The row's token under `key` (default: that for links now); 43 URL-safe characters."""
    digest = hmac.digest(key or keys.of(Use.LINKS), _message(row), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _message(row: Row) -> bytes:
    """What the token stands for: no token of one kind is ever one of another."""
    if isinstance(row, Appointment):
        return f"manage:{row.uuid}:{row.token_version}".encode()
    kind = "offer" if isinstance(row, TimeOffer) else "wish"
    return f"{kind}:{row.uuid}".encode()


def hashed(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def current(row: Row) -> str | None:
    """The token whose hash the row holds, whichever key made it; None if no key did."""
    for key in [*keys.every(Use.LINKS), *keys.underived()]:
        token = make(row, key)
        if hashed(token) == row.token_hash:
            return token
    return None


def find(token: str, now: datetime) -> Appointment | None:
    """The appointment that a token opens, or None: unknown, revoked and expired look alike."""
    return next(iter(find_held([hashed(token)], [], now)), None)


def find_held(
    hashes: Collection[str],
    uuids: Collection[UUID],
    now: datetime,
    among: AppointmentQuerySet | None = None,
) -> list[Appointment]:
    """The appointments (`among` these, or any) that tokens of these hashes open, and those of these
    uuids, whose links still live; one query. Whether a link is the present one, the caller asks.
    """
    rows = Appointment.objects.all() if among is None else among
    found = rows.with_details().filter(Q(token_hash__in=hashes) | Q(uuid__in=uuids))
    return [row for row in found if now < row.ends_at + LIVES_AFTER_VISIT]


def find_offer(token: str, now: datetime) -> TimeOffer | None:
    """The offer that a token opens, or None: unknown, long past, or mailed to an old address."""
    return _living_offer(now, token_hash=hashed(token))


def find_offer_here(uuid: str, now: datetime) -> TimeOffer | None:
    """The offer that the device holds whose link was opened there, under the same terms."""
    return _living_offer(now, uuid=uuid)


def _living_offer(now: datetime, **which: str) -> TimeOffer | None:
    offer = TimeOffer.objects.with_details().filter(**which).first()
    if offer is None or now >= offer.ends_at + LIVES_AFTER_VISIT:
        return None
    visit = offer.entry.appointment
    return None if visit and visit.token_version != offer.token_version else offer


def find_wish(token: str, now: datetime) -> WaitlistEntry | None:
    """The wish that a token opens, until a day after its end."""
    return _living_wish(now, token_hash=hashed(token))


def find_wish_here(uuid: str, now: datetime) -> WaitlistEntry | None:
    """The wish that the device holds where it was made, or its link opened."""
    return _living_wish(now, uuid=uuid)


def _living_wish(now: datetime, **which: str) -> WaitlistEntry | None:
    wish = WaitlistEntry.objects.with_details().filter(**which).first()
    return wish if wish and now < wish.ends_at + LIVES_AFTER_VISIT else None
