"""What a day at the desk is made of: each step done, and what it left behind.

The therapists work on every day of the week, and one of them through today's night: the claims hold
at any hour.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from playwright.sync_api import expect

from booking.models import Appointment, Closure, Series, Therapist, TimeOff
from booking.visits.requests import Request
from tests.browser.desk_hands import Mouse
from tests.builders import (
    PATIENT,
    add_hours,
    at,
    book_by_desk,
    make_therapist,
    make_visit_type,
)

FIRST = ["Rosa", "Omar", "Lena", "Jude", "Nora", "Pavel", "Ines", "Theo", "Greta", "Hugo"]
KNOWN = ["Marquez", "Haddad", "Fischer", "Okafor", "Quist", "Zeman", "Varga", "Brandt", "Ulvik"]
KNOWN += ["Delacroix"]
ANA, BEN = "Ana Ruiz", "Ben Cole"


@dataclass(frozen=True)
class Size:
    """How many of each kind a day has."""

    known: int
    new: int
    dragged: int
    by_keys: int
    snow: int
    leave: int
    missed: int


WHOLE = Size(known=10, new=10, dragged=3, by_keys=2, snow=13, leave=4, missed=2)
SHORT = Size(known=1, new=1, dragged=1, by_keys=1, snow=2, leave=1, missed=1)


class Day:
    """The rows that the day starts from, and its dates."""

    def __init__(self, size: Size) -> None:
        self.size, self.now = size, timezone.now().replace(second=0, microsecond=0)
        self.today = timezone.localdate(self.now)
        make_visit_type()
        make_visit_type("follow-up", name="Follow-up", minutes=30)
        for slug in ("ana-ruiz", "ben-cole"):
            therapist = make_therapist(slug, hours="9:00-17:00")
            for weekday in (5, 6):
                add_hours(therapist, weekday, "9:00-17:00")
        night = make_therapist("cy-dee", hours="")
        add_hours(night, self.today.weekday(), "0:00-23:45")
        self._people()

    def _people(self) -> None:
        size = self.size
        for number in range(size.known):
            self.come(known(number), ANA, self.now - timedelta(days=30, hours=number))
        for number in range(size.dragged):
            self.come(f"Drag {FIRST[number]}", ANA, self.hour(3, number))
        for number in range(size.by_keys):
            self.come(f"Keys {FIRST[number]}", ANA, self.hour(3, number + size.dragged))
        for number in range(size.snow):
            self.come(f"Snow {number}", (ANA, BEN)[number % 2], self.hour(7, number // 2))
        for number in range(size.leave):
            self.come(f"Leave {FIRST[number]}", ANA, self.hour(8, number))
        for number in range(size.missed):
            ago = timedelta(hours=1 + number)
            self.come(f"Missed {FIRST[number]}", ANA, self.now - ago)
        self.come("Type Wall", BEN, self.hour(4, 0))
        self.come("Under Neath", ANA, self.hour(2, 1))

    def come(self, name: str, who: str, starts_at: datetime) -> Appointment:
        """Somebody who is booked, each with a telephone and an address of their own."""
        number = f"+1212555{Appointment.objects.count() + 1000}"
        patient = replace(
            PATIENT,
            name=name,
            phone=number,
            phone_e164=number,
            email=f"{name.replace(' ', '.').lower()}@example.org",
        )
        therapist, asked = Therapist.objects.get(name=who), Request(now=self.now)
        return book_by_desk(therapist, starts_at, patient=patient, request=asked)

    def date(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def hour(self, days: int, number: int) -> datetime:
        """From nine o'clock on, the day so many days from today."""
        return at(f"{9 + number}:00", self.date(days))


def known(number: int) -> str:
    return f"{FIRST[number]} {KNOWN[number]}"


def of(name: str) -> Appointment:
    return Appointment.objects.filter(name=name).latest("pk")


def said(desk: Mouse, words: str) -> None:
    """Confirmed in words, in view and not after a scroll."""
    line = desk.page.locator(".messagelist li").first
    expect(line).to_contain_text(words)
    expect(line).to_be_in_viewport()


def book_known(desk: Mouse, day: Day, number: int) -> None:
    name = known(number)
    desk.free_time()
    desk.find(KNOWN[number][:4].lower(), name)
    if desk.has_script:
        desk.send()
    else:
        desk.go(desk.button("Book this visit"))
    said(desk, f"Booked {name}")
    assert of(name).starts_at > day.now - timedelta(minutes=30)  # one just begun may be booked


def book_new(desk: Mouse, day: Day, number: int) -> None:
    name = f"{FIRST[number]} New"
    desk.free_time()
    desk.write("name", name)
    desk.write("phone", f"212555{3000 + number}")
    if desk.way == "keyboard":
        desk.press()
        desk.first_time()
    desk.send()
    said(desk, f"Booked {name}")


def walk_in(desk: Mouse, day: Day) -> None:
    desk.go(desk.link("Walk-in now"))
    desk.write("name", "Walk Inn")
    if not desk.field("therapist").input_value():  # at night
        desk.choose("therapist", f"{ANA}, PT, DPT")
    desk.write("no_phone_reason", "None")
    desk.send()
    if desk.page.get_by_text("Please check this time:").is_visible():  # late in the evening
        desk.tick("I know, take it anyway")
        desk.send()
    said(desk, "Walk Inn is here")
    assert of("Walk Inn").status == "arrived"


