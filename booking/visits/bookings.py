"""Books a visit: one transaction that locks, asks again, writes, and owes the e-mail.

Patients are bound by working hours, notice, horizon and limits; the desk only by what the database
keeps, that no two visits of a therapist overlap.
"""

import re
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError

from booking import contacts
from booking.calendars import doubts, free_times, hours
from booking.calendars.slots import Slot
from booking.models import Appointment, Location, OutgoingEmail, Source, Therapist, VisitType
from booking.transactions import Stale, lock_therapists, retried
from booking.visits import overriding, reminders, tallies, tokens
from booking.visits.limits import count_booking, count_claim, own_device
from booking.visits.overriding import Override
from booking.visits.owing import owe, owe_full_hour
from booking.visits.refusals import OtherPlace, SlotUnavailable
from booking.visits.requests import Patient, Request, digest, replayed

Kind = OutgoingEmail.Kind
# A key or a reference that another row has, as SQLite and as PostgreSQL say it.
TAKEN = re.compile("booking_appointment[._](key|reference)")


@retried
def book_by_patient(
    *,
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    patient: Patient,
    request: Request,
) -> Appointment:
    """Book a visit online and owe its confirmation; the same request again returns the same row.

    Where it takes place follows from the hours. Raises SlotUnavailable, KeyReused, OverLimit.
    """
    lock_therapists([therapist.pk])
    content = digest(visit_type, therapist, starts_at, patient)
    if found := replayed(Appointment.objects.with_details(), request.key, content):
        return found
    slot = ask_again(visit_type, therapist, starts_at, request.now)
    fills_hour = bool(request.client) and count_booking(request, patient)
    visit = _visit_at(slot, visit_type, content)
    visit.device = own_device(request, patient)
    if request.client and not _reads_mailbox(patient, request):
        later = [reminder.due_at for reminder in reminders.owed(visit, request.now)]
        tallies.count_mail(patient.email, request.now, later)
    visit = _write(visit, patient, request)
    if fills_hour:
        owe_full_hour(visit, request.now)
    return visit


def _reads_mailbox(patient: Patient, request: Request) -> bool:
    """Whether who books has shown that the mail of the typed address reaches them.

    The cookie of a visit whose details were typed shows nothing, and neither does the mail of
    another address, though the name and the telephone number be the same. So strangers' bookings
    never count against her own device (`limits.own_device`), but their mail does, until the link in
    hers was opened there: a device on which her address was typed may be a stranger's.
    """
    held = request.held if request.by_mail else None
    return held is not None and held.mailbox == contacts.mailbox(patient.email)


def book_offered(
    *, slot: Slot, visit_type: VisitType, patient: Patient, request: Request
) -> Appointment:
    """Book the time that somebody was offered. Raises SlotUnavailable, OverLimit.

    The caller holds the therapist's lock, and has found the slot free under it. The link was
    mailed, so its e-mails are not counted; the visit is, as any that is booked online.
    """
    content = digest(visit_type, slot.therapist, slot.starts_at, patient)
    fills_hour = count_claim(request, patient)
    visit = _write(_visit_at(slot, visit_type, content), patient, request)
    if fills_hour:
        owe_full_hour(visit, request.now)
    return visit


@retried
def book_by_desk(
    *,
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    patient: Patient,
    request: Request,
    location: Location | None = None,
    note: str = "",
    known: Collection[str] | None = None,
    override: Override | None = None,
    places: Collection[int] | None = None,
) -> Appointment:
    """Book a visit for a caller, with staff's private note; the same request returns the same row.

    Without a `location` the hours say where; `places` (primary keys) are those at which whoever
    books may, None for all. `known` as for `keep_what_is_known`; `override` is leave to book it
    over others. Raises SlotUnavailable (naming them), KeyReused, OtherPlace.
    """
    lock_therapists([therapist.pk])
    content = digest(visit_type, therapist, starts_at, patient, location, note)
    if found := replayed(Appointment.objects.with_details(), request.key, content):
        return found
    ends_at = starts_at + visit_type.length
    appointment = Appointment(
        visit_type=visit_type,
        therapist=therapist,
        location_id=location.pk if location else desk_location(therapist, starts_at, ends_at),
        starts_at=starts_at,
        ends_at=ends_at,
        source=Source.DESK,
        note=note,
        request_digest=content,
    )
    check_place(appointment, places)
    return _write(appointment, patient, request, known, override)


