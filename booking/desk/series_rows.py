"""The list of times on a series' page: a line for each visit, each of which can be changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.calendars import clashes, hours, instants
from booking.calendars.free_times import Calendars, Window
from booking.calendars.proposals import NEARBY, Offer, Want, propose
from booking.calendars.slots import Slot
from booking.desk import frame, places
from booking.desk.forms import YEARS_AHEAD
from booking.models import Appointment, Therapist, VisitType
from booking.models.series import MOST
from booking.wording import clock

FARTHEST = timedelta(days=60)  # how far one visit may be put from the day that was proposed
OUT = "out"  # chosen for a visit that is not wanted after all


class Typed(NamedTuple):
    """A line as a form sent it: the day, the day that its times were shown for, and the choice."""

    day: date | None
    shown: date | None
    choice: str

    @property
    def is_another_day(self) -> bool:
        return self.day is not None and self.day != self.shown


class Group(NamedTuple):
    """Times that stand together in a line's list: value and words of each."""

    title: str
    options: list[tuple[str, str]]


@dataclass
class Line:
    """One visit of the list, and what can be chosen for it."""

    number: int
    day: date
    choice: str = ""
    slot: Slot | None = None
    groups: list[Group] = field(default_factory=list)
    problem: str = ""
    visit: Appointment | None = None  # the one that moves

    @property
    def is_out(self) -> bool:
        return self.choice == OUT


def typed(data: Any) -> list[Typed]:
    """The lines that were sent; none of a form without them. A day that is none, or too far away,
    is the one that was shown.
    """
    rows = []
    for number in range(MOST):
        shown = _day(data.get(f"shown-{number}"))
        day = _day(data.get(f"day-{number}")) or shown
        if day and shown and abs(day - shown) > FARTHEST:
            day = shown
        rows.append(Typed(day, shown, data.get(f"time-{number}", "")))
    return rows


def _day(text: str | None) -> date | None:
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    today = hours.today(timezone.now())
    return day if day and today <= day <= today + YEARS_AHEAD else None


def read(
    wants: Sequence[Want],
    user: AbstractUser,
    now: datetime,
    visits: Sequence[Appointment] = (),
) -> Calendars:
    """The calendars of whom the user may book around the days, from now on; three queries.

    A time about which somebody of the earlier-time list is being asked counts as taken. Of the
    `visits`, which would move, the own times count as free, and they last as long as before.
    """
    first, last = min(want.day for want in wants), max(want.day for want in wants)
    window = Window(max(first - NEARBY, hours.today(now)), last + NEARBY, now)
    calendars = places.calendars(user, window, offers_at=now)
    own = {visit.pk for visit in visits}
    stays = [stay for stay in calendars.stays if stay.visit_id not in own]
    return replace(calendars, stays=stays, minutes=visits[0].minutes if visits else None)


def lines(
    calendars: Calendars,
    visit_type: VisitType,
    wants: Sequence[Want],
    sent: Sequence[Typed] = (),
) -> list[Line]:
    """A line for each that is wanted; what was chosen before stays, where it is still free."""
    free = list(calendars.slots(visit_type))
    by_value = {value(slot): slot for slot in free}
    found = []
    for number, (want, offer) in enumerate(zip(wants, propose(free, wants), strict=True)):
        line = Line(number, want.day)
        choice = sent[number].choice if number < len(sent) else None
        if choice is None or sent[number].is_another_day:
            choice = value(offer.proposed) if offer.proposed else ""
        elif choice not in ("", OUT, *by_value):
            line.problem = choice  # said in words once it is known who is there
            choice = value(offer.proposed) if offer.proposed else ""
        line.choice, line.slot = choice, by_value.get(choice)
        line.groups = _groups(want, offer, line.slot)
        found.append(line)
    return found


