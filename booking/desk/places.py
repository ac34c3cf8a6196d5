"""The places of a clinic at the desk: whoever works at some of them sees, chooses and books these
alone, and the calendars of those who work there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Exists
from django.http import HttpRequest

from booking.calendars.free_times import Calendars, Window, bookable_therapists
from booking.models import Appointment, Location, Therapist
from booking.models.staff_places import StaffPlace, of_places
from booking.models.therapists import TherapistQuerySet

# Of so many therapists the day is shown whole unless a place is asked for; and of more than the
# second number only by place: a chain is never loaded as one.
FEW, MOST = 12, 40
KEY = re.compile("[0-9]{1,18}")
ALL = "all"  # in an address, instead of the slug of a place


@dataclass(frozen=True)
class Choice:
    """Which place's day is shown, and what can be chosen instead."""

    places: Sequence[Location] = ()
    place: Location | None = None  # None for all of them
    is_bound: bool = False  # to these places
    may_see_all: bool = True

    @property
    def keys(self) -> frozenset[int] | None:
        """The primary keys of the places that are shown; None for wherever anybody works."""
        if self.place:
            return frozenset({self.place.pk})
        return frozenset(row.pk for row in self.places) if self.is_bound else None


def chosen(request: HttpRequest) -> Choice:
    """The place in `?place=`, else the user's first, or all of them where few people work there;
    the place of the visit in `?at=`, where that is another.

    A therapist sees their own calendar, wherever they are. Two queries, one in a clinic with one
    place; one more for a visit.
    """
    user: Any = request.user
    if not user.has_perm("booking.see_every_appointment"):
        return Choice()
    rows = list(_with_bound(user))
    is_bound = bool(rows) and rows[0].is_bound  # type: ignore[attr-defined]  # read with it
    if len(rows) < 2:
        return Choice(rows, rows[0] if is_bound else None, is_bound)
    count = working(user)[: MOST + 1].count()
    asked, may_see_all = request.GET.get("place", ""), count <= MOST
    found = next((row for row in rows if row.slug == asked), None)
    is_whole = may_see_all and (asked == ALL or (count <= FEW and not is_bound))
    if found is None and is_whole:
        return Choice(rows, None, is_bound, may_see_all)
    there = _place_of(user, request.GET.get("at", ""))
    at_visit = next((row for row in rows if row.pk == there), None)
    return Choice(rows, at_visit or found or rows[0], is_bound, may_see_all)


def _place_of(user: AbstractUser, key: str) -> int | None:
    """The place (primary key) of the visit of that number, if the user may see it."""
    if not KEY.fullmatch(key):
        return None
    visible = Appointment.objects.visible_to(user).filter(pk=int(key))
    return visible.values_list("location", flat=True).first()


def _with_bound(user: AbstractUser) -> Any:
    """The user's places, each with whether they see these alone."""
    bound = Exists(StaffPlace.objects.filter(user=user.pk))
    return Location.objects.visible_to(user).annotate(is_bound=bound)


def bookable(user: AbstractUser) -> TherapistQuerySet:
    """Whom the user may book somebody with."""
    return bookable_therapists(online=False).visible_to(user)


def calendars(user: AbstractUser, window: Window, **options: Any) -> Calendars:
    """Their calendars, with the hours at the user's places alone; as `Calendars.read`."""
    return Calendars.read(bookable(user), window, at=of_places(user, "location"), **options)


def working(user: AbstractUser) -> TherapistQuerySet:
    """Those of the active therapists whom the user has to do with, for a form to choose among."""
    return Therapist.objects.filter(active=True).visible_to(user)


def offer(field_of_form: dict[str, Any], name: str, user: AbstractUser) -> Location | None:
    """Let the field of a form choose among the user's places; without a choice it goes.

    Returns the one place of a user who works at no other: it is meant without being said. None for
    whoever has a choice, and in a clinic with one place, where the hours say it. One query.
    """
    found = list(_with_bound(user)[:2])
    if len(found) > 1:
        field_of_form[name].queryset = Location.objects.visible_to(user)
        return None
    del field_of_form[name]
    return found[0] if found and found[0].is_bound else None
