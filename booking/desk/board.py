"""The day as a grid: where visits, free times and absences stand, in rows of a quarter of an hour.

Reckoned from what `day_sheet` read, without a query. Rows are counted in minutes that pass, so that
a day on which clocks change has as many as it is long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.desk.day_sheet import Column, DaySheet, Row
from booking.models import AppointmentStatus, Source, Therapist

ROW = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LATE = timedelta(minutes=5)
ROWS_OF_A_BUTTON = 2  # below these, a button would hide whose visit it is
MOST_LANES = 6  # beside each other; what comes on top stands over the last
USUAL = (timedelta(hours=9), timedelta(hours=17))  # of a day on which nobody works
Span = tuple[datetime, datetime]
# The short words on a visit.
LOOK, IS_LATE, OPEN = gettext_noop("Look"), gettext_noop("Late"), gettext_noop("Open")
TWICE, CHANGED, NEW = gettext_noop("Twice?"), gettext_noop("Changed"), gettext_noop("New")
NO_MAIL, LOST = gettext_noop("No e-mail"), gettext_noop("Not delivered")
INTERPRETER, NO_STEPS = gettext_noop("Interpreter"), gettext_noop("No steps")


@dataclass
class Box:
    """One thing in a column: its rows, counted from 0, and its share of the column's width."""

    first: int
    last: int  # the row after its end
    line: Row | None = None  # a visit, an offer or free times; None of a time without any
    said: str = ""  # of a time at which nobody works
    lane: int = 0
    lanes: int = 1

    marks: list[str] = field(default_factory=list)  # short words on a visit

    @property
    def look(self) -> str:
        """How far a visit is, as the classes of `board.css`."""
        visit = self.line.visit if self.line else None
        if visit is None:
            return ""
        waits = visit.status == AppointmentStatus.BOOKED
        coming = " board-coming" if waits and visit.confirmed_at else ""
        return f"board-{visit.status}{coming}"

    @property
    def arrives(self) -> bool:
        """Whether the box of a visit has room for the click that most need: "Arrived"."""
        clicks = {button.status for button in self.line.buttons} if self.line else set()
        visit = self.line.visit if self.line else None
        waits = visit is not None and visit.status == AppointmentStatus.BOOKED
        has_room = self.last - self.first >= ROWS_OF_A_BUTTON and self.lanes == 1
        return waits and has_room and AppointmentStatus.ARRIVED in clicks

    @property
    def place(self) -> str:
        """Where it stands, as the classes of `board.css`: hours and quarters, down and long."""
        down, long = divmod(self.first, 4), divmod(self.last - self.first, 4)
        lane = f" lane-{self.lane} of-{self.lanes}" if self.lanes > 1 else ""
        return f"hour-{down[0]} quarter-{down[1]} long-{long[0]} and-{long[1]}{lane}"


@dataclass
class BoardColumn:
    """One therapist's day on the grid; `column` is the day as the sheet has it."""

    column: Column
    boxes: list[Box]
    shut: list[Box]
    lines: str = ""  # the boxes as HTML: see `lines`

    @property
    def therapist(self) -> Therapist:
        return self.column.therapist


@dataclass
class Board:
    """The grid: its hours, and a column for each therapist."""

    begins: datetime
    hours: list[datetime]
    columns: list[BoardColumn]
    now: Box | None = None
    length: Box = field(default_factory=lambda: Box(0, 0))

    @property
    def booked(self) -> int:
        """How many visits hold their time."""
        return sum(column.column.booked for column in self.columns)

    @property
    def here(self) -> int:
        """How many patients have arrived and were not seen yet."""
        rows = (row for column in self.columns for row in column.column.rows)
        return sum(
            row.visit is not None and row.visit.status == AppointmentStatus.ARRIVED for row in rows
        )


def draw(sheet: DaySheet, now: datetime, span: Span | None = None) -> Board:
    """The sheet as a grid, from the first hour at which something is to the last; or of a span of
    whole hours.
    """
    begins, ends = span or frame(sheet) or usual(sheet.day)
    grid = _Grid(begins, ends, now)
    columns = [
        BoardColumn(column, _side_by_side(grid.boxes(column)), grid.shut(column, sheet))
        for column in sheet.columns
    ]
    at_now = Box(grid.row(now), grid.row(now) + 1) if begins <= now < ends else None
    every_hour = (ends - begins) // HOUR
    marks = [begins + number * HOUR for number in range(every_hour)]
    return Board(begins, marks, columns, at_now, Box(0, 4 * every_hour))


def usual(day: date) -> Span:
    """The usual hours of a day on which nothing is."""
    return hours.day_start(day) + USUAL[0], hours.day_start(day) + USUAL[1]