def lacks(found: Sequence[Line], sent: Sequence[Typed]) -> str:
    """Why nothing can be written as the list stands; empty where it can."""
    if any(line.problem for line in found):
        return _("Some times are gone. Look at the marked ones, then press the button again.")
    if any(row.is_another_day for row in sent):
        return _("You changed a day. Look at its time, then press the button again.")
    if any(not line.slot and not line.is_out for line in found):
        return _("Choose a time for every visit, or leave it out.")
    is_some = any(line.slot for line in found)
    return "" if is_some else _("Every visit is left out. Choose a time for one.")


def value(slot: Slot) -> str:
    """How a form names a time."""
    return f"{slot.therapist.slug}:{slot.code}"


def slot_of(choice: str, therapists: Iterable[Therapist], length: timedelta) -> Slot | None:
    """The time that a form names, free or not, at no place yet; None for what is no time."""
    slug, _colon, code = choice.partition(":")
    therapist = next((row for row in therapists if row.slug == slug), None)
    try:
        starts_at = instants.parse(code)
    except ValueError:
        return None
    return Slot(starts_at, starts_at + length, therapist, 0, visits=0) if therapist else None


def say_problems(found: Sequence[Line], calendars: Calendars, length: timedelta, user: Any) -> None:
    """Say of each line whose time is gone who is there, as far as the user may see; two queries."""
    gone = [line for line in found if line.problem]
    slots = [slot_of(line.problem, calendars.therapists.values(), length) for line in gone]
    known = [slot for slot in slots if slot]
    taken = clashes.taken(known)
    there = [visit.pk for visit in taken.values() if visit]
    visible = set(Appointment.objects.visible_to(user).filter(pk__in=there) if there else ())
    for line, slot in zip(gone, slots, strict=True):
        who = taken.get(known.index(slot)) if slot else None
        line.problem = _why(slot, who if who in visible else None)


def mark_clashes(found: Sequence[Line], numbers: Iterable[int]) -> None:
    """Say of these lines, where nobody else took their times, that they are in each other's way."""
    for number in numbers:
        found[number].problem = found[number].problem or _(
            "Two of these visits would be at one time. Choose another time for one."
        )


def _why(slot: Slot | None, there: Appointment | None) -> str:
    if slot is None:
        return _("That was no time. Choose one.")
    said = {"name": slot.therapist.name, "when": frame.in_words(slot.starts_at)}
    if there is None:
        return _("%(when)s with %(name)s is no longer free.") % said
    said |= {"patient": there.name, "ref": there.reference}
    return _("%(when)s with %(name)s is taken: %(patient)s, %(ref)s.") % said


def _groups(want: Want, offer: Offer, chosen: Slot | None) -> list[Group]:
    """First the day with whom it is, or would be; then with others; then the nearest days."""
    likely = chosen or offer.proposed
    whom = want.therapist_id or (likely.therapist.pk if likely else None)
    own = [slot for slot in offer.that_day if whom in (None, slot.therapist.pk)]
    others = [slot for slot in offer.that_day if slot not in own and _fits(slot, want)]
    listed = [*own, *others, *offer.nearest]
    elsewhere = [*offer.nearest, *([chosen] if chosen and chosen not in listed else [])]
    day = date_format(want.day, "l, F j")
    titles = [
        (day, own),
        (_("%(day)s, with others") % {"day": day}, others),
        (_("Nearest other days"), elsewhere),
    ]
    return [
        Group(title, [(value(slot), _words(slot, want.day)) for slot in slots])
        for title, slots in titles
        if slots
    ]


def _fits(slot: Slot, want: Want) -> bool:
    wall = timezone.localtime(slot.starts_at).time()
    return want.part is None or want.part.holds(wall)


def _words(slot: Slot, day: date) -> str:
    local = timezone.localtime(slot.starts_at)
    when = (
        clock(local) if local.date() == day else f"{date_format(local, 'D, M j')}, {clock(local)}"
    )
    return f"{when}, {slot.therapist.name}"