def drag(desk: Mouse, day: Day, number: int) -> None:
    name = f"Drag {FIRST[number]}"
    desk.move(name, BEN)
    said(desk, "Moved")
    assert of(name).therapist.name == BEN


def move_by_keys(desk: Mouse, day: Day, number: int) -> None:
    name = f"Keys {FIRST[number]}"
    desk.move_by_keys(name, BEN)
    said(desk, "Moved")
    assert of(name).therapist.name == BEN


def undo(desk: Mouse, day: Day) -> None:
    """The last move, from where it is confirmed."""
    name = f"Keys {FIRST[day.size.by_keys - 1]}"
    desk.undo(name)
    assert of(name).therapist.name == ANA


def change_type(desk: Mouse, day: Day) -> None:
    desk.open("Type Wall")
    desk.go(desk.link("Move or change: Type Wall"))
    if desk.way == "keyboard":
        desk.click(desk.link("Change type, length, place or therapist: below"))
    desk.choose("visit_type", "Follow-up")
    desk.go(desk.button("Change the visit"))
    assert of("Type Wall").visit_type.slug == "follow-up"


def close_for_snow(desk: Mouse, day: Day) -> None:
    """Closed for a day: everybody is cancelled and written to, seen first."""
    desk.unfold("Closed or away")
    desk.go(desk.link("Close the clinic on this day"))
    desk.write("name", "Snow")
    desk.send()
    desk.go(desk.button(SAVE_AND_LIST))
    desk.go(desk.button("Cancel and write…"))
    desk.go(desk.button("Yes, do it"))
    assert Closure.objects.count() == 1
    snow = Appointment.objects.filter(name__startswith="Snow")
    assert set(snow.values_list("status", flat=True)) == {"cancelled"}


def send_away(desk: Mouse, day: Day) -> None:
    """Somebody is away for a day: everybody comes to a colleague at the same time."""
    desk.unfold("Closed or away")
    desk.go(desk.link(f"{ANA} is away on this day"))
    desk.go(desk.button("Save"))
    desk.go(desk.button(SAVE_AND_LIST))
    desk.go(desk.button("Same time, a colleague…"))
    desk.go(desk.button("Yes, do it"))
    assert TimeOff.objects.count() == 1
    moved = Appointment.objects.filter(name__startswith="Leave")
    assert set(moved.values_list("therapist__name", flat=True)) == {BEN}


SAVE_AND_LIST = "Save and list them"


def miss(desk: Mouse, day: Day, number: int) -> None:
    name = f"Missed {FIRST[number]}"
    desk.open(name)
    desk.go(desk.button(f"Did not come: {name}"))
    assert of(name).status == "noshow"


def override(desk: Mouse, day: Day) -> None:
    """Two visits at one time, with a reason."""
    desk.go(desk.link("New visit"))
    desk.write("name", "Over Lap")
    desk.write("phone", "2125554001")
    desk.choose("therapist", f"{ANA}, PT, DPT")
    desk.write("day", f"{day.date(2):%m%d%Y}")
    desk.write("time", "1000AM")
    desk.send()
    desk.write("override_reason", "Cannot stand")
    desk.go(desk.button("Book anyway"))
    assert of("Over Lap").overrides


def book_series(desk: Mouse, day: Day) -> None:
    """Twice a week for four weeks."""
    desk.go(desk.link("New visit"))
    desk.go(desk.button("Series: several visits at once"))
    for days in (2, 4):
        desk.tick(f"{day.date(days):%A}")
    desk.go(desk.button("Propose times"))
    desk.write("name", "Eight Times")
    desk.write("phone", "2125554002")
    desk.go(desk.button("Book all 8"))
    assert Series.objects.get().visits.count() == 8


@dataclass(frozen=True)
class Step:
    """One thing done: what it is, on which board it begins, and how."""

    what: str
    days: int | None  # from today; None where the board of the step before stays
    act: Callable[[Mouse, Day], None]


def steps(day: Day) -> Iterator[Step]:
    """The whole day in its order."""
    size = day.size

    def each(what: str, count: int, days: int, act: Callable[[Mouse, Day, int], None]):
        for number in range(count):
            yield Step(what, days, lambda desk, day, number=number: act(desk, day, number))

    yield Step("walk-in", 0, walk_in)  # before the callers by keyboard take today's times
    yield from each("known caller", size.known, 1, book_known)
    yield from each("new caller", size.new, 1, book_new)
    yield from each("dragged", size.dragged, 3, drag)
    yield from each("moved by keys", size.by_keys, 3, move_by_keys)
    yield Step("undo", None, undo)
    yield Step("type changed", 4, change_type)
    yield Step("snow day", 7, close_for_snow)
    yield Step("leave", 8, send_away)
    for number in range(size.missed):
        began = of(f"Missed {FIRST[number]}").starts_at
        days = (timezone.localdate(began) - day.today).days
        yield from each(
            "no-show", 1, days, lambda desk, day, _n, number=number: miss(desk, day, number)
        )
    yield Step("override", 2, override)
    yield Step("series of 8", 1, book_series)
