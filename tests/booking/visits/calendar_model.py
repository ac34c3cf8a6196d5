"""What the calendars should hold, in plain Python: no database, no rules of the code's own."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.statuses import ACTIVE, STEPS

LEADS = (timedelta(hours=48), timedelta(hours=24))  # of reminders; no clock changes in between
QUARTER = timedelta(minutes=15)
HELD = timedelta(minutes=15)  # until a reminder that is held back is looked at again
MOVES_A_DAY = 3
UNDO = timedelta(minutes=10)
NEVER = datetime.max.replace(tzinfo=UTC)  # until the outbox says when
NEWS = ["moved", "confirmation", "details", "cancelled"]  # the first of them has most to say
OFFERED = timedelta(minutes=45)  # the length of the visits that patients may book


class Refused(Exception):
    """What a service or the database should refuse."""


@dataclass
class Reminder:
    """One reminder that is owed; `state` as the outbox has it."""

    sequence: int
    due_at: datetime
    state: str = "owed"
    held_until: datetime | None = None
    touched: bool = False  # a worker has decided on it

    def waits(self, now: datetime) -> bool:
        return self.state == "owed" and (self.held_until or self.due_at) <= now


@dataclass
class News(Reminder):
    """One message that tells what a visit is; when it is due, the outbox says."""

    kind: str = ""
    occasion: str = ""

    @property
    def may_have_left(self) -> bool:
        return self.touched or self.state not in ("owed", "superseded")


@dataclass
class Before:
    """What a visit was before the desk changed it, and what its patient had not heard then."""

    made_at: datetime
    untold: str
    place: dict
    heard: dict


@dataclass
class Visit:
    """One row of the model."""

    therapist: str
    starts_at: datetime
    ends_at: datetime
    status: str = "booked"
    has_email: bool = False
    sequence: int = 0
    cancelled_at: datetime | None = None
    confirmed_at: datetime | None = None
    told: tuple[str, datetime, datetime] | None = None
    kept: bool = False  # outside the hours, as the desk knew
    overrides: bool = False  # booked over another, past the guard
    moves: int = 0  # by the patient; nobody's day is over before the last of them
    emails: list[News] = field(default_factory=list)
    changes: dict[int, Before] = field(default_factory=dict)  # by the sequence that each led to
    reminders: list[Reminder] = field(default_factory=list)

    def shares(self, other: "Visit") -> bool:
        """Whether both hold some of one time."""
        return (
            self is not other
            and self.therapist == other.therapist
            and {self.status, other.status} <= set(ACTIVE)
            and self.starts_at < other.ends_at
            and other.starts_at < self.ends_at
        )

    def clashes(self, other: "Visit") -> bool:
        """Whether the guard refuses the two."""
        return self.shares(other) and not self.overrides and not other.overrides

    def covers(self, other: "Visit") -> bool:
        """Whether it holds all of the other's time."""
        return (
            self.status in ACTIVE
            and self.therapist == other.therapist
            and self.starts_at <= other.starts_at
            and other.ends_at <= self.ends_at
        )

    def owe(self, to_patient: str, to_desk: str, *, by_patient: bool) -> None:
        """The patient's message if there is an address; the desk's if the desk did not do it."""
        if self.has_email and to_patient:
            self.write(to_patient)
        if by_patient:
            self.write(to_desk)

    def write(self, kind: str, occasion: str = "") -> None:
        self.emails.append(News(self.sequence, NEVER, kind=kind, occasion=occasion))

    def recall(self) -> tuple[str, bool, bool]:
        """What waited, whether that was asked for, whether the patient may know it as it is."""
        news = [row for row in self.emails if row.kind in NEWS and row.sequence == self.sequence]
        waiting = [row for row in news if row.state == "owed"]
        for row in waiting:
            row.state = row.state if row.touched else "superseded"
        kinds = {row.kind for row in waiting}
        first = next((kind for kind in NEWS if kind in kinds), "")
        asked = any(row.occasion for row in waiting)
        return first, asked, any(row.may_have_left for row in news)

    def note(self, now: datetime) -> Before:
        """What it is before the desk changes it, under the sequence that this leads to."""
        place = {
            name: getattr(self, name) for name in ("therapist", "starts_at", "ends_at", "kept")
        }
        heard = {name: getattr(self, name) for name in ("confirmed_at", "told")}
        found = self.changes[self.sequence + 1] = Before(now, "", place, heard)
        return found

    def carry(self, since: int) -> None:
        """Owe the reminders of that sequence again that nobody has had in hand."""
        have = {row.due_at for row in self.reminders if row.sequence == self.sequence}
        self.reminders += [
            Reminder(self.sequence, row.due_at)
            for row in list(self.reminders)
            if row.sequence == since and row.state == "superseded" and not row.touched
            if row.due_at not in have
        ]

    def tell(self) -> None:
        self.told = self.therapist, self.starts_at, self.ends_at

    def remind(self, now: datetime) -> None:
        """Owe the reminders of the time as it is, none within half a day; earlier ones go."""
        self.forget_reminders()
        if self.has_email:
            dues = [self.starts_at - lead for lead in LEADS]
            soonest = now + timedelta(hours=12)
            self.reminders += [Reminder(self.sequence, due) for due in dues if due >= soonest]

    def forget_reminders(self) -> None:
        for reminder in self.reminders:
            if reminder.state == "owed":
                reminder.state = "superseded"

    def send_reminders(self, now: datetime, is_true: bool) -> None:
        """What a worker makes of those that are due; of several that wait, the newest alone."""
        coming = self.status == "booked" and self.starts_at > now
        for reminder in self.reminders:
            if not reminder.waits(now):
                continue
            if coming and not is_true:
                reminder.held_until = now + HELD
            else:
                reminder.state = "sent" if self.is_reminded_by(reminder, now) else "superseded"
                reminder.touched = True

    def send_news(self, now: datetime, is_true: bool) -> None:
        """What a worker makes of the rest: sent if it is so as it leaves."""
        for row in self.emails:
            if not row.waits(now):
                continue
            over = row.sequence != self.sequence or self.ends_at <= now
            is_cancelled = self.status == "cancelled"
            over = over or ("cancelled" in row.kind) != is_cancelled or self.status == "noshow"
            coming = self.status == "booked" and self.starts_at > now
            if row.kind in NEWS and row.sequence == self.sequence and coming and not is_true:
                row.held_until = now + HELD
                continue
            row.state, row.touched = "superseded" if over else "sent", True

    def is_reminded_by(self, reminder: Reminder, now: datetime) -> bool:
        lead, late = self.starts_at - reminder.due_at, now - reminder.due_at
        near = self.starts_at - now < min(timedelta(hours=2), lead / 2)
        over = self.status != "booked" or self.ends_at <= now or near
        stale = reminder.sequence != self.sequence
        newer = [
            other
            for other in self.reminders
            if other.sequence == reminder.sequence and other.state != "superseded"
            if other.due_at > reminder.due_at and other.due_at - now < late
        ]
        return not (over or stale or newer)


