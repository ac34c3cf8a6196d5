"""Somebody who stands at the desk and is seen now: booked and arrived in one transaction."""

from collections.abc import Collection
from datetime import datetime

from booking.models import Appointment, AppointmentStatus, Location, Therapist, VisitType
from booking.transactions import lock_therapists, retried
from booking.visits import attendance, bookings
from booking.visits.overriding import Override
from booking.visits.requests import Patient, Request, was_sent


@retried
def walk_in(
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
    """Book a visit that begins now, for somebody who is here; the same request returns the same
    row, whatever became of it since.

    Everything as for `book_by_desk`. Raises SlotUnavailable, KeyReused, OtherPlace.
    """
    # Closes the race of two copies of one form: the second finds the first's key.
    lock_therapists([therapist.pk])
    is_again = was_sent(Appointment.objects.all(), request.key)
    visit = bookings.book_by_desk(
        visit_type=visit_type,
        therapist=therapist,
        starts_at=starts_at,
        patient=patient,
        request=request,
        location=location,
        note=note,
        known=known,
        override=override,
        places=places,
    )
    if is_again:
        return visit
    arrived = AppointmentStatus.ARRIVED
    return attendance.set_status(appointment=visit, status=arrived, now=request.now)
