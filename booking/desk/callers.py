"""Booking a caller; the free times that the desk is shown."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.calendars import hours
from booking.calendars.doubts import JUST_BEGUN
from booking.calendars.free_times import Window
from booking.calendars.slots import Slot
from booking.desk import beside, frame, looking, opening, overriding, people, places
from booking.desk.day import asked_visit_type
from booking.desk.forms import CallerForm
from booking.models import Appointment, Location, Therapist, VisitType
from booking.models.staff_places import places_of
from booking.visits import bookings
from booking.visits.overriding import Override
from booking.visits.refusals import Refused, SlotUnavailable
from booking.visits.requests import Request

ByTherapist = list[tuple[Therapist, list[Slot]]]
PERSON = ["name", "phone", "email"]


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("add_appointment")
def book(request: HttpRequest) -> HttpResponse:
    """A visit for a caller: notice, horizon and online limit do not apply."""
    if request.method != "POST":
        return _book_page(request, _opened(request))
    if _only_asks(request.POST):
        return _answer_page(request)
    form, now = CallerForm(request.POST, user=frame.staff(request)), timezone.now()
    if not form.is_valid():
        return _book_page(request, form)
    doubts = form.doubts(form.ends_at(), now)
    if form.slip or (doubts and not form.is_confirmed()):
        return _book_page(request, form, doubts)
    visit = _book(form, now, overriding.leave(request, form))
    if visit is None:
        return _book_page(request, form, doubts)
    messages.success(request, _booked(visit))
    overriding.say_beside(request, visit)
    return frame.to_day(request, visit)


def _opened(request: HttpRequest) -> CallerForm:
    """The form as a link opens it: at a free time, or as another visit of the person in `?again=`.

    Raises Http404 for a visit that the user may not see.
    """
    asked, known = request.GET, dict[str, Any]()
    looking.saw_visits(request, [])
    if asked.get("again"):
        visit = people.visit_of(frame.staff(request), asked["again"])
        if visit is None:
            raise Http404
        looking.saw_visits(request, [visit])
        known = opening.once_more(visit)
    if asked.get("visit") or "visit_type" not in known:
        visit_type = asked_visit_type(request, list(VisitType.objects.offered()))
        known["visit_type"] = visit_type and visit_type.slug
    if asked.get("therapist"):
        known["therapist"] = asked["therapist"]
    return opening.new_caller(frame.staff(request), asked.get("start", ""), known)


def _only_asks(data: Any) -> bool:
    """Whether a button was pressed that books nothing: who is it, which times are free, this time
    before anybody's name was typed.
    """
    typed = any(data.get(name, "").strip() for name in PERSON)
    return bool({"look_up", "use", "times"} & set(data)) or ("slot" in data and not typed)


def _answer_page(request: HttpRequest) -> HttpResponse:
    """The form as it was typed, with what one of these buttons asked for."""
    data, user = request.POST, frame.staff(request)
    visit = people.visit_of(user, data.get("use", ""))
    looking.saw_visits(request, [visit] if visit else [])
    form = opening.retyped(user, data, opening.of_person(visit) if visit else None)
    found = None
    if "look_up" in data:
        typed = [data.get(name, "") for name in PERSON]
        found = people.known(user, typed, timezone.now())
        looking.saw_visits(request, [person.visit for person in found])
    return _book_page(request, form, found=found, used=visit)


def _book(form: CallerForm, now: datetime, override: Override | None) -> Appointment | None:
    """Book what the form says; None where the form now says why not."""
    data = form.cleaned_data
    assert form.starts_at is not None
    try:
        return bookings.book_by_desk(
            visit_type=data["visit_type"],
            therapist=data["therapist"],
            starts_at=form.starts_at,
            patient=form.patient(),
            request=Request(key=data["key"], now=now),
            location=form.place(),
            note=data["note"],
            known=form.known,
            override=override,
            places=places_of(form.user),
        )
    except SlotUnavailable:
        form.add_error(None, taken(data["therapist"], form.starts_at))
    except (Refused, OperationalError) as error:
        form.add_error(None, frame.why_not(error))
    return None


def _book_page(
    request: HttpRequest,
    form: CallerForm,
    doubts: Sequence[str] = (),
    found: Sequence[people.Person] | None = None,
    used: Appointment | None = None,
) -> HttpResponse:
    """The form as it was typed, what speaks against it, who was found; free times beside it."""
    chosen: ByTherapist = []
    if form.is_bound and form.starts_at and form.cleaned_data.get("visit_type"):
        day = hours.today(form.starts_at)
        place = form.place()
        chosen = free_on(form.user, day, form.cleaned_data["visit_type"], location=place)
    now = timezone.now()
    context = {
        "form": form,
        "doubts": doubts,
        "clash": overriding.clash(request, form),
        "free": chosen if form.errors or doubts else [],
        "beside": beside.read(beside.asked_in(form), form.user, now),
        "people": found,
        "used": used and people.Person(used, people.last_seen(used, now)),
    }
    return frame.show(request, "appointment/book.html", _("Book a caller"), context)


def _booked(visit: Appointment) -> str:
    said = {"name": visit.name, "when": frame.in_words(visit.starts_at), "ref": visit.reference}
    if visit.email:
        return _("Booked %(name)s, %(when)s, %(ref)s. A confirmation is on its way.") % said
    return _("Booked %(name)s, %(when)s, %(ref)s. No e-mail: tell them the reference.") % said


def taken(therapist: Therapist, starts_at: datetime) -> str:
    """That the therapist has another visit then, in words."""
    said = {"name": therapist.name, "when": frame.in_words(starts_at)}
    return _("%(name)s already has a visit at that time (%(when)s). Choose another.") % said


def free_on(
    user: AbstractUser,
    day: date,
    visit_type: VisitType,
    moving: Appointment | None = None,
    location: Location | None = None,
) -> ByTherapist:
    """The free times of a clinic day, from now on, of each therapist whom the user may book; at
    one place, if given.
    """
    now = timezone.now()
    window = Window(max(day, hours.today(now)), day, now - JUST_BEGUN)
    slots = places.calendars(user, window).without(moving).slots(visit_type)
    here = location and location.pk
    return list(by_therapist(slot for slot in slots if here in (None, slot.location_id)))


def by_therapist(slots: Iterable[Slot]) -> Iterable[tuple[Therapist, list[Slot]]]:
    """Slots, gathered by therapist in the clinic's order."""

    def order(slot: Slot) -> tuple[int, str, int]:
        return slot.therapist.order, slot.therapist.name, slot.therapist.pk

    for _key, group in groupby(sorted(slots, key=order), key=order):
        found = list(group)
        yield found[0].therapist, found
