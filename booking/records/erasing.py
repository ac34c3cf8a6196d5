"""Rows about patients, taken away with all that hangs on them, their history too.

auditlog would write what is erased down once more, as the values that a deleted row had. So it
keeps still here, and the entries there are go with their row.
"""

from collections.abc import Collection
from functools import reduce
from itertools import starmap
from operator import or_

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as ClickEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from booking.models import (
    AffectedVisit,
    Appointment,
    ContactAttempt,
    Enquiry,
    Estimate,
    OutgoingEmail,
    PatientChange,
    Series,
    StaffChange,
    TimeOffer,
    WaitlistEntry,
)

# Whose history holds what patients said, or names them.
OF_PATIENTS = [Appointment, Estimate, Enquiry, WaitlistEntry, TimeOffer]

# What is written beside a visit, and is no record of care.
BESIDE = [AffectedVisit, ContactAttempt, OutgoingEmail, PatientChange, StaffChange]
# What only links, forms and changes of a visit are told by.
MARKS = {"token_hash": None, "key": None, "request_digest": "", "device": None}
MARKS |= {"told_starts_at": None, "told_ends_at": None, "told_therapist": None}
MARKS |= {"told_location": None, "told_place": "", "moved_from": None}


def erase_visits(pks: Collection[int]) -> None:
    """Erase these visits, and series of which none is left. Call it in a transaction."""
    visits = Appointment.objects.filter(pk__in=pks)
    uuids, series = (list(visits.values_list(name, flat=True)) for name in ("uuid", "series"))
    estimates = Estimate.objects.filter(appointment__in=pks)
    erase_wishes(_keys(WaitlistEntry.objects.filter(appointment__in=pks)))
    forget_history(Estimate, _keys(estimates))
    # What else a browser holds is tied to the first visit of it by that one's `uuid`.
    Appointment.objects.filter(device__in=uuids).update(device=None)
    _erase(visits)
    # Several that were booked together: the last of them takes along what was mailed of all.
    Series.objects.filter(pk__in=[pk for pk in series if pk], visits__isnull=True).delete()
    forget_history(Appointment, pks)


def strip_visits(pks: Collection[int]) -> None:
    """Leave a record of care: who, when, with whom, why, and what was changed of it. Its link stops
    working. Call it in a transaction.
    """
    for model in BESIDE:
        model._default_manager.filter(appointment__in=pks).delete()
    forget_clicks(Appointment, pks)
    visits = Appointment.objects.filter(pk__in=pks)
    series = Series.objects.filter(Q(visits__in=visits))
    OutgoingEmail.objects.filter(series__in=series.values("pk")).delete()
    Series.objects.filter(pk__in=series.values("pk")).update(key=None, request_digest="")
    visits.update(**MARKS, token_version=F("token_version") + 1)


def erase_wishes(pks: Collection[int]) -> None:
    """Erase these wishes with what was offered. Call it in a transaction."""
    forget_history(TimeOffer, _keys(TimeOffer.objects.filter(entry__in=pks)))
    _erase(WaitlistEntry.objects.filter(pk__in=pks))
    forget_history(WaitlistEntry, pks)


def erase_questions(pks: Collection[int]) -> None:
    """Erase these questions. Call it in a transaction."""
    _erase(Enquiry.objects.filter(pk__in=pks))
    forget_history(Enquiry, pks)


def forget_history(model: type[models.Model], pks: Collection[int]) -> None:
    """Delete what was written down of changes of these rows, and of clicks on them."""
    kind, keys = ContentType.objects.get_for_model(model), [str(pk) for pk in pks]
    LogEntry.objects.filter(content_type=kind, object_pk__in=keys).delete()
    forget_clicks(model, pks)


def forget_clicks(model: type[models.Model], pks: Collection[int]) -> None:
    """Delete what the admin noted of staff's clicks on these rows: it names them."""
    kind, keys = ContentType.objects.get_for_model(model), [str(pk) for pk in pks]
    ClickEntry.objects.filter(content_type=kind, object_id__in=keys).delete()


def of_patients() -> Q:
    """Entries of auditlog's about rows of patients."""
    return Q(content_type__in=ContentType.objects.get_for_models(*OF_PATIENTS).values())


def left_behind() -> Q:
    """Those about rows that are not there any more, whoever deleted them: each holds all that the
    row had.
    """
    return reduce(or_, starmap(_gone, ContentType.objects.get_for_models(*OF_PATIENTS).items()))


def _gone(model: type[models.Model], kind: ContentType) -> Q:
    rows = model._default_manager.order_by().filter(pk=OuterRef("object_id"))
    return Q(~Exists(rows), content_type=kind)


def _erase(rows: models.QuerySet) -> None:
    with disable_auditlog():
        rows.delete()


def _keys(rows: models.QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))
