"""Visits that may be one person's twice over: for warnings alone, never to decide.

Staff are told of them; of patients only who holds the first visit's own cookie.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Lower

from booking.models import Appointment, VisitType
from booking.models.appointment import AppointmentQuerySet
from booking.visits.requests import Patient


def of_booked(now: datetime) -> AppointmentQuerySet:
    """For a subquery: coming visits that may be the same person's as the outer one, and clash."""
    return _clashing(OuterRef, now).exclude(pk=OuterRef("pk"))


def of_asked(
    patient: Patient, visit_type: VisitType, starts_at: datetime, now: datetime
) -> AppointmentQuerySet:
    """Coming visits that may be the same patient's, and clash with one that is asked for."""
    asked = Appointment(
        name=patient.name,
        email=patient.email,
        phone_e164=patient.phone_e164,
        visit_type=visit_type,
        starts_at=starts_at,
        ends_at=starts_at + visit_type.length,
    )
    return _clashing(lambda name: Value(getattr(asked, name)), now).order_by("starts_at", "pk")


def _clashing(of: Callable[[str], Any], now: datetime) -> AppointmentQuerySet:
    """Those at an overlapping time with whomever, or a second one of the type that patients book
    themselves. The same person, as told by the name and by e-mail or telephone: families share
    those two.
    """
    coming = Appointment.objects.upcoming(now).alias(lower_email=Lower("email"))
    return coming.filter(
        Q(lower_email=Lower(of("email")), email__gt="")
        | Q(phone_e164=of("phone_e164"), phone_e164__gt=""),
        Q(starts_at__lt=of("ends_at"), ends_at__gt=of("starts_at"))
        | Q(visit_type=of("visit_type_id"), visit_type__online=True),
        folded_name=of("folded_name"),
    )
