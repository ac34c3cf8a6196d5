"""Free times that stand beside the caller's form, from the start: none has to be looked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.calendars.doubts import JUST_BEGUN
from booking.calendars.free_times import Calendars, Window, first_days
from booking.calendars.slots import Slot, one_for_each_start
from booking.desk import frame, looking, places
from booking.desk.forms import CallerForm
from booking.models import Therapist, VisitType

MOST_DAYS, EACH_DAY = 3, 4
LONGEST_AHEAD = 366 * DAY  # beyond it, somebody mistyped


@dataclass
class Times:
    """Some free times under one heading, by clinic day."""

    title: str
    days: list[tuple[date, list[Slot]]]
    one: bool = False  # whether they are all with one therapist, whom the heading names


@dataclass(frozen=True)
class Asked:
    """What the form has chosen so far; None for what it has not."""

    visit_type: VisitType | None
    therapist: Therapist | None = None
    location_id: int | None = None
    day: date | None = None


def read(asked: Asked, user: AbstractUser, now: datetime) -> list[Times]:
    """The times of the day that is chosen, the next of the therapist who is, and the next of all.

    Three queries; one more for a chosen day, and one where few of the next ten days have times.
    """
    if asked.visit_type is None:
        return []
    today = hours.today(now)
    whole = Window(today, today + asked.visit_type.horizon_days * DAY, now - JUST_BEGUN)
    calendars = places.calendars(user, first_days(whole))
    found = [*_that_day(asked, calendars, today)]
    slots = _suiting(asked, calendars)
    if len({hours.today(slot.starts_at) for slot in _own(asked, slots)}) < MOST_DAYS:
        rest = whole.narrowed(calendars.window.last + DAY, whole.last)
        slots += _suiting(asked, calendars.on(rest))
    if asked.therapist:
        own = [slot for slot in slots if slot.therapist.pk == asked.therapist.pk]
        found.append(
            Times(_("With %(name)s") % {"name": asked.therapist.name}, first_of(own), True)
        )
    return [*found, Times(_("Soonest with anyone"), first_of(one_for_each_start(slots)))]


def _suiting(asked: Asked, calendars: Calendars) -> list[Slot]:
    assert asked.visit_type is not None
    slots = calendars.slots(asked.visit_type)
    return [slot for slot in slots if asked.location_id in (None, slot.location_id)]


def _own(asked: Asked, slots: list[Slot]) -> list[Slot]:
    """Those of the therapist who is chosen; all, if none is."""
    wanted = asked.therapist
    return [slot for slot in slots if wanted is None or slot.therapist.pk == wanted.pk]


def _that_day(asked: Asked, calendars: Calendars, today: date) -> list[Times]:
    """Every free time of the chosen day: the therapist's who is chosen, or one for each start."""
    day = asked.day
    if day is None or not today <= day <= today + LONGEST_AHEAD:
        return []
    slots = _suiting(asked, calendars.on(Window(day, day, calendars.window.earliest)))
    free = _own(asked, slots) if asked.therapist else list(one_for_each_start(slots))
    return [Times(date_format(day, "l, F j"), [(day, free)] if free else [])]


def first_of(slots: Iterable[Slot]) -> list[tuple[date, list[Slot]]]:
    """The first days with free times, the first times of each."""
    days = groupby(slots, lambda slot: hours.today(slot.starts_at))
    return [(day, few(list(free), EACH_DAY)) for day, free in islice(days, MOST_DAYS)]


def few(slots: list[Slot], most: int) -> list[Slot]:
    """The first free time of a day, and after it those that leave no gap; at most so many."""
    return [slots[0], *(slot for slot in slots[1:] if not slot.leaves_gap)][:most]


@require_safe
@frame.requires("add_appointment")
def times(request: HttpRequest) -> HttpResponse:
    """A part of the form's page: the times beside it, once something else is chosen there."""
    looking.saw_visits(request, [])
    form = CallerForm(user=frame.staff(request), initial=request.GET.dict())
    context = {"beside": read(asked_in(form), form.user, timezone.now())}
    return render(request, "admin/booking/includes/beside.html", context)


def asked_in(form: CallerForm) -> Asked:
    """What is chosen in the form, sent or not, of what can be understood."""
    place = _chosen(form, "location") or form.only_place
    return Asked(
        visit_type=_chosen(form, "visit_type"),
        therapist=_chosen(form, "therapist"),
        location_id=place.pk if place else None,
        day=_chosen(form, "day"),
    )


def _chosen(form: CallerForm, name: str) -> Any:
    if name not in form.fields:
        return None
    try:
        return form.fields[name].clean(form[name].value())
    except ValidationError:
        return None
