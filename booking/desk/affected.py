"""Lists to telephone through: visits that have stopped being true, each with the reason, and visits
that may be one person's twice.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from booking.calendars.doubts import Doubt, of_message_alone, untrue
from booking.desk import frame
from booking.desk.statuses import clicked, seen_by
from booking.desk.visits_list import first_of
from booking.models import Appointment
from booking.visits import duplicates, keeping, telling
from booking.visits.refusals import Refused

LISTED = re.compile(r"([0-9]{1,18})/([0-9]{1,9})/(\S+)")


class Listed(NamedTuple):
    """A visit as the list shows it: which version of it, against which doubts."""

    pk: int
    sequence: int
    codes: list[str]

    def __str__(self) -> str:
        return f"{self.pk}/{self.sequence}/{','.join(self.codes)}"


@require_safe
@frame.requires("view_appointment")
def to_deal_with(request: HttpRequest) -> HttpResponse:
    """Such visits, each until it is moved, cancelled, told anew or kept on purpose."""
    visible = Appointment.objects.visible_to(frame.staff(request))
    listed = first_of(untrue(visible, timezone.now()))
    context = {
        **listed,
        "to_tell": _to_tell(listed["visits"]),
        "may_change": frame.may(request, "change_appointment"),
    }
    return frame.show(request, "appointment/to_deal_with.html", _("Visits to deal with"), context)


def _to_tell(found: Mapping[Appointment, list[Doubt]]) -> list[Listed]:
    """Those of them that an e-mail settles."""
    return [
        Listed(visit.pk, visit.sequence, [doubt.code for doubt in doubts])
        for visit, doubts in found.items()
        if visit.email and of_message_alone(doubts)
    ]


@require_safe
@frame.requires("view_appointment")
def twice(request: HttpRequest) -> HttpResponse:
    """Coming visits that may be one person's twice, those of one name together."""
    visible = Appointment.objects.visible_to(frame.staff(request))
    found = duplicates.among(visible, timezone.now()).with_details()
    context = {
        "visits": dict.fromkeys(found.order_by("folded_name", "starts_at", "pk"), ()),
        "may_change": frame.may(request, "change_appointment"),
    }
    return frame.show(request, "appointment/twice.html", _("Perhaps booked twice"), context)


@require_POST
@frame.requires("change_appointment")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """It stays as it is, against the doubts that were shown beside the button."""
    visit = frame.visit_or_404(request, pk)
    seen, codes, now = seen_by(request), request.POST.getlist("code"), timezone.now()
    return clicked(
        request,
        visit,
        lambda: keeping.keep(appointment=visit, codes=codes, now=now, seen=seen),
        _("%(name)s: stays as it is.") % {"name": visit.name},
    )


@require_POST
@frame.requires("change_appointment")
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """The patient gets an e-mail with the visit as it is now, or was told so by telephone."""
    visit = frame.visit_or_404(request, pk)
    seen, codes, now = seen_by(request), request.POST.getlist("code"), timezone.now()
    by_email = request.POST.get("by") == "email"
    done = _("%(name)s: the e-mail is on its way.") if by_email else _("%(name)s: has been told.")
    return clicked(
        request,
        visit,
        lambda: telling.tell(appointment=visit, codes=codes, by_email=by_email, now=now, seen=seen),
        done % {"name": visit.name},
    )


@require_POST
@frame.requires("change_appointment")
def tell_all(request: HttpRequest) -> HttpResponse:
    """Each of the visits that the list showed beside the button: one e-mail, one transaction."""
    shown = [
        Listed(int(pk), int(sequence), codes.split(","))
        for pk, sequence, codes in LISTED.findall(request.POST.get("visits", ""))
    ]
    visible = Appointment.objects.visible_to(frame.staff(request))
    visits = visible.in_bulk([each.pk for each in shown])
    told = sum(_told(visits[each.pk], each, timezone.now()) for each in shown if each.pk in visits)
    _say(request, told, len(shown) - told)
    return HttpResponseRedirect(reverse("admin:booking_appointment_to_deal_with"))


def _told(visit: Appointment, shown: Listed, now: datetime) -> bool:
    """Whether it was told; not where it changed since it was shown."""
    _pk, seen, codes = shown
    try:
        telling.tell(appointment=visit, codes=codes, by_email=True, now=now, seen=seen)
    except Refused:
        return False
    return True


def _say(request: HttpRequest, told: int, left: int) -> None:
    words = ngettext("%(count)d e-mail is on its way.", "%(count)d e-mails are on their way.", told)
    messages.success(request, words % {"count": told})
    if left:
        words = ngettext(
            "%(count)d visit has changed since you opened the list. Nothing was mailed about it.",
            "%(count)d visits have changed since you opened the list. Nothing was mailed about"
            " them.",
            left,
        )
        messages.warning(request, words % {"count": left})
