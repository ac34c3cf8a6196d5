"""Whether the board still shows what is so: a mark of what it was made from, and until when.

What a board shows comes from rows, from who looks, and from the clock. Rows are told apart by a few
cheap facts of theirs; the clock by the next instant at which it alone changes something. A browser
sends the mark back, and while both hold there is nothing to read or to draw.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.contrib.auth.models import AbstractUser
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.http import parse_etags

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.calendars.doubts import JUST_BEGUN
from booking.desk.board import LATE
from booking.desk.day_sheet import DaySheet, lying_in
from booking.models import Appointment, OutgoingEmail, PatientChange, TimeOffer
from booking.models.appointment import UNDO

# The audit log writes a row for whatever staff or patients change of visits, hours, absences,
# people, places and visit types. So many of the newest, not the newest alone: a transaction that
# commits late has a smaller number than one that was faster.
NEWEST = 50
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


def digest(user: AbstractUser, day: date, asked: dict[str, str], now: datetime) -> str:
    """A fingerprint of all rows that the board of a day shows to this user; six small queries, as
    to build one of them all takes longer than to ask them.

    `asked` is what else the address says, such as the visit type.
    """
    rights = [user.has_perm(f"booking.{name}") for name in SEEING]
    facts = [user.pk, rights, day, sorted(asked.items()), *_of_day(user, day), *_newest(user)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:DIGITS]


def _of_day(user: AbstractUser, day: date) -> Iterator[list[Any]]:
    """When each visit of the day last changed, whose e-mails were lost, and what is offered."""
    start, end = hours.day_start(day), hours.day_start(day + DAY)
    visits = lying_in(Appointment.objects.visible_to(user), start, end).order_by("pk")
    # As text: to be compared alone, so no instants are made of it.
    yield list(visits.values_list(Cast("updated_at", CharField()), flat=True))
    lost = OutgoingEmail.objects.visible_to(user).filter(
        state=OutgoingEmail.State.GIVEN_UP,
        appointment__starts_at__gte=start - DAY,
        appointment__starts_at__lt=end,
    )
    yield list(lost.order_by("pk").values_list("pk", flat=True))
    offers = TimeOffer.objects.visible_to(user).filter(state=TimeOffer.State.OPEN).order_by("pk")
    yield list(offers.values_list("pk", "expires_at"))


def _newest(user: AbstractUser) -> Iterator[list[int]]:
    """The newest rows of the log, of what patients changed, and of what the user has seen of it."""
    seen = PatientChange.seen_by.through.objects.filter(user_id=user.pk)
    for rows in (LogEntry.objects.all(), PatientChange.objects.all(), seen):
        yield list(rows.order_by("-pk").values_list("pk", flat=True)[:NEWEST])


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