def ask_again(
    visit_type: VisitType,
    therapist: Therapist,
    starts_at: datetime,
    now: datetime,
    moving: Appointment | None = None,
) -> Slot:
    """The time that a patient chose, if it is still free. Raises SlotUnavailable.

    Under the therapist's lock only. That closes the race between the page that showed the time and
    whoever took it since: an answer from before the lock may be out of date as the row is written.
    """
    slot = free_times.slot_at(visit_type, therapist, starts_at, now, moving=moving)
    if slot is None:
        raise SlotUnavailable
    return slot


def desk_location(therapist: Therapist, starts_at: datetime, ends_at: datetime) -> int:
    """Where the desk's visit takes place: as the hours say, else where the therapist works most.

    Returns a primary key. Raises SlotUnavailable where there is no location at all.
    """
    by_hours = hours.location_for(therapist, starts_at, ends_at)
    usual = therapist.working_hours.values_list("location", flat=True).first()
    found = by_hours or usual or Location.objects.values_list("pk", flat=True).first()
    if found is None:
        raise SlotUnavailable
    return found


def check_place(appointment: Appointment, places: Collection[int] | None) -> None:
    """Raises OtherPlace where the visit would be at none of these places; None stands for all."""
    if places is not None and appointment.location_id not in places:
        raise OtherPlace


def _visit_at(slot: Slot, visit_type: VisitType, content: str) -> Appointment:
    return Appointment(
        visit_type=visit_type,
        therapist=slot.therapist,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        source=Source.ONLINE,
        request_digest=content,
    )


def _write(
    appointment: Appointment,
    patient: Patient,
    request: Request,
    known: Collection[str] | None = None,
    override: Override | None = None,
) -> Appointment:
    """Write a visit whose time was asked about, and owe what follows from it."""
    for name, value in asdict(patient).items():
        setattr(appointment, name, value)
    appointment.key = request.key
    appointment.token_hash = tokens.hashed(tokens.make(appointment))
    keep_what_is_known(appointment, known=known)
    save_appointment(appointment, override=override)
    now = request.now
    owe(appointment, Kind.CONFIRMATION, Kind.DESK_NEW, now, appointment.source, leaves_at=now)
    return appointment


def keep_what_is_known(
    appointment: Appointment, source: str = "", known: Collection[str] | None = None
) -> None:
    """Note what speaks against a time that is written just now, as known to whoever chose it.

    What the desk books or moves outside the hours was never covered by them: such a visit has not
    stopped being true, and is not listed for that. Something new afterwards is. Of a time that a
    patient chose nothing is known: it was free when asked again.

    `known` are the doubts, by their codes, that the desk's page showed: what came up between that
    page and this write nobody has seen, and it lists the visit. None stands for all that there is.
    """
    by_desk = (source or appointment.source) == Source.DESK
    codes = [doubt.code for doubt in doubts.of_time(appointment)] if by_desk else []
    appointment.kept_against = [code for code in codes if known is None or code in known]
    appointment.kept_at = None  # said of another time


def save_appointment(
    appointment: Appointment, tells: bool = True, override: Override | None = None
) -> None:
    """Write the row, at the end of a service, under its therapists' locks; the database's own guard
    has the last word. A time that it begins to hold must be free, unless an `override` covers whose
    it is; of a time that it leaves, visits that lay over it lose their marks.

    What ends like this is told to the patient, and noted here as told, unless it `tells` nobody.

    Raises SlotUnavailable. Raises Stale where the key is another row's since it was looked for (two
    copies of one form, for two therapists, hold different locks), or the reference is (at 100,000
    rows one new visit in 900 draws one that is taken): begun again, the service finds the first or
    draws another.
    """
    before = overriding.as_stored(appointment)
    overriding.check(appointment, before, override)
    if tells:
        appointment.tell()
    try:
        appointment.save()
        overriding.settle(before, appointment)
    except IntegrityError as error:
        if "booking_appointment_no_overlap" in str(error):
            raise SlotUnavailable from error
        if TAKEN.search(str(error)):
            raise Stale from error
        raise
