"""The earlier-time list for a booked visit: tell me if something sooner comes up."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse

from booking.calendars import free_times, hours
from booking.calendars.availability import DAY
from booking.calendars.slots import Slot, one_for_each_start
from booking.earlier import deadlines, networks, offers, waitlist
from booking.forms.wishes import WishForm, choices, chosen_before
from booking.models import Appointment
from booking.views.appointment import OTHER, VisitForm
from booking.views.cookie import came_by_mail
from booking.views.sending import STALE, see_other
from booking.visits.refusals import Refused

# The buttons that take a wish off the list, and that confirm it.
LEAVE, CONFIRM = "leave", "confirm"


def terms() -> dict[str, Any]:
    """How long a time is kept, and when we ask, in clinic time."""
    return {
        "minutes": deadlines.minutes_to_answer(),
        "asks_from": offers.ASKS_FROM,
        "asks_until": offers.ASKS_UNTIL,
    }


class EarlierThanVisit(VisitForm):
    """`/appointment/earlier/`: put the visit on the list, change what suits, leave it."""

    def read(self) -> None:
        self.wish = waitlist.wish_of(self.visit, self.now)
        # Who typed the address in this browser may have typed anybody's.
        self.may_confirm = came_by_mail(self.request, self.visit)

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        if problem == STALE:  # what was chosen just now
            return self.form_page(WishForm(initial=typed_wish(self.request), **choices()), status)
        initial = chosen_before(self.wish) if self.wish else {}
        return self.form_page(WishForm(initial=initial, **choices()), status)

    def submit(self) -> HttpResponse:
        if self.is_about_another:
            return self.show(409, OTHER)
        if LEAVE in self.request.POST:
            if self.wish:
                waitlist.leave(wish=self.wish, now=self.now)
            return see_other("booking:earlier")
        if CONFIRM in self.request.POST and self.may_confirm:
            if self.wish:
                waitlist.confirm(wish=self.wish, now=self.now)
            return see_other("booking:earlier")
        form = WishForm(self.request.POST, **choices())
        if not form.is_valid():
            return self.form_page(form)
        try:
            waitlist.join(
                appointment=self.visit,
                wish=form.wish(),
                now=self.now,
                confirmed=self.may_confirm,
                networks=networks.of(self.request.META["REMOTE_ADDR"]),
            )
        except Refused as refused:
            self.wish = None
            return self.form_page(form, refused.status)
        return see_other("booking:earlier")

    def form_page(self, form: WishForm, status: int = 200) -> HttpResponse:
        """The form or where the wish stands; 403 after a stale form, 409 where it cannot be."""
        sooner = [] if self.wish else list(islice(free_sooner(self.visit, self.now), 3))
        context: dict[str, Any] = {"wish": self.wish, "may_confirm": self.may_confirm}
        context |= {"form": form, "terms": terms(), "sooner": sooner}
        problem = STALE if status == 403 else ""
        if status == 409 and self.is_about_another:
            problem = OTHER
        return self.page("booking/earlier.html", context, status, problem)


def typed_wish(request: HttpRequest) -> dict[str, Any]:
    """What was typed and chosen, to show the form again."""
    lists = {name: request.POST.getlist(name) for name in ("weekdays", "parts")}
    return {**request.POST.dict(), **lists}


def free_sooner(visit: Appointment, now: datetime) -> Iterator[Slot]:
    """Times on earlier days that are free at this moment: no need to wait for them."""
    if not visit.may_change(now):
        return iter(())
    whole = free_times.online_window(visit.visit_type, now)
    day_before = hours.today(visit.starts_at) - DAY
    window = whole.narrowed(whole.first, day_before)
    calendars = free_times.online_calendars(window, now).without(visit)
    return one_for_each_start(calendars.shown(visit.visit_type))
