"""What the desk still has to do, whatever the day: one list, each with its next step."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import wording
from booking.calendars import hours, hurt
from booking.calendars.availability import DAY
from booking.calendars.doubts import untrue
from booking.desk import absence, by_person, frame
from booking.desk.by_person import Person
from booking.models import (
    Appointment,
    Enquiry,
    Estimate,
    OutgoingEmail,
    TimeOffer,
)
from booking.models.appointment import AppointmentQuerySet
from booking.visits import duplicates
from booking.visits.attempts import About
from conditions.review.overdue import overdue_reviews

MOST = 25  # of one kind; the rest is counted


class Task(NamedTuple):
    """One thing to do: about whom, how to reach them, what it is, and where it is done."""

    who: str
    phone: SafeString | str
    what: str
    step: str
    address: str
    about: About | None = None  # what a call is noted about; it has the telephone
    codes: Sequence[str] = ()  # of the doubts that it names


@dataclass
class Pile:
    """All the tasks of one kind; `people` are those who stand in no pile before it."""

    title: str
    tasks: list[Task]
    count: int
    people: list[Person] = field(default_factory=list)

    @property
    def not_shown(self) -> int:
        return self.count - len(self.tasks)


@require_safe
@frame.requires("view_appointment")
def to_do(request: HttpRequest) -> HttpResponse:
    """Every kind of which there is something, the most pressing first."""
    piles = [pile for pile in _piles(frame.staff(request), timezone.now()) if pile.count]
    everybody = by_person.together({pile.title: pile.tasks for pile in piles})
    for pile in piles:
        pile.people = everybody[pile.title]
    context = {
        "piles": piles,
        "count": sum(pile.count for pile in piles),
        "may_change": frame.may(request, "change_appointment"),
    }
    return frame.show(request, "to_do.html", _("To do"), context)


def _piles(user: AbstractUser, now: datetime) -> Iterator[Pile]:
    visible = Appointment.objects.visible_to(user)
    may_change = user.has_perm("booking.change_appointment")
    if may_change:
        yield _pile(_("Closed or away: patients still to tell"), _leaves(visible, now))
    yield _pile(_("No longer as the patient was told"), _untrue(visible, now, may_change))
    if user.has_perm("booking.view_outgoingemail"):
        yield _pile(_("E-mails that did not arrive"), _undelivered(user, now))
    yield from _tomorrow(visible, now)
    if user.has_perm("booking.view_enquiry"):
        yield _pile(_("Questions from the website"), _questions(now))
    if user.has_perm("booking.view_waitlistentry"):
        yield _pile(_("Sooner times that nobody answered"), _lapsed(user, now))
    if user.has_perm("booking.view_estimate"):
        yield _pile(_("Estimates owed"), _estimates(user))
    yield _pile(_("Perhaps booked twice"), _twice(visible, now))
    if user.has_perm("conditions.view_condition"):
        yield _pile(_("Texts whose review is overdue"), _overdue(now))


def _pile(title: str, tasks: Iterable[Task]) -> Pile:
    every = list(tasks)
    return Pile(title, every[:MOST], len(every))


def _of_visit(visit: Appointment, what: str, step: str, address: str = "") -> Task:
    when = frame.in_words(visit.starts_at)
    page = address or reverse("admin:booking_appointment_change", args=[visit.pk])
    said = f"{when} · {what}" if what else when
    return Task(visit.name, frame.phone_link(visit), said, step, page, visit)


def _leaves(visible: AppointmentQuerySet, now: datetime) -> Iterator[Task]:
    """Closures and time off of which a patient is neither moved, cancelled nor called."""
    for leave, found in hurt.by(hurt.not_over(now), visible, now).items():
        if any(row.is_unfinished for row in found):
            when = wording.span(leave.starts_at, leave.ends_at)
            said = f"{when} · {absence.said(hurt.progress(found))}"
            yield Task(absence.title(leave), "", said, _("Tell them"), absence.address(leave))


def _untrue(visible: AppointmentQuerySet, now: datetime, may_change: bool) -> Iterator[Task]:
    """Where a closure or time off is all that is the matter, its screen is the next step."""
    every = reverse("admin:booking_appointment_to_deal_with")
    for visit, doubts in untrue(visible, now).items():
        leaves = [hurt.named_in([doubt]) for doubt in doubts]
        is_one = may_change and len(leaves) == 1 and leaves[0]
        page = absence.address_of(*leaves[0].pop()) if is_one else every
        words = " ".join(str(doubt.words) for doubt in doubts)
        codes = [doubt.code for doubt in doubts]
        yield _of_visit(visit, words, _("Deal with it"), page)._replace(codes=codes)


def _undelivered(user: AbstractUser, now: datetime) -> Iterator[Task]:
    rows = OutgoingEmail.objects.visible_to(user).to_telephone(now).order_by("due_at", "pk")
    page = f"{reverse('admin:booking_outgoingemail_changelist')}?to=call"
    with_whom = ["appointment", "wish__appointment", "offer__entry__appointment"]
    for email in rows.select_related(*with_whom).prefetch_related("series__visits"):
        who = email.contact
        what = email.get_kind_display()
        yield Task(who.name, frame.phone_link(who), what, _("See and call"), page, who)


def _tomorrow(visible: AppointmentQuerySet, now: datetime) -> Iterator[Pile]:
    """Of the next day with visits: who has not said that they come, and whom no e-mail reaches."""
    begins = hours.day_start(hours.today(now) + DAY)
    coming = visible.upcoming(now).filter(starts_at__gte=begins).order_by("starts_at", "pk")
    first = coming.first()
    if first is None:
        return
    day = hours.today(first.starts_at)
    asked = coming.filter(starts_at__lt=hours.day_start(day + DAY)).unconfirmed()
    said = {"day": date_format(day, "l, F j")}
    for title, visits in {
        _("No e-mail address: call before %(day)s"): asked.filter(email=""),
        _("Have not said that they come on %(day)s"): asked.exclude(email=""),
    }.items():
        yield _pile(title % said, (_coming(visit) for visit in visits.with_details()))


def _coming(visit: Appointment) -> Task:
    """The day stands in the title."""
    what = _("%(time)s with %(who)s: %(visit)s") % {
        "time": wording.clock(localtime(visit.starts_at)),
        "who": visit.therapist.name,
        "visit": visit.visit_type.name,
    }
    page = reverse("admin:booking_appointment_change", args=[visit.pk])
    return Task(visit.name, frame.phone_link(visit), what, _("Open"), page, visit)


def _questions(now: datetime) -> Iterator[Task]:
    for row in Enquiry.objects.open().order_by("due_at", "pk"):
        until = {"when": frame.in_words(row.due_at)}
        what = _("Overdue since %(when)s") if row.due_at <= now else _("Answer until %(when)s")
        page = reverse("admin:booking_enquiry_change", args=[row.pk])
        yield Task(row.name, frame.phone_link(row), what % until, _("Answer"), page, row)


def _lapsed(user: AbstractUser, now: datetime) -> Iterator[Task]:
    """Those who still wait, whose last offer ran out unanswered, for a time still to come."""
    rows = TimeOffer.objects.visible_to(user).unanswered(now).select_related("entry__appointment")
    for offer in rows.order_by("starts_at", "pk"):
        page = reverse("admin:booking_waitlistentry_change", args=[offer.entry_id])
        when = _("Was asked about %(when)s") % {"when": frame.in_words(offer.starts_at)}
        who = offer.entry.contact
        yield Task(who.name, frame.phone_link(who), when, _("See and call"), page, who)


def _estimates(user: AbstractUser) -> Iterator[Task]:
    rows = Estimate.objects.visible_to(user).select_related("appointment").owed()
    page = reverse("admin:booking_appointment_estimates")
    for row in rows:
        due = _("Due %(day)s") % {"day": date_format(row.due_on, "l, F j")}
        yield _of_visit(row.appointment, due, _("Tick it off"), page)


def _twice(visible: AppointmentQuerySet, now: datetime) -> Iterator[Task]:
    """One line for each name, with all the visits of it."""
    page = reverse("admin:booking_appointment_twice")
    found = duplicates.among(visible, now).order_by("folded_name", "starts_at", "pk")
    for _name, theirs in groupby(found, attrgetter("folded_name")):
        visits = list(theirs)
        when = "; ".join(frame.in_words(visit.starts_at) for visit in visits)
        first = visits[0]
        yield Task(first.name, frame.phone_link(first), when, _("Compare"), page, first)


def _overdue(now: datetime) -> Iterator[Task]:
    for row in overdue_reviews(hours.today(now)):
        page = reverse(f"admin:conditions_{row.kind}_change", args=[row.pk])
        due = _("Due %(day)s") % {"day": date_format(row.due, "F j, Y")}
        yield Task(row.known_as, "", due, _("Review"), page)
