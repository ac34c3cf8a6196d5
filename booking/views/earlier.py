"""The earlier-time list: tell me if something sooner comes up."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.calendars import free_times, hours, places
from booking.calendars.slots import Slot
from booking.earlier import offers, waitlist
from booking.forms.wishes import WishContactForm, WishForm, chosen_before, chosen_on_the_way
from booking.models import Appointment, WaitlistEntry, WorkingHours
from booking.models.day_parts import DAY_PARTS
from booking.views import sending
from booking.views.appointment import is_about_another, of_visit, shown
from booking.views.choices import chosen, condition_for, online_visit_types, visit_choice
from booking.views.sending import see_other
from booking.visits import limits, tokens
from booking.visits.refusals import Refused
from booking.visits.requests import Request, was_sent
from conditions.pages import urgency

LEAVE = "leave"  # the button that takes a wish off the list
FIELDS = ["weekdays", "parts", "therapist", "location", "name", "phone", "email", "visit", "key"]
FIELDS += ["shown"]
NOTHING = _("We have not put you on the list, and we have not kept your answer.")


def choices() -> dict[str, Any]:
    """What somebody can wish for: whom, where, and which days, as can be booked online."""
    therapists = list(free_times.bookable_therapists())
    found = WorkingHours.objects.filter(therapist__in=therapists).order_by()
    rules = list(found.values_list("weekday", "opens", "closes").distinct())
    return {
        "therapists": therapists,
        "locations": places.several(timezone.now()),
        "weekdays": {weekday for weekday, _opens, _closes in rules},
        "parts": [p for p in DAY_PARTS if any(p.is_reached(*hours) for _day, *hours in rules)],
    }


def terms() -> dict[str, Any]:
    """How long a time is kept, and when we ask, in clinic time."""
    return {
        "minutes": settings.OFFER_MINUTES,
        "asks_from": offers.ASKS_FROM,
        "asks_until": offers.ASKS_UNTIL,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_visit
def than_the_visit(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """`/appointment/earlier/`: put the visit on the list, change what suits, leave it."""
    wish = waitlist.wish_of(found, now)
    if request.method != "POST":
        return _page(request, found, wish, _form(wish), now)
    if is_about_another(request, found):
        return _page(request, found, wish, _form(wish), now, status=409)
    if LEAVE in request.POST:
        if wish:
            waitlist.leave(wish=wish, now=now)
        return see_other("booking:earlier")
    form = WishForm(request.POST, **choices())
    if not form.is_valid():
        return _page(request, found, wish, form, now)
    try:
        waitlist.join(appointment=found, wish=form.wish(), now=now)
    except Refused as refused:
        return _page(request, found, None, form, now, status=refused.status)
    return see_other("booking:earlier")


@of_visit
def than_the_visit_again(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """A forged or stale form: 403, asks once more with what was chosen and a fresh token."""
    get_token(request)
    form = WishForm(initial=_typed(request), **choices())
    return _page(request, found, waitlist.wish_of(found, now), form, now, status=403)


than_the_visit.csrf_failure = than_the_visit_again  # type: ignore[attr-defined]


def _form(wish: WaitlistEntry | None) -> WishForm:
    return WishForm(initial=chosen_before(wish) if wish else {}, **choices())


def _typed(request: HttpRequest) -> dict[str, Any]:
    lists = {name: request.POST.getlist(name) for name in ("weekdays", "parts")}
    return {**request.POST.dict(), **lists}


def _page(
    request: HttpRequest,
    found: Appointment,
    wish: WaitlistEntry | None,
    form: WishForm,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    """The form or where the wish stands; 403 after a stale form, 409 where it cannot be."""
    context = shown(found, now) | {
        "wish": wish,
        "form": form,
        "terms": terms(),
        "sooner": [] if wish else list(islice(_free_sooner(found, now), 3)),
        "stale": status == 403,
        "other": status == 409 and is_about_another(request, found),
    }
    return render(request, "booking/earlier.html", context, status=status)


def _free_sooner(found: Appointment, now: datetime) -> Iterator[Slot]:
    """Times on earlier days that are free at this moment: no need to wait for them."""
    if not found.may_change(now):
        return iter(())
    whole = free_times.online_window(found.visit_type, now)
    day_before = hours.today(found.starts_at) - timedelta(days=1)
    window = whole.narrowed(whole.first, day_before)
    return free_times.free_slots(found.visit_type, window, moving=found, each_start=True)


@require_http_methods(["GET", "HEAD", "POST"])
def instead_of_a_visit(request: HttpRequest) -> HttpResponse:
    """`/book/earlier/`: for people whom no free time suits."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    if request.method == "POST":
        return sending.or_try_again(request, FIELDS, lambda: _submit(request))
    if not online_visit_types():
        return render(request, "booking/call_to_book.html")
    response = _without_visit(request, _contact_form(request))
    patch_cache_control(response, private=True, no_cache=True)  # Back keeps the typing
    return response


