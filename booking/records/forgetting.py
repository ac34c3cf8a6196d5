"""Somebody asks to be erased. Records of care stay for as long as they must; the rest goes."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser

from booking.models import Appointment, DataRequest, Enquiry, StaffSession, WaitlistEntry
from booking.records import erased, erasing, traces
from booking.records.people import Person, Row, person_of
from booking.records.purging import mail_files
from booking.transactions import locked_together, retried
from booking.visits.refusals import Changed, OtherPlace, VisitsToCome

# In a session: what `desk/typed.py` keeps there, and `clinic_site/staff/kept_typing.py`.
LOOKED_FOR, TYPING = "find", "typing"
TOLD = "_messages"  # and what Django keeps there to tell them on their next page


@retried
def forget(*, start: Row, user: AbstractUser, now: datetime, seen: str) -> DataRequest:
    """Erase what is kept of whoever has this visit, wish or question, and write down that it was.

    Raises VisitsToCome; OtherPlace (not all of it is at places of the user's); Changed (there is
    more or less than when the user was asked: `seen` is the mark of that).
    """
    _lock(person_of(start))
    person = person_of(start)
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
    _forget_typed(person)
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


def _lock(person: Person) -> None:
    """Closes three races at this moment: with whoever moves or changes a visit; with whoever says
    yes to an offered time, so that their wish becomes a visit; with a colleague who erases the same
    person, who may have neither.
    """
    locked_together([row.pk for row in person.visits])
    WaitlistEntry.objects.filter(pk__in=[row.pk for row in person.wishes]).held()
    asked = Enquiry.objects.filter(pk__in=[row.pk for row in person.questions])
    list(asked.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def check_whole(person: Person, user: AbstractUser) -> None:
    """Raises OtherPlace where the person has visits or wishes that the user may not see: half of
    what is kept is neither a copy nor an erasure. Questions are of no place.
    """
    rows: list[tuple[Any, Any]] = [(Appointment, person.visits), (WaitlistEntry, person.wishes)]
    for model, found in rows:
        keys = [row.pk for row in found]
        if model.objects.visible_to(user).filter(pk__in=keys).count() != len(keys):
            raise OtherPlace


def _forget_typed(person: Person) -> None:
    """What staff typed last, if it may be this person: whom they looked for, and a form that was
    kept for them as their session ended. A colleague's typing about somebody else stays, in
    sessions that are over too: it is kept from there as they sign in again.
    """
    for row in StaffSession.objects.all():
        held = row.get_decoded()
        gone = [
            name for name in (LOOKED_FOR, TYPING, TOLD) if _is_about(person, name, held.get(name))
        ]
        if gone:
            # Not by the session's own way to save: that would count as use of it.
            left = {name: value for name, value in held.items() if name not in gone}
            row.session_data = StaffSession.objects.encode(left)
            row.save(update_fields=["session_data"])


def _is_about(person: Person, name: str, typed: Any) -> bool:
    """In doubt it is: the beginning of a name's word is enough of whom somebody looked for."""
    if not typed:
        return False
    if name == LOOKED_FOR:
        return traces.may_mean(person, str(typed))
    if name == TOLD:
        return traces.names(person, str(typed))
    values = [value for _name, values in typed["fields"] for value in values]
    return traces.names(person, "\n".join(map(str, values))) or traces.leads_to(
        person, str(typed["path"])
    )


def _remove_files(person: Person) -> None:
    """E-mails to them that were written into files, as in the demo."""
    for file in mail_files():
        text = file.read_text(errors="replace").lower()
        if any(address in text for address in person.addresses):
            file.unlink(missing_ok=True)
