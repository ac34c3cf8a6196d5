"""One click says that somebody was called: beside any row of the desk's that has a telephone."""

import re
from collections.abc import Callable
from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.desk import frame
from booking.models import ContactAttempt, Enquiry, WaitlistEntry
from booking.visits import attempts, versions
from booking.visits.attempts import About
from booking.visits.refusals import Changed

ABOUT = re.compile("(visit|question|wish)-([0-9]{1,18})")
# Who may say so: who may change what the call was about.
CHANGES = {"visit": "appointment", "question": "enquiry", "wish": "waitlistentry"}


def name_of(about: About) -> str:
    """Such as `visit-7`, for the form of the click."""
    names = {Enquiry: "question", WaitlistEntry: "wish"}
    return f"{names.get(type(about), 'visit')}-{about.pk}"


def may_note(request: HttpRequest, about: About) -> bool:
    """Whether the signed-in user may say that they called about it."""
    return frame.may(request, f"change_{CHANGES[name_of(about).partition('-')[0]]}")


@require_POST
@frame.requires("view_appointment")
def note(request: HttpRequest) -> HttpResponse:
    """Note the call, and back to where the click was made."""
    found = ABOUT.fullmatch(request.POST.get("about", ""))
    outcome = request.POST.get("outcome", "")
    if not found or outcome not in ContactAttempt.Outcome.values:
        raise Http404
    about = _row(request, found[1], int(found[2]))
    seen, codes = versions.parse(request.POST.get("sequence")), request.POST.getlist("code")
    done = _("%(name)s: %(outcome)s.") % {
        "name": about.contact.name if isinstance(about, WaitlistEntry) else about.name,
        "outcome": str(ContactAttempt.Outcome(outcome).label).lower(),
    }

    def act() -> None:
        user, now = frame.staff(request), timezone.now()
        attempts.note(about=about, outcome=outcome, user=user, now=now, codes=codes, seen=seen)

    with suppress(Changed):  # the list says how it stands now
        frame.attempt(request, act, done)
    return frame.back_to_page(request)


def _row(request: HttpRequest, kind: str, pk: int) -> About:
    """What the call was about. Raises Http404, PermissionDenied."""
    wishes = WaitlistEntry.objects.visible_to(frame.staff(request))
    rows: dict[str, Callable[[], About]] = {
        "visit": lambda: frame.visit_or_404(request, pk),
        "question": lambda: get_object_or_404(Enquiry, pk=pk),
        "wish": lambda: get_object_or_404(wishes.with_details(), pk=pk),
    }
    frame.insist(request, f"change_{CHANGES[kind]}")
    return rows[kind]()
