"""When patients are reminded of a visit, and which reminders are owed.

A lead time's whole days count by the clinic's clock, so that three days before 9:00 is 9:00 in
weeks of a clock change too; what is left of it, in hours, is time that really passes. A reminder
is owed in the booking's own transaction, one row for each lead time. A move or cancellation
overtakes it, as any message; here is what else keeps one from being sent.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from booking.calendars.availability import local_minutes, to_instant
from booking.models import Appointment, AppointmentStatus, OutgoingEmail, VisitType

# The confirmation has just said it all: no reminder that soon after it.
QUIET_AFTER_BOOKING = timedelta(hours=12)
# So near the visit, the patient is on the way; a lead time that is short itself gets half of it.
TOO_NEAR = timedelta(hours=2)
Kind, State = OutgoingEmail.Kind, OutgoingEmail.State


def due_at(starts_at: datetime, hours: int) -> datetime:
    """The instant (UTC) so many hours before a visit, whole days by the clinic's clock."""
    zone = timezone.get_default_timezone()
    days, rest = divmod(hours, 24)
    wall = timezone.localtime(starts_at, zone)
    on_the_day = local_minutes(wall.date() - timedelta(days=days), wall.time(), zone)
    return to_instant(on_the_day) - timedelta(hours=rest)


def occasion(hours: int) -> str:
    """How the outbox names a lead time."""
    return f"{hours}h"


def due_times(appointment: Appointment) -> dict[str, datetime]:
    """When each of its visit type's reminders is due (UTC), by occasion, the first one first."""
    return {
        occasion(hours): due_at(appointment.starts_at, hours)
        for hours in appointment.visit_type.reminder_leads
    }


def owed(appointment: Appointment, now: datetime) -> Iterator[OutgoingEmail]:
    """Unsaved rows for a visit that was booked or moved just now."""
    for name, due in due_times(appointment).items():
        if due >= now + QUIET_AFTER_BOOKING:
            yield _row(appointment, name, due)


def _row(appointment: Appointment, name: str, due: datetime) -> OutgoingEmail:
    sequence = appointment.sequence
    return OutgoingEmail(
        appointment=appointment, kind=Kind.REMINDER, sequence=sequence, occasion=name, due_at=due
    )


def waiting(appointment: Appointment, now: datetime) -> QuerySet:
    """Those that will leave after `now`."""
    return appointment.emails.pending().filter(kind=Kind.REMINDER, due_at__gt=now)


def drop(appointment: Appointment) -> None:
    """Those that wait are of the time before. One that a worker has in hand may still go out."""
    appointment.emails.pending().filter(kind=Kind.REMINDER).update(state=State.SUPERSEDED)


def carry(appointment: Appointment, since: int) -> None:
    """Owe those of the sequence `since` again that were dropped before they left, each when it was
    due: the visit is as it was then, and nothing was said in their place.
    """
    dropped = appointment.emails.filter(
        kind=Kind.REMINDER,
        sequence=since,
        state=State.SUPERSEDED,
        attempts=0,
        occasion__in=due_times(appointment),  # not those whose lead time was given up since
    )
    OutgoingEmail.objects.bulk_create(
        (_row(appointment, row.occasion, row.due_at) for row in dropped), ignore_conflicts=True
    )


def is_late(reminder: OutgoingEmail, appointment: Appointment, now: datetime) -> bool:
    """Whether it helps nobody any more: too near the visit, or nearer to the next reminder.

    So that of several which a worker finds late, the newest alone goes out.
    """
    lead = appointment.starts_at - reminder.due_at
    if appointment.starts_at - now < min(TOO_NEAR, lead / 2):
        return True
    newer = appointment.emails.filter(
        kind=Kind.REMINDER,
        sequence=reminder.sequence,
        due_at__gt=reminder.due_at,
        due_at__lt=now + (now - reminder.due_at),
    )
    return newer.exclude(state=State.SUPERSEDED).exists()


def has_begun(appointment: Appointment, now: datetime) -> bool:
    """Whether the time of its first reminder has come: from then on we ask whether they come."""
    begun = appointment.emails.filter(kind=Kind.REMINDER, due_at__lte=now)
    return begun.filter(sequence=appointment.sequence).exists()


@transaction.atomic
def follow(visit_type: VisitType, now: datetime) -> None:
    """After a change of its lead times: coming visits get the new ones, and lose the others.

    What was sent stays sent; a lead time whose moment has passed is not made up for. Visits about
    which nobody was ever mailed, as in the demo, stay without.
    """
    # Two managers at once: the one who saves last has the say over every visit.
    VisitType.objects.select_for_update(no_key=True).get(pk=visit_type.pk)
    told = OutgoingEmail.objects.filter(appointment=OuterRef("pk"))
    settle(Appointment.objects.upcoming(now).filter(Exists(told), visit_type=visit_type), now)


def settle(visits: QuerySet[Appointment], now: datetime) -> None:
    """Make the outbox hold the coming reminders of these visits, and no others.

    At most five queries, however many the visits.
    """
    wanted = {
        (visit.pk, visit.sequence, name): (visit, due)
        for visit in visits.exclude(email="").select_related("visit_type")
        for name, due in due_times(visit).items()
        if visit.status == AppointmentStatus.BOOKED and due > now
    }
    leads = OutgoingEmail.objects.filter(kind=Kind.REMINDER, due_at__gt=now)
    rows = {
        (row.appointment_id, row.sequence, row.occasion): row
        for row in leads.filter(appointment__in=visits)
    }
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    back = [row.pk for key, row in rows.items() if key in wanted]
    leads.pending().filter(pk__in=gone).update(state=State.SUPERSEDED)
    leads.filter(pk__in=back, state=State.SUPERSEDED).update(state=State.OWED, attempts=0)
    OutgoingEmail.objects.bulk_create(
        (_row(visit, key[2], due) for key, (visit, due) in wanted.items() if key not in rows),
        ignore_conflicts=True,  # of a booking that commits meanwhile with rows of its own
    )
