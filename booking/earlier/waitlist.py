"""The earlier-time list: who wants a sooner time, when it suits, and how they leave again."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from booking.calendars import hours
from booking.earlier.networks import NOWHERE, Networks
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
from booking.visits import limits, refusals, tallies, tokens
from booking.visits.requests import Patient, Request

State = WaitlistEntry.State
KEPT = ["name", "phone", "phone_e164", "email", "condition_id"]  # of a patient without a visit
FORM = "earlier"  # its own counts: bookings do not count for it
TIME_TO_CONFIRM = timedelta(days=3)  # over a weekend without mail
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
def join(
    *,
    appointment: Appointment,
    wish: Wish,
    now: datetime,
    confirmed: bool = True,
    networks: Networks = NOWHERE,
) -> WaitlistEntry:
    """Put a visit on the list; one that is there keeps its place with what suits now.

    `confirmed` says whether who asks came by the link in our e-mail; who booked just now has proven
    nothing of the address, and is asked about no time before `confirm`. Raises NotOnTheList.
    """
    visit = locked(appointment)  # of two forms at once, the second changes what the first wrote
    if not may_join(visit, now):
        raise NotOnTheList
    entry = visit.wishes.waiting(now).first()
    others = visit.wishes.filter(state=State.OPEN)
    _end(others.exclude(pk=entry.pk) if entry else others, State.OVER, now)
    entry = entry or WaitlistEntry(
        appointment=visit, network=networks.narrow, wide_network=networks.wide
    )
    if confirmed:
        entry.confirmed_at = entry.confirmed_at or now
    entry.visit_type, entry.ends_at = visit.visit_type, visit.starts_at
    for name, value in asdict(wish).items():
        setattr(entry, name, value)
    entry.save()
    return entry


@retried
def join_without_visit(
    *,
    visit_type: VisitType,
    patient: Patient,
    wish: Wish,
    request: Request,
    networks: Networks = NOWHERE,
) -> WaitlistEntry:
    """Put somebody on the list whom no time suited, and owe the e-mail that asks them to confirm.

    What is typed proves nothing: until `confirm` nobody is asked about a time, and no wish that
    was there before ends. The same request again gives the same row; with other content, who went
    back has corrected what they typed: what the form said before ends, unless it is confirmed.
    Raises OverLimit, OnlineFull. How many of one address wait to be confirmed only its mail bounds:
    two made-up ones must not keep her own from standing.
    """
    kept = {name: getattr(patient, name) for name in KEPT}
    typed = {"visit_type_id": visit_type.pk, **kept, **asdict(wish)}
    sent = WaitlistEntry.objects.filter(key=request.key, key__isnull=False).first()
    if sent and all(getattr(sent, name) == value for name, value in typed.items()):
        return sent
    if request.client:
        _count(patient, request)
        tallies.count_mail(patient.email, request.now)
    place = _say_no_more(sent, request.now) if sent else None
    row = WaitlistEntry(
        ends_at=request.now + TIME_TO_CONFIRM,
        key=request.key,
        network=networks.narrow,
        wide_network=networks.wide,
        **typed,
    )
    row.token_hash = tokens.hashed(tokens.make(row))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # The same form at the same moment: begin again, and see the other.
        raise Stale from error
    if place:
        WaitlistEntry.objects.filter(pk=row.pk).update(created_at=place)
    OutgoingEmail.objects.create(wish=row, kind=OutgoingEmail.Kind.WISH, due_at=request.now)
    return row


def _count(patient: Patient, request: Request) -> None:
    """Count a wish without a visit as bookings are counted, apart from them. Raises OverLimit,
    OnlineFull.
    """
    each, in_all = settings.BOOKING_LIMIT, settings.ONLINE_BOOKINGS_AN_HOUR
    keys = limits.contact_keys(patient.email, patient.phone_e164, FORM)
    contact = dict.fromkeys(keys, min(JOINS_AN_HOUR, each))
    limits.count_sent(request, FORM, contact, each, in_all)


def _say_no_more(sent: WaitlistEntry, now: datetime) -> datetime | None:
    """The form's key is for what it says now; what it said before ends, if nobody confirmed it.

    Returns since when that has waited, if it did.
    """
    said = WaitlistEntry.objects.filter(pk=sent.pk)
    before = said.filter(state=State.OPEN, confirmed_at__isnull=True)
    place = before.waiting(now).values_list("created_at", flat=True).first()
    _end(before, State.OVER, now)
    said.update(key=None)
    return place


@retried
def confirm(*, wish: WaitlistEntry, now: datetime) -> WaitlistEntry:
    """Begin to look for times, as who reads the mail of the address asks; twice is once.

    Another wish of the same person, confirmed before, ends, and gives its place in line: the page
    says so before they ask, see `replaced_by`.
    """
    # All at once, in one order: the locks close the races with who leaves, and with a second yes.
    rows = _with_same_person(wish).held()
    waiting = WaitlistEntry.objects.waiting(now).filter(pk__in=[row.pk for row in rows])
    pks = set(waiting.values_list("pk", flat=True))
    still = {row.pk: row for row in rows if row.pk in pks}
    row = still.get(wish.pk)
    if row and row.confirmed_at is None:
        others = [other.pk for other in rows if other != row]
        _end(WaitlistEntry.objects.filter(pk__in=others), State.OVER, now)
        row.confirmed_at, row.created_at = now, min(each.created_at for each in still.values())
        if row.appointment_id is None:
            row.ends_at = now + timedelta(days=row.visit_type.horizon_days)
        _write_confirmed(row)
    return WaitlistEntry.objects.with_details().get(pk=wish.pk)


def replaced_by(wish: WaitlistEntry, now: datetime) -> WaitlistEntry | None:
    """The wish that ends where this one is confirmed; for its mailbox's owner alone to see."""
    others = _with_same_person(wish).exclude(pk=wish.pk)
    still = WaitlistEntry.objects.waiting(now).filter(pk__in=others.values("pk"))
    return still.with_details().first()


def _with_same_person(wish: WaitlistEntry) -> WaitlistQuerySet:
    """The wish while it is open; without a visit, with what the same person confirmed before."""
    rows = WaitlistEntry.objects.filter(state=State.OPEN)
    if wish.appointment_id:
        return rows.filter(pk=wish.pk)
    # As the database's own guard compares: `iexact` finds other capitals alike than LOWER does.
    rows = rows.alias(lower_email=Lower("email"))
    confirmed = Q(appointment__isnull=True, confirmed_at__isnull=False)
    same = Q(lower_email=Lower(Value(wish.email)), folded_name=wish.folded_name)
    return rows.filter(Q(pk=wish.pk) | confirmed & same)


def _write_confirmed(row: WaitlistEntry) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=["confirmed_at", "created_at", "ends_at"])
    except IntegrityError as error:  # another wish of theirs, confirmed at the same moment
        raise Stale from error


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
