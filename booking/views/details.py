"""The details of one time, and the booking itself."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.calendars import free_times
from booking.calendars.slots import Slot
from booking.forms import slips
from booking.forms.details import DetailsForm, NeedsForm
from booking.models import Appointment, Location
from booking.views.choices import (
    NAMES,
    chosen,
    condition_for,
    kept_choices,
    therapist_for,
    visit_choice,
    visit_type_of_old,
)
from booking.views.cookie import appointment_of, appointments_of, came_by_mail, remember_typed
from booking.views.sending import PatientForm, see_other
from booking.visits import bookings, duplicates, limits
from booking.visits.refusals import KeyReused, Refused
from booking.visits.requests import Request, was_sent
from conditions.pages import urgency

LOOK = "look"  # the button that Enter presses where the time is gone: asks, books nothing
CLASH = "clash"  # the obstacle of a form that may ask for one person's second visit
BOTH = "both"  # the answer to that: reference of the visit beside which this one is booked


class BookSlot(PatientForm):
    """The form for one time; sending it books that time."""

    fields = ["name", "phone", "email", *NeedsForm.base_fields, "reason", "payment", "key", "shown"]
    fields += ["right_address", BOTH, *NAMES]
    buttons = [slips.USE, slips.KEEP]
    nothing = _("We have not booked anything, and we have not kept your answer.")
    is_kept_for_back = True
    clash: Appointment | None = None

    def read(self) -> None:
        self.starts_at: datetime = self.kwargs["starts_at"]
        self.chosen = self.request.POST if self.request.method == "POST" else self.request.GET
        self.therapist = therapist_for(self.kwargs["therapist"])
        self.visit_type, self.is_visit_gone = visit_choice(self.chosen)
        self.condition = condition_for(self.chosen.get("for", ""))

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        """The form as it stands, with what was typed; 409 where the time is not bookable."""
        return self._page(self._form(), status, problem)

    def submit(self) -> HttpResponse:
        """Book, and answer with the proof or with what stands in the way."""
        if LOOK in self.request.POST:
            return self.show()
        form = DetailsForm(self.request.POST, now=self.now)
        if not form.is_valid():
            return self._page(form, 200)
        obstacle = form.obstacle() or self._clash(form)
        if obstacle or self.is_visit_gone:
            # What was booked before is answered as before, however fast the form is sent again.
            if not was_sent(Appointment.objects.all(), form.cleaned_data["key"]):
                return self._page(form, 200, obstacle)
            if self.is_visit_gone:
                self.visit_type = visit_type_of_old(self.chosen)
        try:
            appointment = self._book(form)
        except KeyReused as refused:
            return render(self.request, "booking/already_sent.html", status=refused.status)
        except Refused as refused:
            return self._page(form, refused.status, refused.code)
        return remember_typed(see_other("booking:appointment"), appointment, self.request)

    def _book(self, form: DetailsForm) -> Appointment:
        if self.visit_type is None:
            raise KeyReused  # sent before, for a visit type that has another name by now
        condition_id = self.condition.pk if self.condition else None
        held = appointment_of(self.request, self.now)
        return bookings.book_by_patient(
            visit_type=self.visit_type,
            therapist=self.therapist,
            starts_at=self.starts_at,
            patient=form.patient(condition_id),
            request=Request(
                key=form.cleaned_data["key"],
                held=held,
                by_mail=came_by_mail(self.request, held),
                now=self.now,
                **limits.sender(self.request.META["REMOTE_ADDR"]),
            ),
        )

    def _clash(self, form: DetailsForm) -> str:
        """CLASH where this browser holds a coming visit that may be the same person's, and nobody
        has said yet to book both. Other browsers are asked nothing, so that nobody can learn from
        the answer whether somebody has a visit.
        """
        if self.visit_type is None or self.is_visit_gone:
            return ""
        asked = form.patient(None), self.visit_type, self.starts_at, self.now
        found = appointment_of(self.request, self.now, among=duplicates.of_asked(*asked))
        if found is None or self.request.POST.get(BOTH) == found.reference:
            return ""
        self.clash = found
        return CLASH

    def _form(self) -> DetailsForm:
        if self.request.method == "POST":
            typed = self.request.POST.dict()
            return DetailsForm(
                now=self.now, initial=typed | {"for_condition": typed.get("for", "")}
            )
        form = DetailsForm(
            now=self.now,
            initial={
                "key": uuid.uuid4(),
                "for_condition": self.condition.slug if self.condition else "",
            },
        )
        # The page is there for this: whoever has chosen a time can type at once.
        form.fields["name"].widget.attrs["autofocus"] = True
        return form

    def _page(self, form: DetailsForm, status: int, problem: str = "") -> HttpResponse:
        slot = self._slot()
        own = None if slot else self._own_visit()
        if own and self.request.method != "POST":
            return self._own_time(own)
        context: dict[str, Any] = {
            "form": form,
            "slot": slot,
            "own": own,
            "starts_at": self.starts_at,
            "therapist": self.therapist,
            "visit_type": self.visit_type,
            "is_visit_gone": self.is_visit_gone,
            "condition": self.condition,
            "problem": problem,
            "clash": self.clash,
            "is_late": bool(self.visit_type and self.visit_type.is_late(self.starts_at, self.now)),
            "may_move": bool(self.clash and self.clash.may_change(self.now)),
            "both": self.request.POST.get(BOTH, ""),
            "slot_choices": self._choices(),
            "way_back": self._way_back(form),
            "cards": urgency.cards(self.condition),
        }
        if slot is None or status == 409:
            status = 409 if status == 200 else status
            context["nearest"] = self._nearest()
        else:
            context["location"] = Location.objects.get(pk=slot.location_id)
        return render(self.request, "booking/book_slot.html", context, status=status)

    def _own_visit(self) -> Appointment | None:
        """The visit that this browser has booked at this time: who goes back from the proof."""
        held = appointments_of(self.request, self.now)
        at_this_time = (row for row in held if row.is_at(self.therapist, self.starts_at))
        return next(at_this_time, None)

    def _own_time(self, own: Appointment) -> HttpResponse:
        self.is_kept_for_back = False  # it names a visit, on a device that may be told to forget
        back = reverse("booking:book") + self._choices()
        return render(self.request, "booking/own_time.html", {"visit": own, "back": back})

    def _slot(self) -> Slot | None:
        if self.visit_type is None or self.is_visit_gone:
            return None
        return free_times.slot_at(self.visit_type, self.therapist, self.starts_at, self.now)

    def _choices(self) -> str:
        """Query string of what was chosen on the way, for links that lead on and back."""
        return chosen(self.chosen, **({"visit": ""} if self.is_visit_gone else {}))

    def _way_back(self, form: DetailsForm) -> dict[str, str]:
        """What narrowed the free times, for hidden fields: it outlives every round of errors."""
        fields = {form.add_prefix(name) for name in form.fields}
        kept = kept_choices(self.chosen)
        return {name: slug for name, slug in kept.items() if name not in fields}

    def _nearest(self) -> list[Slot]:
        if self.visit_type is None:
            return []
        return free_times.nearest_slots(self.visit_type, self.therapist, self.starts_at, self.now)
