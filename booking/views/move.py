"""`/appointment/move/`: another time for the visit, chosen, looked at once more, and taken."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from booking.calendars import free_times, instants
from booking.models import Location, Therapist
from booking.views import times
from booking.views.appointment import OTHER, VisitForm
from booking.views.choices import chosen, therapist_for
from booking.views.cookie import came_by_mail
from booking.views.sending import see_other
from booking.visits import changes
from booking.visits.refusals import Changed, MailboxFull, OverLimit, Refused


class Move(VisitForm):
    """Choose another time, look at it, say yes. The old time is kept until then."""

    template_name = "booking/move.html"

    def read(self) -> None:
        values = self.request.POST if self.request.method == "POST" else self.request.GET
        self.to = target(values["to"]) if values.get("to") else None

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        """The free times; or the one that was chosen, beside the present one."""
        if not self.visit.may_change(self.now):
            return self.page(self.template_name, {}, status, problem)
        return self.confirm(*self.to, status, problem) if self.to else self.choose()

    def submit(self) -> HttpResponse:
        if self.to and not self.is_about_another and self.is_own(*self.to):
            return see_other("booking:appointment")  # sent twice; it may be too late to move by now
        if not self.visit.may_change(self.now):
            return self.show(status=409)
        if not self.to:
            return self.choose()
        if self.is_about_another:
            return self.show(409, OTHER)
        return self.move(*self.to)

    def move(self, therapist: Therapist, starts_at: datetime) -> HttpResponse:
        try:
            changes.move_by_patient(
                appointment=self.visit,
                therapist=therapist,
                starts_at=starts_at,
                now=self.now,
                seen=self.seen,
                by_mail=came_by_mail(self.request, self.visit),
            )
        except Changed as refused:
            return self.refuse(refused)
        except MailboxFull as refused:
            return self.page(self.template_name, {"mailbox": True}, refused.status)
        except OverLimit as refused:
            return self.page(self.template_name, {"often": True}, refused.status)
        except Refused:
            return self.gone(therapist, starts_at)
        return see_other("booking:appointment")

    def confirm(
        self, therapist: Therapist, starts_at: datetime, status: int, problem: str
    ) -> HttpResponse:
        """The old time and the new, and the button."""
        visit = self.visit
        if self.is_own(therapist, starts_at):
            context: dict[str, Any] = {"visit": visit, "back": reverse("booking:move")}
            return self.page("booking/own_time.html", context, status, problem)
        slot = free_times.slot_at(visit.visit_type, therapist, starts_at, self.now, moving=visit)
        if slot is None:
            return self.gone(therapist, starts_at)
        context = {"slot": slot, "choices": chosen(self.request.GET)}
        if slot.location_id != visit.location_id:
            context["place"] = Location.objects.get(pk=slot.location_id)
            context["place_alone"] = visit.is_at(therapist, starts_at)
        return self.page("booking/move_confirm.html", context, status, problem)

    def is_own(self, therapist: Therapist, starts_at: datetime) -> bool:
        """Whether the visit is there already: at that time, and not where it is offered no more."""
        visit = self.visit
        at_that_time = visit.is_at(therapist, starts_at)
        return at_that_time and not free_times.own_time_elsewhere(visit, self.now)

    def choose(self) -> HttpResponse:
        visit = self.visit
        asked = self.request.GET
        choice = times.choice(asked, visit.visit_type, self.now, times.move_to, moving=visit)
        return self.page(self.template_name, choice)

    def gone(self, therapist: Therapist, starts_at: datetime) -> HttpResponse:
        """409: the visit stays where it was; the nearest other times."""
        visit = self.visit
        nearest = free_times.nearest_slots(
            visit.visit_type, therapist, starts_at, self.now, moving=visit
        )
        context = {"gone": starts_at, "nearest": nearest, "choices": chosen(self.request.GET)}
        return self.page(self.template_name, context, status=409)


def target(to: str) -> tuple[Therapist, datetime]:
    """Therapist and instant (UTC) of `<therapist slug>/<instant>`. Raises Http404."""
    slug, _slash, code = to.partition("/")
    try:
        starts_at = instants.parse(code)
    except ValueError:
        raise Http404 from None
    return therapist_for(slug), starts_at
