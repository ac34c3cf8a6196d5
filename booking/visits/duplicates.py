"""Visits that may be one person's twice over: for warnings alone, never to decide.

Staff are told of them; of patients only who holds the first visit's own cookie.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from booking.models import Appointment, VisitType
from booking.models.appointment import AppointmentQuerySet
from booking.models.findable import same_person
from booking.visits.requests import Patient

NO_SERIES = Value(0)  # no primary key: of what is of no series, nothing is of the same one


def among(visits: AppointmentQuerySet, now: datetime) -> AppointmentQuerySet:
    """Those of the visits that are still to come and clash with another one of them.

    `same_person` is the reference of the first such one. What is compared is what somebody may
    see: the visits of others are not told of by theirs.
    """
    return marked(visits.upcoming(now), visits, now).filter(same_person__isnull=False)


def marked(
    shown: AppointmentQuerySet, visits: AppointmentQuerySet, now: datetime
) -> AppointmentQuerySet:
    """The rows `shown`, each with `same_person`: the reference of the first one among the `visits`
    that is still to come, may be the same person's, and clashes; None without one.
    """
    others = _clashing(OuterRef, visits, now).exclude(pk=OuterRef("pk"))
    # Visits of one series were booked as several on purpose; only two at one time clash.
    own = Q(series=Coalesce(OuterRef("series"), NO_SERIES), series__isnull=False)
    others = others.exclude(own & ~_at_once(OuterRef))
    first = others.order_by("starts_at", "pk").values("reference")[:1]
    return shown.annotate(same_person=Subquery(first))


def of_asked(
    patient: Patient,
    visit_type: VisitType,
    starts_at: datetime,
    now: datetime,
    among: AppointmentQuerySet | None = None,
) -> AppointmentQuerySet:
    """Coming visits that may be the same patient's, and clash with one that is asked for; `among`
    some visits alone: those that whoever is told of them may see.
    """
    asked = Appointment(
        name=patient.name,
        email=patient.email,
        phone_e164=patient.phone_e164,
        visit_type=visit_type,
        starts_at=starts_at,
        ends_at=starts_at + visit_type.length,
    )
    visits = Appointment.objects.all() if among is None else among
    found = _clashing(lambda name: Value(getattr(asked, name)), visits, now)
    return found.order_by("starts_at", "pk")


def of_person(patient: Patient, now: datetime, among: AppointmentQuerySet) -> AppointmentQuerySet:
    """Those of the visits that are still to come and may be the same patient's, whatever they
    are.
    """
    asked = Appointment(name=patient.name, email=patient.email, phone_e164=patient.phone_e164)
    found = _same_person(lambda name: Value(getattr(asked, name)), among, now)
    return found.order_by("starts_at", "pk")


def _clashing(
    of: Callable[[str], Any], visits: AppointmentQuerySet, now: datetime
) -> AppointmentQuerySet:
    """Those of the visits that are the same person's, at an overlapping time with whomever, or a
    second one of the type that patients book themselves.
    """
    return _same_person(of, visits, now).filter(
        _at_once(of) | Q(visit_type=of("visit_type_id"), visit_type__online=True)
    )


def _at_once(of: Callable[[str], Any]) -> Q:
    return Q(starts_at__lt=of("ends_at"), ends_at__gt=of("starts_at"))


def _same_person(
    of: Callable[[str], Any], visits: AppointmentQuerySet, now: datetime
) -> AppointmentQuerySet:
    return visits.upcoming(now).filter(
        same_person(of),
    )


def may_be_one(one: Appointment, other: Appointment) -> bool:
    """Whether two visits may be one person's, as told by the name and by e-mail or telephone."""
    same_mailbox = bool(one.mailbox) and one.mailbox == other.mailbox
    same_phone = bool(one.phone_e164) and one.phone_e164 == other.phone_e164
    return one.folded_name == other.folded_name and (same_mailbox or same_phone)
