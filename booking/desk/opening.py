"""How the caller's form opens: at a free time, from an earlier visit, or as it was typed so far."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from booking.calendars import instants
from booking.desk.forms import CallerForm, with_slot
from booking.models import Appointment

CARRY = "carry"  # the caller's form asks for another page, which opens with what it held
CARRIED = "typed-"  # before the names of what a page about something else holds of the form
# What a person's next visit has from the last one. Who called for them then may not call now.
FILLED_IN = ["name", "phone", "email", "payment", "interpreter", "step_free", "wants_gender"]


def new_caller(user: AbstractUser, code: str, known: dict[str, Any]) -> CallerForm:
    """A form nobody has sent yet, with what is known; at a free time, where the code says one."""
    initial = {"key": uuid.uuid4()} | known
    try:
        wall = timezone.localtime(instants.parse(code))
    except (ValueError, OverflowError):
        return CallerForm(user=user, initial=initial)
    return CallerForm(user=user, initial=initial | {"day": wall.date(), "time": wall.time()})


def retyped(user: AbstractUser, data: Any, known: dict[str, Any] | None = None) -> CallerForm:
    """The form as it was typed, not checked: something else than booking was asked for.

    What is `known` takes the place of what was typed.
    """
    return CallerForm(user=user, initial=with_slot(data).dict() | (known or {}))


def of_person(visit: Appointment) -> dict[str, Any]:
    """What to fill in of the person, by the names of the form's fields; blanks too, so that nothing
    of somebody else's stays.
    """
    return {name: getattr(visit, name) for name in FILLED_IN}


def once_more(visit: Appointment) -> dict[str, Any]:
    """The same, with whom and what they came for, where that can still be booked."""
    found = of_person(visit)
    if visit.therapist.active:
        found["therapist"] = visit.therapist.slug
    if visit.visit_type.active:
        found["visit_type"] = visit.visit_type.slug
    return found


def typed_so_far(data: Any) -> dict[str, str]:
    """What the form held, not checked, as it sent it, or as another page carries it along; but for
    when the visit is.
    """
    names = [name for name in CallerForm.base_fields if name not in ("day", "time")]
    carried = {name: data[CARRIED + name] for name in names if CARRIED + name in data}
    return carried or {name: data[name] for name in names if name in data}
