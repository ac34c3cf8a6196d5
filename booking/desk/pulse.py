"""Whether the board still shows what is so: a mark of what it was made from, and until when.

What a board shows comes from rows, from who looks, and from the clock. Rows are told apart by a few
cheap facts of theirs; the clock by the next instant at which it alone changes something. A browser
sends the mark back, and while both hold there is nothing to read or to draw.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from auditlog.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.utils.http import parse_etags

from booking.calendars.availability import DAY
from booking.calendars.doubts import JUST_BEGUN
from booking.desk.board import LATE
from booking.desk.day_sheet import DaySheet
from booking.models import OutgoingEmail, PatientChange, TimeOffer
from booking.models.statuses import UNDO

# The audit log writes a row for whatever staff or patients change of visits, hours, absences,
# people, places and visit types. So many of the newest, not the newest alone: a transaction that
# commits late has a smaller number than one that was faster. What no row of the log tells of is
# asked beside it: e-mails that were given up, times that are offered, and what the user has seen.
# Of all days and places, so that there is nothing to be joined: a board is drawn once too often.
NEWEST = 50
LOGGED = LogEntry.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST]
LOST = OutgoingEmail.objects.lost().order_by("pk").values_list("pk", flat=True)
OFFERED = TimeOffer.objects.filter(state=TimeOffer.State.OPEN).order_by("pk")
OFFERS = OFFERED.values_list("pk", "expires_at")
SEEN = PatientChange.seen_by.through.objects.order_by("-pk").values_list("pk", flat=True)
LONGEST = timedelta(minutes=5)  # what the clock changes besides is never older than this
SEEING = [
    "see_every_appointment",
    "add_appointment",
    "change_appointment",
    "set_appointment_status",
    "view_timeoffer",
]
DIGITS = 24
STAMP = "%Y%m%d%H%M%S%f"


def digest(user: AbstractUser, day: date, asked: dict[str, str]) -> str:
    """A fingerprint of all rows that the board of a day shows to this user; four small queries.

    `asked` is what else the address says, such as the visit type.
    """
    rights = [user.has_perm(f"booking.{name}") for name in SEEING]
    seen = SEEN.filter(user_id=user.pk)[:NEWEST]
    rows = [list(LOGGED.all()), list(LOST.all()), list(OFFERS.all()), list(seen)]
    facts = [user.pk, rights, day, sorted(asked.items()), rows]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:DIGITS]


def tag(fingerprint: str, until: datetime) -> str:
    """The mark, as an ETag: what was shown, and until when the clock changes nothing of it."""
    return f'"{fingerprint}-{until.astimezone(UTC):{STAMP}}"'


def still_so(header: str, fingerprint: str, now: datetime) -> str | None:
    """The mark in an If-None-Match header that holds now; None where there is none."""
    for held in parse_etags(header):
        seen, _dash, until = held.removeprefix("W/").strip('"').partition("-")
        if seen == fingerprint and until > f"{now.astimezone(UTC):{STAMP}}":
            return held
    return None


def until(sheet: DaySheet, now: datetime) -> datetime:
    """The next instant (UTC) at which the clock alone changes what is shown; `now` itself counts,
    as what is late is so only after it.
    """
    since = (now - datetime.min.replace(tzinfo=UTC)) % LONGEST
    return min([now - since + LONGEST, *(each for each in _moments(sheet) if each >= now)])


def _moments(sheet: DaySheet) -> Iterator[datetime]:
    """When a visit begins, is late, is new no longer; when a time or an offer runs out."""
    for column in sheet.columns:
        for row in column.rows:
            if visit := row.visit:
                yield from (visit.starts_at, visit.starts_at + LATE, visit.ends_at)
                yield visit.created_at + DAY
                if visit.cancelled_at:
                    yield visit.cancelled_at + UNDO
            if row.offer:
                yield row.offer.expires_at
            yield from (slot.starts_at + JUST_BEGUN for slot in row.free)
