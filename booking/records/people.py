"""What is kept of one person: found as the desk finds it, by name and by e-mail or telephone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from booking import contacts
from booking.models import Appointment, Enquiry, Retention, WaitlistEntry
from booking.records.purging import NOT_TAKEN_PLACE

Row = Appointment | WaitlistEntry | Enquiry


@dataclass(frozen=True)
class Person:
    """All rows of one person, each kind in the order of their keys."""

    visits: list[Appointment]
    wishes: list[WaitlistEntry]
    questions: list[Enquiry]

    @property
    def rows(self) -> list[Row]:
        """All of them."""
        return [*self.visits, *self.wishes, *self.questions]

    @property
    def mark(self) -> str:
        """Stands on the page that asks: another one, and there is more or less to erase by now."""
        named = ",".join(f"{row._meta.model_name}{row.pk}" for row in self.rows)
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    @property
    def addresses(self) -> set[str]:
        """The e-mail addresses, as they are in mail."""
        return {row.email.lower() for row in self.rows if row.email}

    def to_come(self, now: datetime) -> list[Appointment]:
        """Visits that are awaited or going on: they are cancelled first."""
        return [row for row in self.visits if row.is_active and row.ends_at > now]

    def of_care(self, now: datetime) -> list[Appointment]:
        """Visits that took place, for as long as the clinic keeps records of care."""
        before = Retention.objects.current().before("care", now)
        took_place = [row for row in self.visits if row.status not in NOT_TAKEN_PLACE]
        return [row for row in took_place if row.ends_at >= before]


def person_of(start: Row) -> Person:
    """Whoever has this visit, wish or question, with all that leads on from one address or number
    to another: the same person, from whichever of their rows it starts.
    """
    if isinstance(start, WaitlistEntry) and start.appointment:
        start = start.appointment  # about a visit, the contact is the visit's own
    name, found = contacts.fold(start.name), Person([], [], [])
    # Questions have no columns to find a person by: there are few, and they are read.
    named = [row for row in Enquiry.objects.order_by("pk") if contacts.fold(row.name) == name]
    while True:
        more = _reached(start, name, named, [start, *found.rows])
        if len(more.rows) <= len(found.rows):
            return more
        found = more


def _reached(start: Row, name: str, named: list[Enquiry], rows: Iterable[Row]) -> Person:
    """What there is with this name, and an address or number of one of the rows; and the start, for
    as long as it is there. `named` are all questions with the name.
    """
    mailboxes, phones = ({each(row) for row in rows} - {""} for each in (_mailbox, _phone))
    reached = Q(mailbox__in=mailboxes, mailbox__gt="") | Q(phone_e164__in=phones, phone_e164__gt="")
    same = Q(reached, folded_name=name)
    held = Appointment.objects.filter(_is(start, Appointment) | same)
    visits = list(held.with_details().order_by("pk"))
    free = Q(appointment__isnull=True) & (_is(start, WaitlistEntry) | same)
    about = Q(appointment__in=[row.pk for row in visits])
    return Person(
        visits=visits,
        wishes=list(WaitlistEntry.objects.filter(free | about).with_details().order_by("pk")),
        questions=[
            row
            for row in named
            if row == start or _mailbox(row) in mailboxes or _phone(row) in phones
        ],
    )


def _is(start: Row, model: type[Row]) -> Q:
    return Q(pk=start.pk) if isinstance(start, model) else Q(pk__in=())


def _mailbox(row: Row) -> str:
    return contacts.mailbox(row.email) if row.email else ""


def _phone(row: Row) -> str:
    return row.phone_e164
