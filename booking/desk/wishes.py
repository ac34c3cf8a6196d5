"""The earlier-time list for callers: the desk adds wishes, changes what suits, and ends them."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.calendars.free_times import bookable_therapists
from booking.desk import frame
from booking.desk.forms import BySlug, ContactForm
from booking.earlier import by_desk, waitlist
from booking.forms.contact import KeyField
from booking.forms.wishes import WishForm, choices, chosen_before
from booking.models import Appointment, Location, VisitType, WaitlistEntry
from booking.visits import versions
from booking.visits.refusals import Refused
from booking.visits.requests import Patient, Request


class SuitsForm(WishForm):
    """What suits a caller, in the desk's words, among those whom the user may book."""

    def __init__(self, *args: Any, user: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **_choices(user), **kwargs)
        labels = {"weekdays": _("Days that suit"), "parts": _("Time of day")}
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""


def _choices(user: AbstractUser) -> dict[str, Any]:
    """What can be wished for at the user's places."""
    places = Location.objects.visible_to(user).values("pk")
    return choices(bookable_therapists().visible_to(user), Q(pk__in=places))


class AgreedForm(forms.Form):
    """That the caller knows what will happen: said by staff, not by the caller."""

    agreed = forms.BooleanField(
        label=gettext_lazy(
            "They want to be asked by e-mail about sooner times, and the address was read back."
        ),
        error_messages={"required": gettext_lazy("Ask them, then tick this")},
    )


class VisitWishForm(AgreedForm, SuitsForm):
    """For somebody who has a visit: the contact is the visit's."""


class CallerWishForm(AgreedForm, ContactForm, SuitsForm):
    """For a caller without a visit."""

    visit_type = BySlug(VisitType.objects.offered(), label=gettext_lazy("Visit type"))
    key = KeyField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("Times are offered by e-mail alone.")
        self.fields["email"].error_messages["required"] = _(
            "Enter an e-mail address: times are offered by e-mail alone"
        )

    def patient(self) -> Patient:
        """What was typed, checked."""
        kept = {name: self.cleaned_data[name] for name in ("name", "phone", "email")}
        return Patient(**kept, phone_e164=self.phone_e164)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("add_waitlistentry")
def add(request: HttpRequest) -> HttpResponse:
    """A wish for a caller; of a booked visit where `?visit=` names one."""
    if asked := versions.parse(request.GET.get("visit")):
        return _add_for_visit(request, frame.visit_or_404(request, asked))
    if request.method != "POST":
        first = VisitType.objects.offered().first()
        initial = {"key": uuid.uuid4(), "visit_type": first and first.slug}
        return _page(request, CallerWishForm(user=frame.staff(request), initial=initial))
    form = CallerWishForm(request.POST, user=frame.staff(request))
    if not form.is_valid() or form.slip:
        return _page(request, form)
    data, now = form.cleaned_data, timezone.now()

    def act() -> WaitlistEntry:
        return by_desk.add(
            visit_type=data["visit_type"],
            patient=form.patient(),
            wish=form.wish(),
            request=Request(key=data["key"], now=now),
        )

    return _done(request, form, act)


def _add_for_visit(request: HttpRequest, visit: Appointment) -> HttpResponse:
    now = timezone.now()
    if not waitlist.may_join(visit, now):
        messages.warning(
            request, _("It needs an e-mail address, and a day before it on which it could be.")
        )
        return HttpResponseRedirect(reverse("admin:booking_appointment_change", args=[visit.pk]))
    if request.method != "POST":
        wish = waitlist.wish_of(visit, now)
        initial = chosen_before(wish) if wish else {}
        return _page(request, VisitWishForm(user=frame.staff(request), initial=initial), visit)
    form = VisitWishForm(request.POST, user=frame.staff(request))
    if not form.is_valid():
        return _page(request, form, visit)

    def act() -> WaitlistEntry:
        return by_desk.add_for_visit(appointment=visit, wish=form.wish(), now=now)

    return _done(request, form, act, visit)


def _done(
    request: HttpRequest, form: Any, act: Any, visit: Appointment | None = None
) -> HttpResponse:
    """Do it, and on to the wish; the form with why not, where it was refused."""
    try:
        wish = act()
    except (Refused, OperationalError) as error:
        form.add_error(None, frame.why_not(error))
        return _page(request, form, visit, status=409)
    messages.success(request, _("%(name)s is on the list.") % {"name": wish.contact.name})
    return _to(wish)


def _page(
    request: HttpRequest, form: Any, visit: Appointment | None = None, status: int = 200
) -> HttpResponse:
    title = _("Sooner than this visit") if visit else _("Add a wish for a caller")
    context = {"form": form, "visit": visit, "terms": _("Put on the list")}
    return frame.show(request, "waitlistentry/wish.html", title, context, status)


def _to(wish: WaitlistEntry) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:booking_waitlistentry_change", args=[wish.pk]))


def _wish_or_404(request: HttpRequest, pk: int) -> WaitlistEntry:
    visible = WaitlistEntry.objects.visible_to(frame.staff(request))
    return get_object_or_404(visible.with_details(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_waitlistentry")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other days, times, therapist or place for a wish that waits."""
    wish, now = _wish_or_404(request, pk), timezone.now()
    if request.method != "POST":
        form = SuitsForm(user=frame.staff(request), initial=chosen_before(wish))
        return _change_page(request, wish, form)
    form = SuitsForm(request.POST, user=frame.staff(request))
    if not form.is_valid():
        return _change_page(request, wish, form)
    seen = request.POST.get("seen", "")
    try:
        by_desk.change(entry=wish, wish=form.wish(), now=now, seen=seen)
    except (Refused, OperationalError) as error:
        form.add_error(None, frame.why_not(error))
        return _change_page(request, _wish_or_404(request, pk), form, status=409)
    messages.success(request, _("Saved."))
    return _to(wish)


def _change_page(
    request: HttpRequest, wish: WaitlistEntry, form: SuitsForm, status: int = 200
) -> HttpResponse:
    """The form, and how the wish is now: after a colleague's change that is what the next saving
    is about.
    """
    context = {"form": form, "wish": wish, "seen": by_desk.shown(wish), "terms": _("Save")}
    return frame.show(request, "waitlistentry/wish.html", _("Change what suits"), context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_waitlistentry")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first; then take somebody off the list, as they asked on the telephone."""
    wish, now = _wish_or_404(request, pk), timezone.now()
    if request.method != "POST":
        return frame.show(request, "waitlistentry/end.html", _("Take off the list"), {"wish": wish})
    done = _("%(name)s: taken off the list.") % {"name": wish.contact.name}
    frame.attempt(request, lambda: waitlist.leave(wish=wish, now=now, by_desk=True), done)
    return _to(wish)
