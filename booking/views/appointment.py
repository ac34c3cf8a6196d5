"""The booked appointment, for the browser that holds its cookie: proof, change, calendar file."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.calendars import free_times, instants
from booking.earlier import waitlist
from booking.messages import ics
from booking.models import Appointment, Location, Therapist
from booking.views import sending, times
from booking.views.choices import chosen, therapist_for
from booking.views.cookie import appointment_of, forget, remember, typed_here
from booking.views.sending import see_other
from booking.visits import attendance, changes, reminders, tokens, versions
from booking.visits.refusals import Changed, Refused

# Where the links of a reminder lead: to pages that ask, for whoever follows links may be a machine.
NEXT = {"come": "booking:come", "move": "booking:move"}


def unknown(request: HttpRequest) -> HttpResponse:
    """No cookie, or one that opens nothing. A POST is told that nothing was done."""
    posted = request.method == "POST"
    status = 409 if posted else 200
    return render(request, "booking/no_appointment.html", {"posted": posted}, status=status)


def of_visit(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give a view the visit whose cookie the browser holds, and the instant (UTC) of asking.

    Without one, `unknown` answers and the view is not asked. A POST that finds no database is
    answered with its fields, to be sent again.
    """

    def ask(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        found = appointment_of(request, now)
        return unknown(request) if found is None else view(request, found, now)

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return ask(request)
        fields = [name for name in request.POST if name != "csrfmiddlewaretoken"]
        return sending.or_try_again(request, fields, lambda: ask(request))

    return answer


@require_safe
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The link in e-mails: sets the cookie and shows the appointment; changes nothing."""
    if tokens.find(token, timezone.now()) is None:
        raise Http404
    # The very token that came: a key that has been retired could not make it again.
    to = NEXT.get(request.GET.get("next", ""), "booking:appointment")
    return remember(see_other(to), token)


@require_safe
@never_cache
@of_visit
def appointment(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """The proof, as the appointment is now."""
    asks, names = reminders.has_begun(found, now), typed_here(request)
    waits = found.wishes.waiting(now).exists()
    context = shown(found, now) | {"asks": asks, "names": names, "waits": waits}
    return render(request, "booking/appointment.html", context)


def shown(found: Appointment, now: datetime) -> dict[str, object]:
    """What the pages about an appointment say of it."""
    return {
        "appointment": found,
        "may_change": found.may_change(now),
        "change_until": found.change_until(),
        "over": found.starts_at <= now,
        "may_wait": waitlist.may_join(found, now),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_visit
def come(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """The proof, asking first whether the patient will come; POST keeps the yes."""
    if request.method != "POST":
        return _ask(request, found, now)
    if is_about_another(request, found):
        return _ask(request, found, now, status=409, other=True)
    try:
        attendance.confirm(appointment=found, now=now, seen=seen(request))
    except Refused as refused:
        changed = as_it_is(found, refused)
        return _ask(request, found, now, status=refused.status, changed=changed)
    return see_other("booking:appointment")


def _ask(
    request: HttpRequest, found: Appointment, now: datetime, status: int = 200, **problem: bool
) -> HttpResponse:
    context = shown(found, now) | {"asks": True, "asked": True} | problem
    return render(request, "booking/appointment.html", context, status=status)


@of_visit
def come_again(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """A forged or stale form: 403, asks once more with a fresh token."""
    return _ask(request, found, now, status=403, stale=True)


come.csrf_failure = come_again  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_visit
def cancel(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """Ask first; POST cancels."""
    if request.method != "POST":
        return render(request, "booking/cancel.html", shown(found, now))
    if is_about_another(request, found):
        context = shown(found, now) | {"other": True}
        return render(request, "booking/cancel.html", context, status=409)
    try:
        changes.cancel(appointment=found, by_patient=True, now=now, seen=seen(request))
    except Refused as refused:
        context = {"changed": as_it_is(found, refused)} | shown(found, now)
        return render(request, "booking/cancel.html", context, status=refused.status)
    return see_other("booking:appointment")


def is_about_another(request: HttpRequest, found: Appointment) -> bool:
    """Whether the form asked about a visit that this browser has since left for another."""
    return request.POST.get("reference", found.reference) != found.reference


def seen(request: HttpRequest) -> int | None:
    """The state of the visit that the form showed."""
    return versions.parse(request.POST.get("sequence"))


def as_it_is(found: Appointment, refused: Refused) -> bool:
    """Read the visit again, which others changed since; whether that is what stood in the way."""
    found.refresh_from_db()
    return isinstance(refused, Changed)


@of_visit
def cancel_again(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """A forged or stale form: 403, asks once more with a fresh token."""
    context = shown(found, now) | {"stale": True}
    return render(request, "booking/cancel.html", context, status=403)


cancel.csrf_failure = cancel_again  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@of_visit
def move(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """Choose another time, look at it once more; POST moves. The old time is kept until then."""
    posted = request.method == "POST"
    asked = request.POST if posted else request.GET
    target = _target(asked["to"]) if asked.get("to") else None
    other = posted and is_about_another(request, found)
    if target and posted and not other and found.is_at(*target):
        return see_other("booking:appointment")  # sent twice; by now it may be too late to move
    if not found.may_change(now):
        status = 409 if posted else 200
        return render(request, "booking/move.html", shown(found, now), status=status)
    if not target:
        return _choose(request, found, now)
    if other:
        return _confirm(request, found, *target, now, status=409, other=True)
    return (_move if posted else _confirm)(request, found, *target, now)


@of_visit
def move_again(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """A forged or stale form: 403, asks once more with a fresh token."""
    if not found.may_change(now) or not request.POST.get("to"):
        return move(request)  # which then changes nothing
    therapist, starts_at = _target(request.POST["to"])
    return _confirm(request, found, therapist, starts_at, now, status=403, stale=True)


move.csrf_failure = move_again  # type: ignore[attr-defined]


def _move(
    request: HttpRequest,
    found: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
) -> HttpResponse:
    try:
        changes.reschedule(
            appointment=found,
            therapist=therapist,
            starts_at=starts_at,
            by_patient=True,
            now=now,
            seen=seen(request),
        )
    except Changed as refused:
        changed, status = as_it_is(found, refused), refused.status
        return _confirm(request, found, therapist, starts_at, now, status, changed=changed)
    except Refused:
        return _gone(request, found, therapist, starts_at, now)
    return see_other("booking:appointment")


def _confirm(
    request: HttpRequest,
    found: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    status: int = 200,
    **problem: bool,
) -> HttpResponse:
    """The old time and the new, and the button; 403 after a stale form, 409 after another's."""
    if not found.may_change(now):
        return render(request, "booking/move.html", shown(found, now) | problem, status=status)
    if found.is_at(therapist, starts_at):
        context = {"visit": found, "back": reverse("booking:move")} | problem
        return render(request, "booking/own_time.html", context, status=status)
    slot = free_times.slot_at(found.visit_type, therapist, starts_at, now, moving=found)
    if slot is None:
        return _gone(request, found, therapist, starts_at, now)
    context = shown(found, now) | {"slot": slot, "choices": chosen(request.GET)} | problem
    if slot.location_id != found.location_id:
        context["place"] = Location.objects.get(pk=slot.location_id)
    return render(request, "booking/move_confirm.html", context, status=status)


def _choose(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    context = shown(found, now) | times.choice(request.GET, found.visit_type, now, moving=found)
    context["to"] = f"{context['choices']}&to=" if context["choices"] else "?to="
    return render(request, "booking/move.html", context)


def _gone(
    request: HttpRequest,
    found: Appointment,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
) -> HttpResponse:
    """409: the visit stays where it was; the nearest other times."""
    nearest = free_times.nearest_slots(found.visit_type, therapist, starts_at, now, moving=found)
    context = shown(found, now) | {"gone": starts_at, "nearest": nearest}
    context["choices"] = chosen(request.GET)
    return render(request, "booking/move.html", context, status=409)


def _target(to: str) -> tuple[Therapist, datetime]:
    """Therapist and instant of `<therapist slug>/<instant>`. Raises Http404."""
    slug, _slash, code = to.partition("/")
    try:
        starts_at = instants.parse(code)
    except ValueError:
        raise Http404 from None
    return therapist_for(slug), starts_at


@require_safe
@never_cache
@of_visit
def calendar_file(request: HttpRequest, found: Appointment, now: datetime) -> HttpResponse:
    """The appointment as an iCalendar file."""
    response = HttpResponse(ics.calendar_file(found), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@require_POST
@never_cache
def forget_here(request: HttpRequest) -> HttpResponse:
    """Take the cookie off this device; the appointment stays."""
    return forget(see_other("booking:book"))
