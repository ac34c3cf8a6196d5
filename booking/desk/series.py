"""Several visits at once: times are proposed, changed line by line, and booked all or none."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from booking.calendars.doubts import unsettled
from booking.calendars.slots import Slot
from booking.desk import frame, looking, opening, series_rows
from booking.desk.day import asked_visit_type
from booking.desk.series_forms import PatternForm, PersonForm, new_pattern, new_person
from booking.models import Appointment, OutgoingEmail, Series, VisitType
from booking.models.series import numbered
from booking.visits import duplicates, series
from booking.visits.refusals import Refused, SeriesTaken
from booking.visits.requests import Patient, Request, fingerprint, was_sent

KEY = re.compile("[0-9]{1,18}")
ANSWERS = ("use_address", "keep_address")  # to the question of a slip: they book as the button does


class Doubts(NamedTuple):
    """What is asked before booking, once: the tick says yes to these and no others."""

    words: list[str]
    sent: str

    @property
    def confirmation(self) -> str:
        return fingerprint(self.words)

    @property
    def is_confirmed(self) -> bool:
        return self.sent == self.confirmation


class Draft:
    """A series that is not booked yet: what was typed, and the list of times for it."""

    def __init__(self, request: HttpRequest, pattern: PatternForm) -> None:
        self.user, self.now, self.data = frame.staff(request), timezone.now(), request.POST
        self.pattern, self.visit_type = pattern, pattern.cleaned_data["visit_type"]
        # Lines that were made for something else than the form says now are made anew.
        is_same = request.POST.get("pattern") == pattern.fingerprint()
        self.sent = [row for row in series_rows.typed(request.POST) if row.day] if is_same else []
        self.read()

    def read(self) -> None:
        """Read the calendars, and make the list of them; at most four queries."""
        days = [row.day for row in self.sent if row.day] or self.pattern.days()
        wants = [self.pattern.want(day) for day in days]
        self.calendars = series_rows.read(wants, self.user, self.now)
        self.lines = series_rows.lines(self.calendars, self.visit_type, wants, self.sent)
        series_rows.say_problems(self.lines, self.calendars, self.visit_type.length, self.user)

    def slots(self) -> list[Slot]:
        """The times that are chosen."""
        return [line.slot for line in self.lines if line.slot]

    def slots_as_sent(self) -> list[Slot]:
        """The times that the form names, free or not: what it asked for when it was sent first."""
        therapists = list(self.calendars.therapists.values())
        length = self.visit_type.length
        found = (series_rows.slot_of(row.choice, therapists, length) for row in self.sent)
        return [slot for slot in found if slot]

    def doubts(self, patient: Patient) -> list[str]:
        """That the patient may have another visit at one of the times; one query."""
        visible = Appointment.objects.visible_to(self.user)
        found = duplicates.of_person(patient, self.now, visible)
        others = list(found.select_related("therapist"))
        words = _("May be the same person as %(ref)s: %(when)s with %(name)s.")
        return [
            words
            % {
                "ref": other.reference,
                "when": frame.in_words(other.starts_at),
                "name": other.therapist.name,
            }
            for other in others
            if any(_meet(other, slot) for slot in self.slots())
        ]


def _meet(visit: Appointment, slot: Slot) -> bool:
    return visit.starts_at < slot.ends_at and slot.starts_at < visit.ends_at


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("add_appointment")
def new(request: HttpRequest) -> HttpResponse:
    """Propose times for a series, and book them.

    Asked for by the caller's form, it is posted, and opens with what was typed there.
    """
    if request.method != "POST":
        return _empty(request)
    if opening.CARRY in request.POST:
        return _carried(request)
    pattern, books = PatternForm(request.POST, user=frame.staff(request)), _books(request)
    # Who asks for times alone has perhaps not said yet who comes.
    person = PersonForm(request.POST) if books else PersonForm(initial=request.POST.dict())
    is_told = person.is_valid() if books else False
    if not pattern.is_valid():
        return _page(request, pattern, person)
    draft = Draft(request, pattern)
    if not (is_told and draft.sent) or person.slip:
        return _page(request, pattern, person, draft)
    return _book(request, draft, person)


def _books(request: HttpRequest) -> bool:
    return request.POST.get("do") == "book" or any(name in request.POST for name in ANSWERS)


def _empty(request: HttpRequest) -> HttpResponse:
    again = request.GET.get("again", "")
    looking.saw_visits(request, [])
    visit = frame.visit_or_404(request, int(again)) if KEY.fullmatch(again) else None
    visit_type = asked_visit_type(request, list(VisitType.objects.offered()))
    pattern = new_pattern(frame.staff(request), visit, visit_type)
    return _page(request, pattern, new_person(visit))


def _carried(request: HttpRequest) -> HttpResponse:
    """The form with what the caller's form held: who, what for, with whom, and from which day."""
    looking.saw_visits(request, [])
    visit_type = asked_visit_type(request, list(VisitType.objects.offered()))
    pattern = new_pattern(frame.staff(request), None, visit_type)
    typed = opening.typed_so_far(request.POST)
    told = {name: typed[name] for name in ("visit_type", "therapist") if typed.get(name)}
    if request.POST.get("day"):
        told["first"] = request.POST["day"]
    pattern.initial = {**pattern.initial, **told}
    person = new_person(None)
    person.initial = {**person.initial, **typed}
    return _page(request, pattern, person)


