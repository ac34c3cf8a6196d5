"""Who looked at which patient: written as pages are shown, found again by a person."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from booking.models import Look, OutgoingEmail, TimeOffer
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
    """Looks at any row of a person; not at days and lists, which name many."""
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
    )
