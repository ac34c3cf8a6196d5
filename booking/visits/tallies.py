"""How many e-mails a mailbox gets that strangers can cause, and how often one visit is moved.

Counted are moments: in any hour and any day there is at most so much, not twice as much around the
end of one. What a form writes to a typed address is refused past that. What is mailed of a visit
that is changed by the browser in which it was booked leaves as soon as there is room, within a day:
whoever makes up many visits in one mailbox fills it no further. What our e-mail's own link asks for
is not counted.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from booking import contacts
from booking.models import Appointment, Tally
from booking.transactions import Stale
from booking.visits import limits
from booking.visits.limits import HOUR
from booking.visits.refusals import OverLimit

DAY = timedelta(days=1)
Most = Mapping[timedelta, int]
MAILS: Most = {HOUR: 5, DAY: 20}  # to one mailbox, over all forms together
MOVES: Most = {DAY: 3}  # of one visit, by its patient


def count_mail(email: str, now: datetime, later: Iterable[datetime] = ()) -> None:
    """Count a message that a form causes, and those that it causes `later`, for the mailbox.

    Call it in the transaction of what is sent, after the counts of `limits`. Raises OverLimit.
    """
    if email:
        _count(_mailbox_key(email), now, [now, *later], MAILS)


def count_mail_soon(
    email: str,
    now: datetime,
    later: Iterable[datetime] = (),
    within: timedelta = HOUR,
    instead_of: Iterable[datetime] = (),
) -> datetime:
    """Count a message for as soon as the mailbox has room, `within` so long, and those that it
    causes `later`, `instead_of` those that it overtakes; returns when it may leave. Raises
    OverLimit.
    """
    if not email:
        return now
    row = _held(_mailbox_key(email), now)
    _leave_out(row, instead_of)
    caused = list(later)
    ends = {_instant(moment) + span for moment in row.moments for span in MAILS}
    soon = sorted(end for end in ends if now < end <= now + within)
    for moment in [now, *soon]:
        if _has_room(row, [moment, *caused], MAILS):
            _add(row, [moment, *caused])
            return moment
    raise OverLimit


def count_instead(
    email: str, now: datetime, before: Iterable[datetime], after: Iterable[datetime]
) -> list[datetime]:
    """Count messages that will leave `after` a move in place of those `before` it; returns when
    each may leave: as soon before its time as the mailbox has room, an hour at most.

    Where there is none in that hour it leaves at its own time, uncounted: what is owed is never
    dropped, however many visits strangers have made up that are reminded of with this one.
    """
    row = _held(_mailbox_key(email), now)
    _leave_out(row, before)
    leaving = []
    for instant in after:
        room = (moment for moment in _before(row, instant) if _has_room(row, [moment], MAILS))
        found = next(room, None)
        row.moments += [_seconds(found)] if found else []
        leaving.append(found or instant)
    _add(row, [])
    return leaving


def leave_out(email: str, now: datetime, moments: Collection[datetime]) -> None:
    """Count messages no longer that will not leave any more."""
    if email and moments:
        row = _held(_mailbox_key(email), now)
        _leave_out(row, moments)
        _add(row, [])


def _before(row: Tally, instant: datetime) -> list[datetime]:
    """The instant itself, and where in the hour before it room may end, the latest first."""
    ends = {_instant(moment) - span for moment in row.moments for span in MAILS}
    return [
        instant,
        *sorted((end for end in ends if instant - HOUR <= end < instant), reverse=True),
    ]


def count_move(visit: Appointment, now: datetime) -> None:
    """Count a move by the patient. Raises OverLimit. Call it under the visit's lock."""
    _count(limits.hashed("move", "visit", visit.uuid.hex), now, [now], MOVES)


def forget(now: datetime) -> None:
    """Delete those in which nothing counts any more."""
    Tally.objects.filter(over_at__lte=now).delete()


def _mailbox_key(email: str) -> str:
    return limits.hashed("mail", "email", contacts.mailbox(email))


def _count(key: str, now: datetime, moments: Sequence[datetime], most: Most) -> None:
    row = _held(key, now)
    if not _has_room(row, moments, most):
        raise OverLimit
    _add(row, moments)


def _held(key: str, now: datetime) -> Tally:
    """The key's row without what is over, locked: of two at once the second sees the first."""
    Tally.objects.bulk_create([Tally(key=key, over_at=now + DAY)], ignore_conflicts=True)
    row = Tally.objects.select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        raise Stale  # `forget` took it away between the two statements
    row.moments = [moment for moment in row.moments if _instant(moment) > now - DAY]
    return row


def _has_room(row: Tally, moments: Iterable[datetime], most: Most) -> bool:
    """Whether with these no span of time anywhere has more than its limit."""
    every = sorted([*map(_instant, row.moments), *map(_instant, map(_seconds, moments))])
    return all(
        after - before >= span
        for span, limit in most.items()
        for before, after in zip(every, every[limit:], strict=False)
    )


def _leave_out(row: Tally, instants: Iterable[datetime]) -> None:
    for moment in map(_seconds, instants):
        if moment in row.moments:
            row.moments.remove(moment)


def _add(row: Tally, moments: Iterable[datetime]) -> None:
    row.moments = sorted([*row.moments, *map(_seconds, moments)])
    row.over_at = _instant(row.moments[-1]) + DAY if row.moments else row.over_at
    row.save(update_fields=["moments", "over_at"])


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