def _book(request: HttpRequest, draft: Draft, person: PersonForm) -> HttpResponse:
    """Book what is chosen; a second click of a form that has booked finds what it booked."""
    key, patient = person.cleaned_data["key"], person.patient()
    again = was_sent(Series.objects.all(), key)
    doubts = Doubts([] if again else draft.doubts(patient), request.POST.get("confirm", ""))
    if not again and (lacks := series_rows.lacks(draft.lines, draft.sent)):
        person.add_error(None, lacks)
        return _page(request, draft.pattern, person, draft, doubts)
    if doubts.words and not doubts.is_confirmed:
        return _page(request, draft.pattern, person, draft, doubts)
    slots = draft.slots_as_sent() if again else draft.slots()
    if made := _made(draft, person, slots, Request(key=key, now=draft.now)):
        messages.success(request, _booked(made, len(slots)))
        return HttpResponseRedirect(reverse("desk:series_of", args=[made.pk]))
    return _page(request, draft.pattern, person, draft, doubts)


def _made(draft: Draft, person: PersonForm, slots: Sequence[Slot], asked: Request) -> Series | None:
    """The series, booked; None where the form and the list now say why not."""
    try:
        return series.book_series(
            visit_type=draft.visit_type,
            slots=slots,
            patient=person.patient(),
            request=asked,
            note=person.cleaned_data["note"],
        )
    except SeriesTaken as refused:
        chosen = [line.number for line in draft.lines if line.slot]
        draft.read()
        series_rows.mark_clashes(draft.lines, [chosen[number] for number in refused.taken])
        person.add_error(None, str(refused.for_staff))
    except (Refused, OperationalError) as error:
        person.add_error(None, frame.why_not(error))
    return None


def _booked(made: Series, count: int) -> str:
    said = {"name": made.name, "count": count}
    if made.email:
        words = ngettext(
            "Booked %(count)d visit for %(name)s. One e-mail with it is on its way.",
            "Booked %(count)d visits for %(name)s. One e-mail with all of them is on its way.",
            count,
        )
    else:
        words = ngettext(
            "Booked %(count)d visit for %(name)s. No e-mail: tell them the time.",
            "Booked %(count)d visits for %(name)s. No e-mail: tell them the times.",
            count,
        )
    return words % said


def _page(
    request: HttpRequest,
    pattern: PatternForm,
    person: PersonForm,
    draft: Draft | None = None,
    doubts: Doubts | None = None,
) -> HttpResponse:
    """What was typed, with the list of times once there is one."""
    asked = doubts if doubts and doubts.words else None
    context = {
        "pattern": pattern,
        "form": person,
        "lines": draft.lines if draft else [],
        "fingerprint": pattern.fingerprint() if draft else "",
        "count": sum(not line.is_out for line in draft.lines) if draft else 0,
        "asked": asked,
        "doubts": asked.words if asked else [],
    }
    return frame.show(request, "series/new.html", _("Book a series"), context)


def visits_of(request: HttpRequest, pk: int) -> list[Appointment]:
    """The visits of a series that the user may see, numbered, soonest first; 404 where none is."""
    whole = get_object_or_404(Series, pk=pk)
    visible = Appointment.objects.visible_to(frame.staff(request)).filter(series=whole)
    found = list(numbered(visible.with_details()).order_by("starts_at", "pk"))
    if not found:
        raise Http404
    return found


@require_safe
@frame.requires("view_appointment")
def of(request: HttpRequest, pk: int) -> HttpResponse:
    """All visits of a series, with what can be done with each, and with the rest from it on."""
    visits, now = visits_of(request, pk), timezone.now()
    doubts = unsettled(visit for visit in visits if visit.is_upcoming(now))
    may_change = frame.may(request, "change_appointment")
    emails = OutgoingEmail.objects.filter(series=pk).order_by("pk") if may_change else []
    context = {
        "rows": [(visit, doubts.get(visit, []), visit.is_upcoming(now)) for visit in visits],
        "first": visits[0],
        "series_pk": pk,
        "emails": emails,
        "may_change": may_change,
        "may_book": frame.may(request, "add_appointment"),
    }
    return frame.show(request, "series/visits.html", _("Series of visits"), context)
