"""Somebody asks to be erased. Records of care stay for as long as they must; the rest goes."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser

from booking.models import Appointment, DataRequest, StaffSession
from booking.records import erased, erasing
from booking.records.people import Person, person_of
from booking.records.purging import mail_files
from booking.transactions import locked_together, retried
from booking.visits.refusals import Changed, OtherPlace, VisitsToCome

LOOKED_FOR = "find"  # in a session: what `desk/typed.py` keeps there


@retried
def forget(*, visit: Appointment, user: AbstractUser, now: datetime, seen: str) -> DataRequest:
    """Erase what is kept of whoever has this visit, and write down that it was done.

    Raises VisitsToCome; OtherPlace (not all of it is at places of the user's); Changed (there is
    more or less than when the user was asked: `seen` is the mark of that).
    """
    # Closes the race with whoever moves or changes one of them at this moment.
    locked_together([row.pk for row in person_of(visit).visits])
    person = person_of(visit)
    check_whole(person, user)
    if person.mark != seen:
        raise Changed
    if person.to_come(now):
        raise VisitsToCome
    kept = person.of_care(now)
    gone = [row for row in person.visits if row not in kept]
    rows = erased.keys_of(gone, kept, person.wishes, person.questions)
    erasing.strip_visits([row.pk for row in kept])
    erasing.erase_visits([row.pk for row in gone])
    erasing.erase_wishes([row.pk for row in person.wishes])
    erasing.erase_questions([row.pk for row in person.questions])
    _remove_files(person)
    _forget_typed(now)
    return DataRequest.objects.create(
        kind=DataRequest.Kind.ERASED,
        made_at=now,
        made_by_id=user.pk,
        visits=len(gone),
        wishes=len(person.wishes),
        questions=len(person.questions),
        kept=len(kept),
        rows=rows,
    )


def check_whole(person: Person, user: AbstractUser) -> None:
    """Raises OtherPlace where the person has visits that the user may not see: half of what is kept
    is neither a copy nor an erasure.
    """
    visible = Appointment.objects.visible_to(user)
    pks = [row.pk for row in person.visits]
    if visible.filter(pk__in=pks).count() != len(pks):
        raise OtherPlace


def _forget_typed(now: datetime) -> None:
    """What staff looked for last, each of them: it may be this person's name or number."""
    StaffSession.objects.filter(expire_date__lt=now).delete()
    for row in StaffSession.objects.all():
        held = row.get_decoded()
        if held.pop(LOOKED_FOR, None) is not None:
            # Not by the session's own way to save: that would count as use of it.
            row.session_data = StaffSession.objects.encode(held)
            row.save(update_fields=["session_data"])


def _remove_files(person: Person) -> None:
    """E-mails to them that were written into files, as in the demo."""
    for file in mail_files():
        text = file.read_text(errors="replace").lower()
        if any(address in text for address in person.addresses):
            file.unlink(missing_ok=True)
