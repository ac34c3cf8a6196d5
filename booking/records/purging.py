"""What has been kept long enough goes: batch by batch, each a transaction of its own.

Stopped at any point, the next run goes on; a second run finds nothing.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.admin.models import LogEntry as ClickEntry
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.models import (
    Appointment,
    AppointmentStatus,
    DataRequest,
    Enquiry,
    HourlyCount,
    Look,
    OutgoingEmail,
    Retention,
    SignIn,
    StaffSession,
    Tally,
    WaitlistEntry,
)
from booking.records import erasing
from booking.transactions import retried
from booking.visits.limits import HOUR

BATCH = 200
NOT_TAKEN_PLACE = [AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW]
STAMP = "%Y%m%dT%H%M%S"  # how the name of a mail file begins: UTC


class Kind(NamedTuple):
    """Rows of one kind: which have been kept long enough, and how they go."""

    label: str | Promise
    due: Callable[[Retention, datetime], QuerySet[Any]]
    erase: Callable[[Collection[Any]], None]


def _delete(model: type[models.Model]) -> Callable[[Collection[Any]], None]:
    def delete(pks: Collection[Any]) -> None:
        model._default_manager.filter(pk__in=pks).delete()

    return delete


def _visits(period: str, took_place: bool) -> Callable[[Retention, datetime], QuerySet[Any]]:
    """Of one whose outcome nobody said, it is taken that the patient came: kept for longer."""

    def due(kept: Retention, now: datetime) -> QuerySet[Any]:
        is_missed = Q(status__in=NOT_TAKEN_PLACE)
        over = Appointment.objects.filter(ends_at__lt=kept.before(period, now))
        return over.filter(~is_missed if took_place else is_missed)

    return due


def _questions(kept: Retention, now: datetime) -> QuerySet[Any]:
    """One that nobody answered counts from when its answer was due."""
    before = kept.before("questions", now)
    unanswered = Q(answered_at__isnull=True, due_at__lt=before)
    return Enquiry.objects.filter(unanswered | Q(answered_at__lt=before))


def _wishes(kept: Retention, now: datetime) -> QuerySet[Any]:
    before = kept.before("wishes", now)
    over = Q(appointment__isnull=True) | Q(appointment__ends_at__lt=before)
    return WaitlistEntry.objects.filter(over, ends_at__lt=before)


def _emails(kept: Retention, now: datetime) -> QuerySet[Any]:
    """Not of what is to come: that one was sent keeps it from being sent twice."""
    before = kept.before("emails", now)
    old = OutgoingEmail.objects.filter(created_at__lt=before)
    later = Appointment.objects.filter(ends_at__gte=before)
    waits = WaitlistEntry.objects.filter(ends_at__gte=before)
    return old.exclude(
        Q(appointment__in=later)
        | Q(series__in=later.filter(series__isnull=False).values("series"))
        | Q(wish__in=waits)
        | Q(offer__entry__in=waits)
    )


def _history(kept: Retention, now: datetime) -> QuerySet[Any]:
    """By age, but for what belongs to a patient's row: that goes with its row."""
    before = kept.before("history", now)
    gone = erasing.left_behind()
    return LogEntry.objects.filter(gone | (Q(timestamp__lt=before) & ~erasing.of_patients()))


def _clicks(kept: Retention, now: datetime) -> QuerySet[Any]:
    return ClickEntry.objects.filter(action_time__lt=kept.before("history", now))


def _requests(kept: Retention, now: datetime) -> QuerySet[Any]:
    return DataRequest.objects.filter(made_at__lt=kept.before("history", now))


def _looks(kept: Retention, now: datetime) -> QuerySet[Any]:
    """The database would refuse one that is younger than a year."""
    return Look.objects.filter(at__lt=kept.before("looks", now))


def _sign_ins(kept: Retention, now: datetime) -> QuerySet[Any]:
    """For as long as who looked at whom: one is read beside the other."""
    return SignIn.objects.filter(at__lt=kept.before("looks", now))


def _sessions(kept: Retention, now: datetime) -> QuerySet[Any]:
    return StaffSession.objects.filter(expire_date__lt=now)


def _counts(kept: Retention, now: datetime) -> QuerySet[Any]:
    return HourlyCount.objects.filter(last_at__lte=now - HOUR)


def _tallies(kept: Retention, now: datetime) -> QuerySet[Any]:
    return Tally.objects.filter(over_at__lte=now)


# In this order: what goes with a visit is not counted once more by itself.
KINDS = [
    Kind(_("Visits that took place"), _visits("care", took_place=True), erasing.erase_visits),
    Kind(
        _("Visits cancelled or missed"), _visits("missed", took_place=False), erasing.erase_visits
    ),
    Kind(_("Questions"), _questions, erasing.erase_questions),
    Kind(_("Earlier-time wishes"), _wishes, erasing.erase_wishes),
    Kind(_("E-mails"), _emails, _delete(OutgoingEmail)),
    Kind(_("Entries of the history"), _history, _delete(LogEntry)),
    Kind(_("Clicks of staff"), _clicks, _delete(ClickEntry)),
    Kind(_("Copies and erasures"), _requests, _delete(DataRequest)),
    Kind(_("Who looked at whom"), _looks, _delete(Look)),
    Kind(_("Sign-ins"), _sign_ins, _delete(SignIn)),
    Kind(_("Sessions that are over"), _sessions, _delete(StaffSession)),
    Kind(_("Counts of what was sent or tried"), _counts, _delete(HourlyCount)),
    Kind(_("Counts of a mailbox"), _tallies, _delete(Tally)),
]
FILES = _("Files of e-mails")


def count(now: datetime) -> dict[str, int]:
    """How many of each kind `purge` would erase now; nothing is."""
    kept = Retention.objects.current()
    found = {str(kind.label): kind.due(kept, now).count() for kind in KINDS}
    return found | {str(FILES): len(_files(kept, now))}


def purge(now: datetime) -> dict[str, int]:
    """Erase what has been kept long enough; returns how many of each kind."""
    kept = Retention.objects.current()
    done = {str(kind.label): _all_of(kind, kept, now) for kind in KINDS}
    files = _files(kept, now)
    for file in files:
        file.unlink(missing_ok=True)
    _clean_pages()
    return done | {str(FILES): len(files)}


def _all_of(kind: Kind, kept: Retention, now: datetime) -> int:
    count = 0
    while done := _batch(kind, kept, now):
        count += done
    return count


@retried
def _batch(kind: Kind, kept: Retention, now: datetime) -> int:
    """Erase some; returns how many. Zero where none is due any more."""
    due = kind.due(kept, now).order_by("pk")
    # Locked: closes the race with whoever changes such a row at this moment. A visit that was moved
    # into the future is not due any more, and the database looks again once it has the lock.
    rows = list(due.select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH])
    kind.erase(rows)
    return len(rows)


def _files(kept: Retention, now: datetime) -> list[Path]:
    """E-mails that were written into files, as in the demo, long enough ago."""
    before = kept.before("emails", now).astimezone(UTC).strftime(STAMP)
    return [file for file in sorted(mail_files()) if file.name < before]


def mail_files() -> list[Path]:
    """All of them; none where e-mail goes to a server."""
    return list(Path(settings.EMAIL_FILE_PATH).glob("*.eml"))


def _clean_pages() -> None:
    """SQLite's file holds what was deleted until its place is written again: write it anew.

    PostgreSQL does so by itself (autovacuum), and what was deleted is in no dump.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
