"""The earlier-time list: who wants a sooner time, when it suits, and how they leave again."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from booking.calendars import hours
from booking.models import (
    Appointment,
    AppointmentStatus,
    OutgoingEmail,
    TimeOffer,
    VisitType,
    WaitlistEntry,
)
from booking.models.waitlist import WaitlistQuerySet
from booking.transactions import Stale, locked, retried
from booking.visits import limits, refusals, tokens
from booking.visits.requests import Patient, Request

State = WaitlistEntry.State
KEPT = ["name", "phone", "phone_e164", "email", "condition_id"]  # of a patient without a visit
FORM = "earlier"  # its own counts: bookings do not count for it
JOINS_AN_HOUR = 5  # for one e-mail address, a family's: each is written to


class NotOnTheList(refusals.Refused):
    """The visit cannot be on the list: over, too near, or nobody to write to."""

    status = HTTPStatus.CONFLICT
    code = "no-list"
    problem = _("We cannot look for a sooner time for this visit. Please call us.")


@dataclass(frozen=True)
class Wish:
    """What suits: weekdays as digits in order (Monday is 0), parts of the day, with whom, where."""

    weekdays: str
    morning: bool = False
    afternoon: bool = False
    evening: bool = False
    therapist_id: int | None = None
    location_id: int | None = None


def may_join(appointment: Appointment, now: datetime) -> bool:
    """Whether there can be a sooner day for a visit, and somebody to tell of it."""
    booked = appointment.status == AppointmentStatus.BOOKED and bool(appointment.email)
    return booked and hours.today(appointment.starts_at) > hours.today(now)


def wish_of(appointment: Appointment, now: datetime) -> WaitlistEntry | None:
    """The visit's open wish, if it has one."""
    return appointment.wishes.waiting(now).select_related("therapist", "location").first()


@retried
def join(*, appointment: Appointment, wish: Wish, now: datetime) -> WaitlistEntry:
    """Put a visit on the list; one that is there keeps its place with what suits now.

    Raises NotOnTheList.
    """
    visit = locked(appointment)  # of two forms at once, the second changes what the first wrote
    if not may_join(visit, now):
        raise NotOnTheList
    entry = visit.wishes.waiting(now).first()
    others = visit.wishes.filter(state=State.OPEN)
    _end(others.exclude(pk=entry.pk) if entry else others, State.OVER, now)
    entry = entry or WaitlistEntry(appointment=visit)
    entry.visit_type, entry.ends_at = visit.visit_type, visit.starts_at
    for name, value in asdict(wish).items():
        setattr(entry, name, value)
    entry.save()
    return entry


@retried
def join_without_visit(
    *, visit_type: VisitType, patient: Patient, wish: Wish, request: Request
) -> WaitlistEntry:
    """Put somebody on the list whom no time suited, and owe the e-mail that says so; a wish they
    had before ends.

    The same request again gives the same row; with other content, who went back has corrected
    what they typed: the wish before it ends, and so does its link. The place in line stays.
    Raises OverLimit.
    """
    kept = {name: getattr(patient, name) for name in KEPT}
    typed = {"visit_type_id": visit_type.pk, **kept, **asdict(wish)}
    sent = WaitlistEntry.objects.filter(key=request.key, key__isnull=False).first()
    if sent and all(getattr(sent, name) == value for name, value in typed.items()):
        return sent
    if request.client:
        limits.count([request.client], request.now, settings.BOOKING_LIMIT)
        keys = limits.contact_keys(patient.email, patient.phone_e164, FORM)
        limits.count(keys, request.now, min(JOINS_AN_HOUR, settings.BOOKING_LIMIT))
    place = _replaced(sent, patient, request.now)
    row = WaitlistEntry(
        ends_at=request.now + timedelta(days=visit_type.horizon_days),
        key=request.key,
        **typed,
    )
    row.token_hash = tokens.hashed(tokens.make(row))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # The same form, or the same person, at the same moment: begin again, and see the other.
        raise Stale from error
    if place:
        WaitlistEntry.objects.filter(pk=row.pk).update(created_at=place)
    OutgoingEmail.objects.create(wish=row, kind=OutgoingEmail.Kind.WISH, due_at=request.now)
    return row


def _replaced(sent: WaitlistEntry | None, patient: Patient, now: datetime) -> datetime | None:
    """End what the form or the person said before; returns since when they have waited."""
    rows = [row.pk for row in _of_person(patient)] + ([sent.pk] if sent else [])
    before = WaitlistEntry.objects.filter(pk__in=rows, state=State.OPEN)
    place = before.waiting(now).values_list("created_at", flat=True).first()
    _end(before, State.OVER, now)
    if sent:  # the form's key is for what it says now
        WaitlistEntry.objects.filter(pk=sent.pk).update(key=None)
    return place


def _of_person(patient: Patient) -> WaitlistQuerySet:
    """The open wish of somebody without a visit."""
    without = WaitlistEntry.objects.filter(state=State.OPEN, appointment__isnull=True)
    # As the database's own guard compares: `iexact` finds other capitals alike than LOWER does.
    same = without.annotate(lower_email=Lower("email"), lower_name=Lower("name"))
    return same.filter(
        lower_email=Lower(Value(patient.email)), lower_name=Lower(Value(patient.name))
    )


@retried
def leave(*, wish: WaitlistEntry, now: datetime, by_desk: bool = False) -> WaitlistEntry:
    """Take a wish off the list, and what it is being asked about; twice is once."""
    row = WaitlistEntry.objects.filter(pk=wish.pk, state=State.OPEN)
    _end(row, State.CLOSED if by_desk else State.LEFT, now)
    return WaitlistEntry.objects.with_details().get(pk=wish.pk)


def _end(wishes: WaitlistQuerySet, state: WaitlistEntry.State, now: datetime) -> None:
    """End open wishes, and with each the offer that is open."""
    rows = wishes.held()
    for row in rows:
        row.state = state
        row.save(update_fields=["state"])
    TimeOffer.objects.withdraw(rows, now)