def quarters(length: timedelta) -> list[timedelta]:
    """Where the quarters of an hour begin that a visit of this length reaches into."""
    return [number * QUARTER for number in range(-(-length // QUARTER))]


class CalendarModel:
    """All visits, by any name the caller gives them. Every method may raise Refused."""

    def __init__(self, opens: datetime, closes: datetime, offered: set[datetime]) -> None:
        self.opens, self.closes = opens, closes
        self.offered = offered  # starts that working hours and steps allow
        self.visits: dict[int, Visit] = {}

    def put(self, *visits: Visit, instead_of: Visit | None = None) -> None:
        """Refuse visits that overlap each other or any other; changes nothing."""
        others = [visit for visit in self.visits.values() if visit is not instead_of]
        for number, visit in enumerate(visits):
            if any(visit.clashes(other) for other in [*others, *visits[:number]]):
                raise Refused

    def take(self, visit: Visit, leave: bool) -> None:
        """Let it have its time: free, or with leave; marked where the guard would refuse it."""
        others = [other for other in self.visits.values() if visit.shares(other)]
        if others and not leave:
            raise Refused
        visit.overrides = not all(other.overrides for other in others)

    def hold_again(self, before: Visit) -> None:
        """Of the visits that lay over that time, hold again those over nothing, in their order."""
        for _pk, visit in sorted(self.visits.items()):
            if visit.overrides and visit.status in ACTIVE and shares_span(visit, before):
                others = [other for other in self.visits.values() if visit.shares(other)]
                visit.overrides = any(not other.overrides for other in others)

    def book(self, visit: Visit, now: datetime, *, by_patient: bool, leave: bool = False) -> Visit:
        if by_patient and visit.starts_at not in self.offered:
            raise Refused
        self.take(visit, leave and not by_patient)
        self.tell(visit, by_patient=by_patient)
        visit.owe("confirmation", "desk-new", by_patient=by_patient)
        visit.remind(now)
        return visit

    def cancel(
        self,
        visit: Visit,
        now: datetime,
        *,
        by_patient: bool,
        tells: bool = True,
        noted: bool = True,
    ) -> None:
        """`noted`: so that it can be undone without a word, as one alone is and a series is not."""
        if visit.status == "cancelled":
            return
        if visit.status != "booked" or (by_patient and too_late(visit, now)):
            raise Refused
        if not by_patient and noted:
            before = visit.note(now)
            before.untold, _asked, _left = visit.recall()
        gone = {"status": "cancelled", "cancelled_at": now, "confirmed_at": None}
        self._become(visit, **gone, sequence=visit.sequence + 1)
        visit.owe("cancelled" if tells else "", "desk-cancelled", by_patient=by_patient)
        visit.forget_reminders()

    def undo_cancel(self, visit: Visit, now: datetime, *, leave: bool = False) -> None:
        in_time = visit.cancelled_at and now - visit.cancelled_at <= UNDO
        if visit.status != "cancelled" or not in_time:
            raise Refused
        self._become(visit, leave, status="booked")
        before = visit.changes.get(visit.sequence)
        _untold, asked, left = visit.recall()
        visit.cancelled_at = None
        self._undone(visit, before, "confirmation" if before is None or left else "", asked, now)

    def undo_change(self, visit: Visit, now: datetime) -> None:
        before = visit.changes.get(visit.sequence)
        if before is None or visit.status != "booked" or now - before.made_at > UNDO:
            raise Refused
        was, place = (visit.therapist, visit.starts_at), before.place
        self._become(visit, **{name: place[name] for name in ("therapist", "starts_at", "ends_at")})
        _untold, asked, left = visit.recall()
        said = visit.confirmed_at not in (None, before.heard["confirmed_at"])
        kind = "moved" if was != (visit.therapist, visit.starts_at) else "details"
        visit.kept, visit.confirmed_at = place["kept"], None
        self._undone(visit, before, kind if left or said else "", asked, now)

    def _undone(self, visit: Visit, before: Before | None, kind: str, asked: bool, now) -> None:
        """Tell what they may know otherwise, or had not heard before; else all is as it was."""
        visit.sequence += 1
        if before and not kind:
            vars(visit).update(before.heard)
            kind = "confirmation" if asked else before.untold
        if not kind:
            visit.forget_reminders()
            visit.carry(visit.sequence - 2)
            return
        visit.tell()
        visit.owe(kind, "", by_patient=False)
        visit.remind(now)

    def fits(self, start: datetime, end: datetime) -> bool:
        """Whether the hours hold a visit of that length, by what they offer of the usual one."""
        open_quarters = {row + part for row in self.offered for part in quarters(OFFERED)}
        return {start + part for part in quarters(end - start)} <= open_quarters

    def move(
        self,
        visit: Visit,
        therapist: str,
        start: datetime,
        now: datetime,
        *,
        by_patient: bool,
        leave: bool = False,
    ) -> None:
        if visit.status != "booked":
            raise Refused
        if (visit.therapist, visit.starts_at) == (therapist, start):
            return
        end = start + (visit.ends_at - visit.starts_at)  # as long as before, whoever moves it
        if by_patient and (too_late(visit, now) or not self.fits(start, end)):
            raise Refused
        if by_patient and visit.moves == MOVES_A_DAY:
            raise Refused
        if not by_patient:
            return self.change(visit, therapist, start, now, leave=leave)
        self._become(
            visit, therapist=therapist, starts_at=start, ends_at=end, sequence=visit.sequence + 1
        )
        visit.moves += 1
        visit.confirmed_at = None
        self.tell(visit, by_patient=True)
        visit.owe("moved", "desk-moved", by_patient=True)
        visit.remind(now)

    def change(self, visit, therapist, start, now, minutes=None, tells=True, leave=False) -> None:
        """By the desk: any time and length, and perhaps nobody is told."""
        if visit.status != "booked":
            raise Refused
        length = timedelta(minutes=minutes) if minutes else visit.ends_at - visit.starts_at
        was, to = self.place(visit), (therapist, start, start + length)
        if was == to:
            return
        told = vars(visit).copy()
        self._become(visit, leave, therapist=therapist, starts_at=start, ends_at=start + length)
        names = ("therapist", "starts_at", "ends_at", "overrides")
        after = {name: getattr(visit, name) for name in names}
        vars(visit).update(told)
        before = visit.note(now)
        before.untold, _asked, _left = visit.recall()
        vars(visit).update(after)
        visit.sequence += 1
        visit.kept = not self.covers(visit)
        is_moved = was[:2] != to[:2]
        if is_moved:
            visit.confirmed_at = None
        kind = "moved" if is_moved or before.untold == "moved" else ""
        kind = kind or ("confirmation" if before.untold == "confirmation" else "details")
        if tells:
            visit.tell()
        elif before.untold:
            visit.told = None
        visit.owe(kind if tells else "", "", by_patient=False)
        visit.remind(now)
        if not tells and not is_moved:
            visit.carry(visit.sequence - 1)

    @staticmethod
    def place(visit: Visit) -> tuple[str, datetime, datetime]:
        return visit.therapist, visit.starts_at, visit.ends_at

    def set_status(self, visit: Visit, status: str, now: datetime, *, leave: bool = False) -> None:
        if status == "cancelled":
            self.cancel(visit, now, by_patient=False)
        elif status != visit.status:
            absent_early = status == "noshow" and now < visit.starts_at
            if status not in STEPS[visit.status] or absent_early:
                raise Refused
            self._become(visit, leave, status=status)

    def confirm(self, visit: Visit, now: datetime) -> None:
        if visit.status != "booked" or visit.starts_at <= now:
            raise Refused
        visit.confirmed_at = visit.confirmed_at or now

    def send_reminders(self, now: datetime) -> None:
        for visit in self.visits.values():
            visit.send_news(now, self.is_true(visit))
            visit.send_reminders(now, self.is_true(visit))

    def tell(self, visit: Visit, *, by_patient: bool) -> None:
        """What a patient chose was free; what the desk chose may lie outside the hours."""
        visit.tell()
        visit.kept = not by_patient and not self.covers(visit)

    def covers(self, visit: Visit) -> bool:
        return self.opens <= visit.starts_at and visit.ends_at <= self.closes

    def is_true(self, visit: Visit) -> bool:
        """Whether it is as its patient was told, within the hours or known not to be."""
        is_as_told = visit.told == (visit.therapist, visit.starts_at, visit.ends_at)
        return is_as_told and (visit.kept or self.covers(visit))

    def send_again(self, visit: Visit) -> None:
        if visit.has_email and visit.status == "booked":
            same = [row for row in visit.emails if row.kind == "confirmation"]
            count = sum(row.sequence == visit.sequence for row in same)
            visit.write("confirmation", f"again-{count}")

    def write(self, visits: list[Visit], **changes) -> None:
        """Writers past the services: only the overlap is refused, then all of it."""
        before = [vars(visit).copy() for visit in visits]
        for visit in visits:
            vars(visit).update(changes)
        if any(one.clashes(other) for one in visits for other in self.visits.values()):
            for visit, old in zip(visits, before, strict=True):
                vars(visit).update(old)
            raise Refused

    def _become(self, visit: Visit, leave: bool = False, **changes) -> None:
        """A service's writing: looks at whose the time is, and gives back what it leaves."""
        before, old = replace(visit), vars(visit).copy()
        vars(visit).update(changes)
        if visit.status not in ACTIVE:
            visit.overrides = False
        elif not before.covers(visit):
            try:
                self.take(visit, leave)
            except Refused:
                vars(visit).update(old)
                raise
        if before.status in ACTIVE and not visit.covers(before):
            self.hold_again(before)


def shares_span(visit: Visit, before: Visit) -> bool:
    """Whether a visit holds some of the time that another had."""
    return (
        visit.therapist == before.therapist
        and visit.starts_at < before.ends_at
        and before.starts_at < visit.ends_at
    )


def too_late(visit: Visit, now: datetime) -> bool:
    """A patient changes nothing in the last 24 hours."""
    return now > visit.starts_at - timedelta(hours=24)