def frame(sheet: DaySheet) -> Span | None:
    """The whole hours around everything that is on; None where nothing is."""
    midnight, next_midnight = hours.day_start(sheet.day), hours.day_start(sheet.day + DAY)
    spans = [span for column in sheet.columns for span in _all_spans(column)]
    if not spans:
        return None
    begins = max(midnight, min(begins for begins, _ends in spans))
    ends = min(next_midnight, max(ends for _begins, ends in spans))
    return (
        midnight + (begins - midnight) // HOUR * HOUR,
        midnight - (midnight - ends) // HOUR * HOUR,
    )


def _all_spans(column: Column) -> Iterator[Span]:
    yield from column.openings
    for row in column.rows:
        line = row.visit or row.offer
        if line:
            yield line.starts_at, line.ends_at


class _Grid:
    """Rows between two instants, looked at now."""

    def __init__(self, begins: datetime, ends: datetime, now: datetime) -> None:
        self.begins, self.ends, self.now = begins, ends, now

    def row(self, instant: datetime) -> int:
        """The row in which an instant lies; the first or last for one outside."""
        return (min(max(instant, self.begins), self.ends) - self.begins) // ROW

    def box(self, begins: datetime, ends: datetime, **what: Any) -> Box:
        """At least one row high, to the row in which it ends: so that what begins within that row,
        right after it, stands below and not beside it.
        """
        first = self.row(begins)
        return Box(first, max(self.row(ends), first + 1), **what)

    def boxes(self, column: Column) -> list[Box]:
        """Visits, offers, and the free starts of each quarter of an hour."""
        boxes = []
        for row in column.rows:
            line = row.visit or row.offer
            if line:
                marks = _marks(row, self.now)
                boxes.append(self.box(line.starts_at, line.ends_at, line=row, marks=marks))
                continue
            by_row: dict[int, Row] = {}
            for slot in row.free:
                by_row.setdefault(self.row(slot.starts_at), Row()).free.append(slot)
            boxes += [Box(first, first + 1, line=free) for first, free in by_row.items()]
        return boxes

    def shut(self, column: Column, sheet: DaySheet) -> list[Box]:
        """The whole quarters in which the therapist does not work: outside hours, away, while the
        clinic is closed.
        """
        elsewhere = [span for _place, span in column.elsewhere]
        spans = list(self._outside(sorted([*column.openings, *elsewhere])))
        for place, span in column.elsewhere:
            spans.append((_("At %(place)s") % {"place": place}, span))
        for absence in column.absences:
            spans.append((absence.reason or _("Away"), (absence.starts_at, absence.ends_at)))
        for closure in sheet.closures:
            said = _("Closed: %(name)s") % {"name": closure.name}
            spans.append((said, (closure.starts_at, closure.ends_at)))
        boxes = [
            Box(self.row(begins + ROW - timedelta.resolution), self.row(ends), said=said)
            for said, (begins, ends) in spans
        ]
        return [box for box in boxes if box.first < box.last]

    def _outside(self, openings: Iterable[Span]) -> Iterator[tuple[str, Span]]:
        """The times between openings, and before and after them."""
        last = self.begins
        for opens, closes in openings:
            if opens > last:
                yield (_("Break") if last > self.begins else ""), (last, opens)
            last = max(last, closes)
        if last < self.ends:
            yield (_("Not working") if last == self.begins else ""), (last, self.ends)


def _side_by_side(boxes: list[Box]) -> list[Box]:
    """Boxes that share a row get a share of the width each, in the order of their starts."""
    boxes = sorted(boxes, key=lambda box: (box.first, box.last))
    together: list[Box] = []
    until = -1
    for box in boxes:
        if box.first >= until:
            _share(together)
            together = []
        together.append(box)
        until = max(until, box.last)
    _share(together)
    return boxes


def _share(boxes: list[Box]) -> None:
    """Give each the first lane that is free at its start."""
    ends: list[int] = []
    for box in boxes:
        free = (number for number, end in enumerate(ends) if end <= box.first)
        box.lane = min(next(free, len(ends)), MOST_LANES - 1)
        ends[box.lane : box.lane + 1] = [box.last]
    for box in boxes:
        box.lanes = len(ends)


def _marks(row: Row, now: datetime) -> list[str]:
    """What the desk should see of a visit without opening it, the most pressing first."""
    visit = row.visit
    if visit is None or visit.status == AppointmentStatus.CANCELLED:
        return []
    waiting = visit.status == AppointmentStatus.BOOKED
    given_up = visit.given_up  # type: ignore[union-attr]  # read with it
    begun = waiting and now > visit.starts_at + LATE
    is_today = begun and (now < visit.ends_at or hours.today(now) == hours.today(visit.starts_at))
    holds = {
        LOOK: waiting and row.doubts,
        IS_LATE: begun and is_today,
        OPEN: begun and not is_today,
        TWICE: row.may_be_twice,
        CHANGED: row.changed,
        NEW: visit.source == Source.ONLINE and now - visit.created_at < DAY,
        NO_MAIL: not visit.email,
        LOST: given_up,
        INTERPRETER: visit.interpreter,
        NO_STEPS: visit.step_free,
    }
    return [_(word) for word, is_so in holds.items() if is_so]