def instead_of_a_visit_again(request: HttpRequest) -> HttpResponse:
    """A forged or stale form: 403, asks once more with the typing and a fresh token."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    get_token(request)
    return sending.or_try_again(
        request, FIELDS, lambda: _without_visit(request, _contact_form(request), "stale", 403)
    )


instead_of_a_visit.csrf_failure = instead_of_a_visit_again  # type: ignore[attr-defined]


def _submit(request: HttpRequest) -> HttpResponse:
    """Put them on the list, and answer with the page of the wish or what stands in the way."""
    now = timezone.now()
    if sending.BACK in request.POST:
        return _without_visit(request, _contact_form(request))
    form = WishContactForm(request.POST, now=now, **choices())
    if not form.is_valid():
        return _without_visit(request, form)
    key, obstacle = form.cleaned_data["key"], form.obstacle()
    if obstacle and not was_sent(WaitlistEntry.objects.all(), key):
        return _without_visit(request, form, obstacle)
    visit_type, is_gone = visit_choice(request.POST)
    if visit_type is None or is_gone:
        return _without_visit(request, form)
    client = limits.client_key(request.META["REMOTE_ADDR"], waitlist.FORM)
    condition = condition_for(request.GET.get("for", ""))  # as on the way: no field of the form
    try:
        found = waitlist.join_without_visit(
            visit_type=visit_type,
            patient=form.patient(condition.pk if condition else None),
            wish=form.wish(),
            request=Request(key=key, client=client, now=now),
        )
    except Refused as refused:
        return _without_visit(request, form, refused.code, refused.status)
    return see_other("booking:wish", tokens.current(found) or tokens.make(found))


def _contact_form(request: HttpRequest) -> WishContactForm:
    """The form as it stands: what was typed and chosen, or a new one."""
    first: dict[str, Any] = {"key": uuid.uuid4()}
    asked = request.POST if request.method == "POST" else request.GET
    offered = choices()
    posted = request.method == "POST"
    typed = _typed(request) if posted else _on_the_way(asked, offered)
    return WishContactForm(now=timezone.now(), initial=first | typed, **offered)


def _on_the_way(asked: Mapping[str, str], offered: dict[str, Any]) -> dict[str, Any]:
    return chosen_on_the_way(asked, offered["therapists"], offered["locations"])


def _without_visit(
    request: HttpRequest, form: WishContactForm, problem: str = "", status: int = 200
) -> HttpResponse:
    """The form, or what stands in the way; 409 where the visit is not offered any more."""
    posted = request.method == "POST"
    visit_type, is_gone = visit_choice(request.POST if posted else request.GET)
    if is_gone and posted and status == 200:
        status = 409
    context = {
        "form": form,
        "cards": urgency.cards(),
        "problem": problem,
        "visit_type": visit_type,
        "is_visit_gone": is_gone,
        "choices": chosen(request.GET),
        "terms": terms(),
    }
    return render(request, "booking/earlier_without_visit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def wish(request: HttpRequest, token: str) -> HttpResponse:
    """Where a wish without a visit stands; POST takes it off the list."""
    if request.method == "POST":
        return sending.or_try_again(request, [], lambda: _leave(token))
    return _where_it_stands(request, token)


def wish_again(request: HttpRequest, token: str) -> HttpResponse:
    """A forged or stale form: 403, asks once more with a fresh token."""
    return sending.or_try_again(request, [], lambda: _where_it_stands(request, token, status=403))


def _leave(token: str) -> HttpResponse:
    now = timezone.now()
    waitlist.leave(wish=_find(token, now), now=now)
    return see_other("booking:wish", token)


def _find(token: str, now: datetime) -> WaitlistEntry:
    found = tokens.find_wish(token, now)
    if found is None:
        raise Http404
    return found


def _where_it_stands(request: HttpRequest, token: str, status: int = 200) -> HttpResponse:
    """Whether they are on the list; 403 after a stale form."""
    now = timezone.now()
    found = _find(token, now)
    context = {
        "wish": found,
        "waits": WaitlistEntry.objects.waiting(now).filter(pk=found.pk).exists(),
        "terms": terms(),
        "stale": status == 403,
    }
    return render(request, "booking/wish.html", context, status=status)


wish.csrf_failure = wish_again  # type: ignore[attr-defined]
