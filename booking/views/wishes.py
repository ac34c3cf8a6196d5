"""The earlier-time list without a visit: `/book/earlier/`, and where such a wish stands."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.earlier import networks, waitlist
from booking.forms import slips
from booking.forms.wishes import WishContactForm, choices, chosen_on_the_way
from booking.models import WaitlistEntry
from booking.views import cookie
from booking.views.appointment import OTHER, unknown
from booking.views.choices import chosen, condition_for, online_visit_types, visit_choice
from booking.views.cookie import HERE, MAIL, remember_row
from booking.views.earlier import terms, typed_wish
from booking.views.sending import STALE, PatientForm, see_other
from booking.visits import limits, tokens
from booking.visits.refusals import Refused
from booking.visits.requests import Request, was_sent
from conditions.pages import urgency


class JoinWithoutVisit(PatientForm):
    """For people whom no free time suits."""

    fields = ["weekdays", "parts", "therapist", "location", "name", "phone", "email", "visit"]
    fields += ["key", "shown", "right_address"]
    buttons = [slips.USE, slips.KEEP]
    nothing = _("We have not put you on the list, and we have not kept your answer.")
    is_kept_for_back = True

    def read(self) -> None:
        # As on the way: no field of the form.
        self.condition = condition_for(self.request.GET.get("for", ""))

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        if self.request.method != "POST" and not online_visit_types():
            return render(self.request, "booking/call_to_book.html")
        return self.page(self.form(), status, problem)

    def form(self) -> WishContactForm:
        """The form as it stands: what was typed and chosen, or a new one."""
        offered = choices()
        if self.request.method == "POST":
            typed = typed_wish(self.request)
        else:
            places = offered["therapists"], offered["locations"]
            typed = chosen_on_the_way(self.request.GET, *places)
        return WishContactForm(now=self.now, initial={"key": uuid.uuid4()} | typed, **offered)

    def submit(self) -> HttpResponse:
        """Put them on the list, and answer with the page of the wish or what stands in the way."""
        form = WishContactForm(self.request.POST, now=self.now, **choices())
        if not form.is_valid():
            return self.page(form)
        key, obstacle = form.cleaned_data["key"], form.obstacle()
        if obstacle and not was_sent(WaitlistEntry.objects.all(), key):
            return self.page(form, problem=obstacle)
        visit_type, is_gone = visit_choice(self.request.POST)
        if visit_type is None or is_gone:
            return self.page(form)
        address = self.request.META["REMOTE_ADDR"]
        sender = limits.sender(address, waitlist.FORM)
        try:
            wish = waitlist.join_without_visit(
                visit_type=visit_type,
                patient=form.patient(self.condition.pk if self.condition else None),
                wish=form.wish(),
                request=Request(key=key, now=self.now, **sender),
                networks=networks.of(address),
            )
        except Refused as refused:
            return self.page(form, refused.status, refused.code)
        return remember_row(see_other("booking:wish"), wish, HERE)

    def page(self, form: WishContactForm, status: int = 200, problem: str = "") -> HttpResponse:
        """The form, or what stands in the way; 409 where the visit is not offered any more."""
        posted = self.request.method == "POST"
        visit_type, is_gone = visit_choice(self.request.POST if posted else self.request.GET)
        if is_gone and posted and status == 200:
            status = 409
        context: dict[str, Any] = {
            "form": form,
            "cards": urgency.cards(self.condition),
            "problem": problem,
            "visit_type": visit_type,
            "is_visit_gone": is_gone,
            "choices": chosen(self.request.GET),
            "terms": terms(),
        }
        template = "booking/earlier_without_visit.html"
        return render(self.request, template, context, status=status)


@require_safe
@never_cache
def open_wish(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the e-mail about a wish: sets the cookie and shows it; changes nothing."""
    wish = tokens.find_wish(token, timezone.now())
    if wish is None:
        raise Http404
    return remember_row(see_other("booking:wish"), wish, MAIL)


class AnswerWish(PatientForm):
    """Where a wish without a visit stands: confirm it, or leave the list.

    A GET changes nothing, as programs that check mail follow links too.
    """

    fields = ["about"]
    buttons = ["answer"]

    def answer(self) -> HttpResponse:
        held = cookie.held(self.request, WaitlistEntry)
        wish = tokens.find_wish_here(held.uuid, self.now) if held else None
        if held is None or wish is None:
            return unknown(self.request)
        self.wish, self.may_confirm = wish, held.by_mail
        return super().answer()

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        waiting = WaitlistEntry.objects.waiting(self.now)
        asks = self.may_confirm and self.wish.confirmed_at is None
        context = {
            "wish": self.wish,
            "waits": waiting.filter(pk=self.wish.pk).exists(),
            "replaced": waitlist.replaced_by(self.wish, self.now) if asks else None,
            "may_confirm": self.may_confirm,
            "terms": terms(),
            "stale": problem == STALE,
            "other": problem == OTHER,
        }
        return render(self.request, "booking/wish.html", context, status=status)

    def submit(self) -> HttpResponse:
        if self.request.POST.get("about", self.wish.uuid.hex) != self.wish.uuid.hex:
            return self.show(409, OTHER)
        if self.request.POST.get("answer") == "leave":
            # Once it is confirmed, it is the mailbox's: who typed it may have typed anybody's.
            if self.may_confirm or self.wish.confirmed_at is None:
                waitlist.leave(wish=self.wish, now=self.now)
        elif self.may_confirm:
            waitlist.confirm(wish=self.wish, now=self.now)
        return see_other("booking:wish")
