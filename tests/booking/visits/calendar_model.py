"""What the calendars should hold, in plain Python: no database, no rules of the code's own."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.statuses import ACTIVE, STEPS

LEADS = (timedelta(hours=48), timedelta(hours=24))  # of reminders; no clock changes in between
QUARTER = timedelta(minutes=15)
HELD = timedelta(minutes=15)  # until a reminder that is held back is looked at again
MOVES_A_DAY = 3
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
    confirmed: bool = False
    told: tuple[str, datetime, datetime] | None = None
    kept: bool = False  # outside the hours, as the desk knew
    overrides: bool = False  # booked over another, past the guard
    moves: int = 0  # by the patient; nobody's day is over before the last of them
    emails: list[tuple[str, int]] = field(default_factory=list)
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
        if self.has_email:
            self.emails.append((to_patient, self.sequence))
        if by_patient:
            self.emails.append((to_desk, self.sequence))

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
        self.confirmed = False
        for reminder in self.reminders:
            if reminder.state == "owed":
                reminder.state = "superseded"

    def send_reminders(self, now: datetime, is_true: bool) -> None:
        """What a worker makes of those that are due; of several that wait, the newest alone."""
        coming = self.status == "booked" and self.starts_at > now
        for reminder in self.reminders:
            if reminder.state != "owed" or (reminder.held_until or reminder.due_at) > now:
                continue
            if coming and not is_true:
                reminder.held_until = now + HELD
            else:
                reminder.state = "sent" if self.is_reminded_by(reminder, now) else "superseded"

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

    def settle(self, before: Visit) -> None:
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

    def cancel(self, visit: Visit, now: datetime, *, by_patient: bool) -> None:
        if visit.status == "cancelled":
            return
        if visit.status != "booked" or (by_patient and too_late(visit, now)):
            raise Refused
        self._become(visit, status="cancelled", cancelled_at=now, sequence=visit.sequence + 1)
        visit.owe("cancelled", "desk-cancelled", by_patient=by_patient)
        visit.forget_reminders()

    def undo_cancel(self, visit: Visit, now: datetime, *, leave: bool = False) -> None:
        in_time = visit.cancelled_at and now - visit.cancelled_at <= timedelta(minutes=10)
        if visit.status != "cancelled" or not in_time:
            raise Refused
        back = {"status": "booked", "cancelled_at": None, "sequence": visit.sequence + 1}
        self._become(visit, leave, **back)
        visit.tell()
        visit.owe("confirmation", "desk-new", by_patient=False)
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
        there = {"therapist": therapist, "starts_at": start, "ends_at": end}
        self._become(visit, leave and not by_patient, **there, sequence=visit.sequence + 1)
        visit.moves += by_patient
        self.tell(visit, by_patient=by_patient)
        visit.owe("moved", "desk-moved", by_patient=by_patient)
        visit.remind(now)

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
        visit.confirmed = True

    def send_reminders(self, now: datetime) -> None:
        for visit in self.visits.values():
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
            visit.emails.append(("confirmation", visit.sequence))

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
            self.settle(before)


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
