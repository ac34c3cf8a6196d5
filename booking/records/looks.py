"""Who looked at which patient: written as pages are shown, found again by a person."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from booking.models import Appointment, Enquiry, Look, OutgoingEmail, TimeOffer, WaitlistEntry
from booking.records.people import Person

About = Collection[tuple[Look.Kind, int]]


def note(*, by: int, page: str, about: About, now: datetime) -> None:
    """Write down that a user (its key) saw these rows at a page. One query, whatever their number;
    the same once more in the same quarter of an hour adds nothing.
    """
    quarter = now - timedelta(
        minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond
    )
    Look.objects.bulk_create(
        [
            Look(by_id=by, at=now, quarter=quarter, page=page, kind=kind, key=key)
            for kind, key in dict.fromkeys(about)
        ],
        ignore_conflicts=True,
    )


def of_person(person: Person) -> Q:
    """Looks at any row of a person, or at what was changed of it; not at days and lists, which name
    many.
    """
    visits, wishes = ([row.pk for row in rows] for rows in (person.visits, person.wishes))
    questions = [row.pk for row in person.questions]
    series = [row.series_id for row in person.visits if row.series_id]
    mailed = Q(appointment__in=visits) | Q(wish__in=wishes) | Q(enquiry__in=questions)
    offers = TimeOffer.objects.filter(entry__in=wishes).order_by().values("pk")
    emails = OutgoingEmail.objects.filter(mailed).order_by().values("pk")
    return (
        Q(kind=Look.Kind.VISIT, key__in=visits)
        | Q(kind=Look.Kind.SERIES, key__in=series)
        | Q(kind=Look.Kind.WISH, key__in=wishes)
        | Q(kind=Look.Kind.OFFER, key__in=offers)
        | Q(kind=Look.Kind.QUESTION, key__in=questions)
        | Q(kind=Look.Kind.EMAIL, key__in=emails)
        | Q(kind=Look.Kind.CHANGE, key__in=_changes(visits, wishes, questions).values("pk"))
    )


def _changes(visits: list[int], wishes: list[int], questions: list[int]) -> QuerySet[LogEntry]:
    """Entries of the history about these rows."""
    keys = {Appointment: visits, WaitlistEntry: wishes, Enquiry: questions}
    kinds = ContentType.objects.get_for_models(*keys)
    about = [Q(content_type=kinds[model], object_id__in=keys[model]) for model in keys]
    return LogEntry.objects.filter(reduce(or_, about)).order_by()
