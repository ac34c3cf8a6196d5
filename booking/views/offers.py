"""The link in the e-mail that offers a sooner time: take it, or keep what one has."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.earlier import offers, standing, waitlist
from booking.forms.details import FirstVisitForm, NeedsForm
from booking.models import TimeOffer
from booking.views import sending
from booking.views.cookie import remember
from booking.views.sending import see_other
from booking.visits import tokens
from booking.visits.refusals import Refused
from conditions.pages import urgency

State = TimeOffer.State
FIELDS = [*NeedsForm.base_fields, "reason", "payment"]
NOTHING = _("We have not booked anything, and we have not kept your answer.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the offered time beside the present one; POST answers. A GET changes nothing."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    if request.method == "POST":
        return sending.or_try_again(request, [*FIELDS, "answer"], lambda: _answer(request, token))
    return _page(request, _find(token))


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    found, now = _find(token), timezone.now()
    answer = request.POST.get("answer")
    if sending.BACK in request.POST or answer not in ("yes", "no", "leave"):
        return _page(request, found)
    if answer == "yes":
        return _claim(request, found)
    offers.decline(offer=found, now=now)
    if answer == "leave":
        waitlist.leave(wish=found.entry, now=now)
    return see_other("booking:offer", token)


def offer_again(request: HttpRequest, token: str) -> HttpResponse:
    """A forged or stale form: 403, asks once more with the typing and a fresh token."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    return sending.or_try_again(
        request, [*FIELDS, "answer"], lambda: _page(request, _find(token), status=403)
    )


offer.csrf_failure = offer_again  # type: ignore[attr-defined]


def _find(token: str) -> TimeOffer:
    found = tokens.find_offer(token, timezone.now())
    if found is None:
        raise Http404
    return found


def _claim(request: HttpRequest, found: TimeOffer) -> HttpResponse:
    """Take it, and show the visit. A first visit asks all that booking asks."""
    form, details = None, {}
    if found.entry.appointment is None:
        form = FirstVisitForm(request.POST)
        if not form.is_valid():
            return _page(request, found, form)
        details = form.details()
    try:
        visit = offers.claim(offer=found, now=timezone.now(), details=details)
    except Refused as refused:
        found.refresh_from_db(fields=["state"])
        return _page(request, found, form, status=refused.status)
    return remember(see_other("booking:appointment"), tokens.current(visit) or "")


def _page(
    request: HttpRequest, found: TimeOffer, form: FirstVisitForm | None = None, status: int = 200
) -> HttpResponse:
    """The question, or how it ended; 409 where the answer came too late, 429 where they have
    booked as much as one person may.
    """
    stands = standing.standing(found, timezone.now())
    visit = standing.visit_of(found) if stands == State.CLAIMED else None
    if visit and visit.token_version != found.token_version:
        raise Http404  # another e-mail address since
    if visit and status == 200:
        return remember(see_other("booking:appointment"), tokens.current(visit) or "")
    context: dict[str, Any] = {
        "offer": found,
        "visit": found.entry.appointment,
        "wish": found.entry,
        "standing": str(stands),
        "stale": status == 403,
        "limit": status == 429,
        "form": form or FirstVisitForm(initial=request.POST.dict()),
        "visit_type": found.visit_type,
    }
    if stands == State.OPEN and found.entry.appointment is None:
        context["cards"] = urgency.cards()
    return render(request, "booking/offer.html", context, status=status)
