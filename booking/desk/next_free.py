"""Next free: the soonest time for a visit type, and a glance over the weeks that follow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.calendars import hours
from booking.calendars.availability import DAY, days
from booking.calendars.doubts import JUST_BEGUN
from booking.calendars.free_times import Window
from booking.calendars.places import names
from booking.calendars.preferences import Preferences
from booking.calendars.slots import Slot, one_for_each_start
from booking.desk import frame, looking, opening, people, places
from booking.desk.beside import few
from booking.desk.forms import BySlug
from booking.models import Appointment, AppointmentStatus, Location, Therapist, VisitType
from booking.models.day_parts import DAY_PARTS

WEEKS, MOST_WEEKS = 4, 53
EACH_DAY = 4
WEEK = timedelta(days=7)
PARTS = [("", gettext_lazy("Any time of day")), *((part.slug, part.name) for part in DAY_PARTS)]


class NextFreeForm(forms.Form):
    """What is looked for; nothing of it must be said."""

    visit = BySlug(
        VisitType.objects.offered(),
        label=gettext_lazy("Visit type"),
        required=False,
        empty_label=None,
    )
    therapist = BySlug(
        Therapist.objects.filter(active=True),
        label=gettext_lazy("Therapist"),
        required=False,
        empty_label=gettext_lazy("Anyone"),
    )
    place = BySlug(
        Location.objects.all(),
        label=gettext_lazy("Place"),
        required=False,
        empty_label=gettext_lazy("Any place"),
    )
    part = forms.ChoiceField(label=gettext_lazy("Time of day"), required=False, choices=PARTS)
    weeks = forms.IntegerField(
        label=gettext_lazy("Weeks"), required=False, min_value=1, max_value=MOST_WEEKS
    )
    weekday = forms.MultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        required=False,
        choices=WEEKDAYS.items(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, user: AbstractUser, visit_type: VisitType | None = None) -> None:
        super().__init__(with_weeks(data))
        fields = dict[str, Any](self.fields)
        fields["therapist"].queryset = places.working(user)
        self.visit_type = visit_type  # of a visit that moves: it stays what it is
        if visit_type:
            del self.fields["visit"]
        places.offer(self.fields, "place", user)

    def chosen(self) -> "Wanted":
        """What was understood of it; the clinic's first visit type where none was said."""
        self.is_valid()
        said = self.cleaned_data
        visit_type = self.visit_type or said.get("visit") or VisitType.objects.offered().first()
        therapist, place = said.get("therapist"), said.get("place")
        suits = Preferences(
            therapist_id=therapist and therapist.pk,
            location_id=place and place.pk,
            part=next((part for part in DAY_PARTS if part.slug == said.get("part")), None),
        )
        weekdays = frozenset(int(day) for day in said.get("weekday") or [])
        longest = longest_glance(visit_type)
        return Wanted(visit_type, suits, weekdays, min(said.get("weeks") or WEEKS, longest))


def with_weeks(data: Any) -> Any:
    """What was asked, over four weeks where that does not say how many."""
    asked = data.copy()
    if not asked.get("weeks"):
        asked["weeks"] = str(WEEKS)
    return asked


