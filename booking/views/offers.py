"""The link in the e-mail that offers a sooner time: take it, or keep what one has."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.earlier import offers, standing, waitlist
from booking.forms.details import FirstVisitForm, NeedsForm
from booking.models import Appointment, TimeOffer
from booking.views import cookie
from booking.views.appointment import OTHER, unknown
from booking.views.cookie import MAIL, remember, remember_row
from booking.views.sending import STALE, PatientForm, see_other
from booking.visits import limits, tokens
from booking.visits.refusals import OnlineFull, OverLimit, Refused
from conditions.pages import urgency

State = TimeOffer.State


@require_safe
@never_cache
def open_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the e-mail that offers a time: sets the cookie and shows it; changes nothing."""
    offer = tokens.find_offer(token, timezone.now())
    if offer is None:
        raise Http404
    return remember_row(see_other("booking:offer"), offer, MAIL)


class AnswerOffer(PatientForm):
    """The offered time beside the present one; sending the form answers. A GET changes nothing."""

    fields = [*NeedsForm.base_fields, "reason", "payment", "about"]
    buttons = ["answer"]
    nothing = _("We have not booked anything, and we have not kept your answer.")

    def answer(self) -> HttpResponse:
        held = cookie.held(self.request, TimeOffer)
        offer = tokens.find_offer_here(held.uuid, self.now) if held else None
        if offer is None:
            return unknown(self.request)
        self.offer = offer
        return super().answer()

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        return self.page(FirstVisitForm(initial=self.request.POST.dict()), status, problem)

    def submit(self) -> HttpResponse:
        if self.request.POST.get("about", self.offer.uuid.hex) != self.offer.uuid.hex:
            return self.show(409, OTHER)
        answer = self.request.POST.get("answer")
        if answer == "yes":
            return self.claim()
        if answer not in ("no", "leave"):
            return self.show()
        offers.decline(offer=self.offer, now=self.now)
        if answer == "leave":
            waitlist.leave(wish=self.offer.entry, now=self.now)
        return see_other("booking:offer")

    def claim(self) -> HttpResponse:
        """Take it, and show the visit. A first visit asks all that booking asks."""
        form, details = FirstVisitForm(), {}
        if self.offer.entry.appointment is None:
            form = FirstVisitForm(self.request.POST)
            if not form.is_valid():
                return self.page(form)
            details = form.details()
        sender = limits.sender(self.request.META["REMOTE_ADDR"])
        try:
            visit = offers.claim(offer=self.offer, now=self.now, details=details, **sender)
        except Refused as refused:
            return self.page(form, refused.status, refused.code)
        return self.proof(visit)

    def proof(self, visit: Appointment) -> HttpResponse:
        """Lead to the visit that the offer became."""
        token = tokens.current(visit) or ""
        return remember(see_other("booking:appointment"), visit, token, self.request)

    def page(self, form: FirstVisitForm, status: int = 200, problem: str = "") -> HttpResponse:
        """The question, or how it ended; 409 where the answer came too late, 429 where as much
        is booked as may be.
        """
        stands = standing.of(self.offer, self.now)
        visit = standing.visit_of(self.offer) if stands == State.CLAIMED else None
        if visit and visit.token_version != self.offer.token_version:
            return unknown(self.request)  # another e-mail address since
        if visit and status == 200:
            return self.proof(visit)
        wish = self.offer.entry
        context: dict[str, Any] = {
            "offer": self.offer,
            "visit": wish.appointment,
            "wish": wish,
            "standing": str(stands),
            "stale": problem == STALE,
            "other": problem == OTHER,
            "limit": problem == OverLimit.code,
            "full": problem == OnlineFull.code,
            "form": form,
            "visit_type": self.offer.visit_type,
        }
        if stands == State.OPEN and wish.appointment is None:
            context["cards"] = urgency.cards(wish.condition)
        return render(self.request, "booking/offer.html", context, status=status)
