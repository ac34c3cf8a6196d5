"""The booked appointment, for the browser that holds its cookie: proof, yes, end, calendar file."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.earlier import waitlist
from booking.messages import ics, web_calendars
from booking.models import Appointment
from booking.models.appointment import NEEDS
from booking.views import cookie
from booking.views.cookie import came_by_mail, remember, typed_here
from booking.views.identity import clinic_of
from booking.views.sending import STALE, PatientForm, see_other
from booking.visits import attendance, changes, corrections, reminders, tokens, versions
from booking.visits.refusals import Changed, Refused

# Where the links of a reminder lead: to pages that ask, for whoever follows links may be a machine.
NEXT = {"come": "booking:come", "move": "booking:move"}
# After a link or a form, the page is about the visit opened last, though another one is to come.
LAST = "last"
OTHER = "other"  # the problem of a form about a visit that this browser has since left for another


def unknown(request: HttpRequest) -> HttpResponse:
    """No cookie, or one that opens nothing. A POST is told that nothing was done."""
    posted = request.method == "POST"
    status = 409 if posted else 200
    return render(request, "booking/no_appointment.html", {"posted": posted}, status=status)


def of_visit(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give a view the visit whose cookie the browser holds, and the instant (UTC) of asking.

    Without one, `unknown` answers and the view is not asked.
    """

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        visit = cookie.appointment_of(request, now)
        return unknown(request) if visit is None else view(request, visit, now)

    return answer


class VisitForm(PatientForm):
    """A form about the visit whose cookie the browser holds."""

    template_name = "booking/appointment.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fields = [name for name in request.POST if name != "csrfmiddlewaretoken"]

    def answer(self) -> HttpResponse:
        visit = cookie.appointment_of(self.request, self.now)
        if visit is None:
            return unknown(self.request)
        self.visit = visit
        return super().answer()

    def submit(self) -> HttpResponse:
        """Change the visit, and lead to the proof; not where the form asked about another one."""
        if self.is_about_another:
            return self.show(409, OTHER)
        try:
            self.change()
        except Refused as refused:
            return self.refuse(refused)
        return self.done()

    def done(self) -> HttpResponse:
        """Lead to the proof."""
        return see_other("booking:appointment")

    def change(self) -> None:
        """Call the service. Raises Refused."""
        raise NotImplementedError

    def refuse(self, refused: Refused) -> HttpResponse:
        """The page once more, about the visit as it is now."""
        self.visit.refresh_from_db()
        return self.show(refused.status, refused.code)

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        return self.page(self.template_name, {}, status, problem)

    def page(
        self, template: str, context: dict[str, Any], status: int = 200, problem: str = ""
    ) -> HttpResponse:
        """A page about the visit; it says whether the form was stale, or about what is no more."""
        problems = {name: name == problem for name in (STALE, OTHER, Changed.code)}
        whole = shown(self.visit, self.now) | problems | context
        return render(self.request, template, whole, status=status)

    @property
    def is_about_another(self) -> bool:
        """Whether the form asked about a visit that this browser has since left for another."""
        return self.request.POST.get("reference", self.visit.reference) != self.visit.reference

    @property
    def seen(self) -> int | None:
        """The state of the visit that the form showed."""
        return versions.parse(self.request.POST.get("sequence"))


@require_safe
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The link in e-mails: sets the cookie and shows the appointment; changes nothing."""
    visit = tokens.find(token, timezone.now())
    if visit is None:
        raise Http404
    # The very token that came: a key that has been retired could not make it again.
    asked = re.match("[a-z]*", request.GET.get("next", ""))  # without what was copied along
    to = NEXT.get(asked[0] if asked else "")
    done = see_other(to) if to else proof_of(visit.is_upcoming(timezone.now()))
    return remember(done, visit, token, request)


def proof_of(is_upcoming: bool) -> HttpResponse:
    """303 to the proof of the visit opened last, which may be past or cancelled."""
    return see_other(reverse("booking:appointment") + ("" if is_upcoming else f"?{LAST}"))


@require_safe
@never_cache
def appointment(request: HttpRequest) -> HttpResponse:
    """The proof of the visit opened last, as it is now, and what else the browser holds to come.

    One to come is shown before one that is over or cancelled, unless that was asked for just now.
    """
    now = timezone.now()
    held = cookie.appointments_of(request, now)
    if not held:
        return unknown(request)
    to_come = (row for row in held if row.is_upcoming(now))
    visit = held[0] if LAST in request.GET else next(to_come, held[0])
    names = typed_here(request, visit)
    coming = cookie.coming(held, now)
    others = [(row, typed_here(request, row)) for row in coming if row != visit]
    context = {
        "asks": reminders.has_begun(visit, now),
        "names": names,
        "by_mail": came_by_mail(request, visit),
        "wish": waitlist.wish_of(visit, now),
        "may_correct": names and corrections.may_correct_address(visit, now),
        "others": others,
    }
    response = render(request, "booking/appointment.html", shown(visit, now) | context)
    # What the page leads to is about the visit that it shows.
    return response if visit == held[0] else cookie.prefer(response, visit, request)


def shown(visit: Appointment, now: datetime) -> dict[str, object]:
    """What the pages about an appointment say of it."""
    return {
        "appointment": visit,
        "may_change": visit.may_change(now),
        "change_until": visit.change_until(),
        "over": visit.starts_at <= now,
        "has_needs": any(getattr(visit, need) for need in NEEDS),
        "google": web_calendars.google(visit),
        "outlook": web_calendars.outlook(visit),
        "may_wait": waitlist.may_join(visit, now),
    }


class Come(VisitForm):
    """The proof, asking first whether the patient will come; sending the form keeps the yes."""

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        return self.page(self.template_name, {"asks": True, "asked": True}, status, problem)

    def change(self) -> None:
        attendance.confirm(appointment=self.visit, now=self.now, seen=self.seen)


class Cancel(VisitForm):
    """Asks first; sending the form cancels."""

    template_name = "booking/cancel.html"

    def change(self) -> None:
        changes.cancel_by_patient(
            appointment=self.visit,
            now=self.now,
            seen=self.seen,
            by_mail=came_by_mail(self.request, self.visit),
        )

    def done(self) -> HttpResponse:
        return proof_of(is_upcoming=False)


@require_safe
@never_cache
@of_visit
def calendar_file(request: HttpRequest, visit: Appointment, now: datetime) -> HttpResponse:
    """The appointment as an iCalendar file."""
    response = HttpResponse(
        ics.calendar_file(visit, clinic_of(request).name),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response