def longest_glance(visit_type: VisitType | None) -> int:
    """How many weeks can be looked at: those that patients may book, and four in any case."""
    ahead = visit_type.horizon_days * DAY if visit_type else WEEK
    return max(WEEKS, min(-(-ahead // WEEK), MOST_WEEKS))


@dataclass(frozen=True)
class Wanted:
    """Which times are looked for, over how many weeks."""

    visit_type: VisitType | None
    suits: Preferences
    weekdays: frozenset[int]  # as `date.weekday()` counts them; empty for any
    weeks: int

    def takes(self, slot: Slot) -> bool:
        weekday = hours.today(slot.starts_at).weekday()
        return self.suits.suits(slot) and (not self.weekdays or weekday in self.weekdays)


@dataclass
class Day:
    """A clinic day's first free times, one for each start, and how many more there are."""

    day: date
    slots: list[Slot]
    more: int = 0


@dataclass
class Week:
    """The days that are shown of a week, which began on a Monday."""

    monday: date
    days: list[Day]


@dataclass
class Glance:
    """The soonest time, and the weeks."""

    soonest: Slot | None
    weeks: list[Week]


def read(
    wanted: Wanted, user: AbstractUser, now: datetime, moving: Appointment | None = None
) -> Glance:
    """What is free for it, from now until the end of the last week; three queries."""
    if wanted.visit_type is None:
        return Glance(None, [])
    today = hours.today(now)
    window = Window(today, today + wanted.weeks * WEEK - DAY, now - JUST_BEGUN)
    calendars = places.calendars(user, window).without(moving)
    slots = filter(wanted.takes, calendars.slots(wanted.visit_type))
    by_day = dict(_days(one_for_each_start(slots)))
    soonest = next((found.slots[0] for found in by_day.values()), None)
    return Glance(soonest, list(_weeks(window, _weekdays(wanted, by_day), by_day)))


def _days(slots: Iterable[Slot]) -> Iterator[tuple[date, Day]]:
    for day, group in groupby(slots, lambda slot: hours.today(slot.starts_at)):
        free = list(group)
        shown = few(free, EACH_DAY)
        yield day, Day(day, shown, len(free) - len(shown))


def _weekdays(wanted: Wanted, by_day: Iterable[date]) -> set[int]:
    """The weekdays that are shown: those asked for, else Monday to Friday and any with times."""
    return set(wanted.weekdays) or {0, 1, 2, 3, 4} | {day.weekday() for day in by_day}


def _weeks(window: Window, weekdays: set[int], by_day: dict[date, Day]) -> Iterator[Week]:
    """The window's days of these weekdays, full ones too, by the week in which they lie."""
    shown = [day for day in days(window.first, window.last) if day.weekday() in weekdays]
    for monday, week in groupby(shown, lambda day: day - day.weekday() * DAY):
        yield Week(monday, [by_day.get(day, Day(day, [])) for day in week])


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("add_appointment")
def next_free(request: HttpRequest) -> HttpResponse:
    """The glance; its times lead to the caller's form, or move the visit in `?moving=`.

    Asked for by the caller's form, it is posted: what was typed there goes along, and back.
    """
    now = timezone.now()
    moving = _moving(request)
    user = frame.staff(request)
    form = NextFreeForm(_asked(request), user, moving.visit_type if moving else None)
    wanted = form.chosen()
    typed = opening.typed_so_far(request.POST)
    if typed and wanted.visit_type:
        typed["visit_type"] = wanted.visit_type.slug
    looking.saw_visits(request, [moving] if moving else [])
    context = {
        "form": form,
        "wanted": wanted,
        "glance": read(wanted, user, now, moving),
        "longest": longest_glance(wanted.visit_type),
        "moving": moving,
        "typed": typed,
        "carried": opening.CARRIED,
        "places": names(now),
    }
    return frame.show(request, "next_free.html", _("Next free"), context)


def _asked(request: HttpRequest) -> QueryDict:
    """What is looked for, as this page asks or as the caller's form has chosen it."""
    if request.method != "POST":
        return request.GET
    asked = request.POST.copy()
    for own, of_caller in (("visit", "visit_type"), ("place", "location")):
        if own not in asked and of_caller in asked:
            asked.setlist(own, request.POST.getlist(of_caller))
    return asked


def _moving(request: HttpRequest) -> Appointment | None:
    """The booked visit that a time is looked for, if its user may move it."""
    visit = people.visit_of(frame.staff(request), request.GET.get("moving", ""))
    may = frame.may(request, "change_appointment")
    return visit if visit and may and visit.status == AppointmentStatus.BOOKED else None
