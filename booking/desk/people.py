"""Who came before, as the caller's form looks them up: no table of patients, their visits alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import PermissionsMixin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking import contacts
from booking.desk import finding, frame, looking, opening
from booking.models import Appointment, AppointmentStatus
from booking.models.findable import Sorted
from booking.visits import duplicates

FEWEST_LETTERS, MOST_LETTERS = 2, 254  # an address has no more
MOST_PEOPLE = 6
MOST_READ = 200  # of visits that fit, the newest: people who come every week fill a list soon
LONGEST_KEY = 18  # digits of a primary key that every database can compare


@dataclass
class Person:
    """Somebody who fits, by the latest of their visits."""

    visit: Appointment
    said: str  # when they came last, or come next, and to whom


def fitting(typed: str) -> Q:
    """Visits of whoever fits what was typed: a name, a number in any form, an address."""
    return finding.said(typed)


def known(user: PermissionsMixin, typed: Iterable[str], now: datetime) -> list[Person]:
    """The people who fit any of the words typed; one query.

    First those whose names begin so, then who came or comes latest. Of the visits that the user may
    see; nobody where too little was typed.
    """
    seen = [contacts.tidy(words[:MOST_LETTERS]) for words in typed]
    enough = [words for words in seen if len(words) >= FEWEST_LETTERS]
    if not enough:
        return []
    fits = Q()
    for words in enough:
        fits |= fitting(words)
    visits = Appointment.objects.visible_to(user).filter(fits).with_details()
    newest = _latest_of_each(visits.order_by(Sorted("starts_at").desc(), "-pk")[:MOST_READ])
    newest.sort(key=lambda visit: not any(begins(visit, words) for words in enough))
    return [Person(visit, last_seen(visit, now)) for visit in newest[:MOST_PEOPLE]]


def begins(visit: Appointment, typed: str) -> bool:
    """Whether each word typed is the beginning of a word of the name: such a name was meant."""
    names = visit.folded_name.split()
    words = contacts.fold(typed.replace(",", " ")).split()
    return all(any(name.startswith(word) for name in names) for word in words)


def _latest_of_each(visits: Iterable[Appointment]) -> list[Appointment]:
    found: list[Appointment] = []
    for visit in visits:
        if not any(duplicates.may_be_one(visit, other) for other in found):
            found.append(visit)
    return found


def last_seen(visit: Appointment, now: datetime) -> str:
    """Such as "Last visit Fri, Nov 20, 2026 with Ana Ruiz", or "Coming Mon, Nov 30, 9:30 a.m. …".

    Clinic time.
    """
    local, words = timezone.localtime(visit.starts_at), {"name": visit.therapist.name}
    if visit.is_upcoming(now):
        words["when"] = date_format(local, "D, M j, P")
        return _("Coming %(when)s with %(name)s") % words
    words["when"] = date_format(local, "D, M j, Y")
    if visit.status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW):
        words["status"] = visit.get_status_display()
        return _("%(when)s with %(name)s: %(status)s") % words
    return _("Last visit %(when)s with %(name)s") % words


def visit_of(user: PermissionsMixin, key: str) -> Appointment | None:
    """The visit that a button names, if the user may see it."""
    if not (key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY):
        return None
    return Appointment.objects.visible_to(user).with_details().filter(pk=key).first()


@require_POST
@frame.requires("add_appointment")
def look_up(request: HttpRequest) -> HttpResponse:
    """The people who fit what was typed, as data for the form's list.

    Posted: a name or a telephone number stands in no address, and so in no log.
    """
    now = timezone.now()
    people = known(frame.staff(request), [request.POST.get("typed", "")], now)
    looking.saw_visits(request, [person.visit for person in people])
    return JsonResponse({"people": [_as_data(person) for person in people]})


def _as_data(person: Person) -> dict[str, object]:
    visit = person.visit
    return {
        "said": person.said,
        "fields": opening.of_person(visit),
        "therapist": visit.therapist.slug if visit.therapist.active else "",
    }
