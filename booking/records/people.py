"""What is kept of one person: found as the desk finds it, by name and by e-mail or telephone."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from booking import contacts
from booking.models import Appointment, Enquiry, Retention, WaitlistEntry
from booking.records.purging import NOT_TAKEN_PLACE

Row = Appointment | WaitlistEntry


@dataclass(frozen=True)
class Person:
    """All rows of one person, each kind in the order of their keys."""

    visits: list[Appointment]
    wishes: list[WaitlistEntry]
    questions: list[Enquiry]

    @property
    def mark(self) -> str:
        """Stands on the page that asks: another one, and there is more or less to erase by now."""
        rows = [*self.visits, *self.wishes, *self.questions]
        named = ",".join(f"{row._meta.model_name}{row.pk}" for row in rows)
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    @property
    def addresses(self) -> set[str]:
        """The e-mail addresses, as they are in mail."""
        rows: list[Any] = [*self.visits, *self.wishes, *self.questions]
        return {row.email.lower() for row in rows if row.email}

    def to_come(self, now: datetime) -> list[Appointment]:
        """Visits that are awaited or going on: they are cancelled first."""
        return [row for row in self.visits if row.is_active and row.ends_at > now]

    def of_care(self, now: datetime) -> list[Appointment]:
        """Visits that took place, for as long as the clinic keeps records of care."""
        before = Retention.objects.current().before("care", now)
        took_place = [row for row in self.visits if row.status not in NOT_TAKEN_PLACE]
        return [row for row in took_place if row.ends_at >= before]


def person_of(visit: Appointment) -> Person:
    """Whoever has this visit, with all that leads on from one address or number to another."""
    visits: list[Appointment] = [visit]
    wishes: list[WaitlistEntry] = []
    found = 0
    while found < len(visits) + len(wishes):
        found = len(visits) + len(wishes)
        same = _same(visit.folded_name, [*visits, *wishes])
        visits = list(
            Appointment.objects.filter(Q(pk=visit.pk) | same).with_details().order_by("pk")
        )
        own = Q(appointment__isnull=True) & same
        by_visit = Q(appointment__in=[row.pk for row in visits])
        wishes = list(WaitlistEntry.objects.filter(own | by_visit).with_details().order_by("pk"))
    return Person(visits, wishes, _questions(visit.folded_name, [*visits, *wishes]))


def _same(name: str, rows: Iterable[Row]) -> Q:
    """Rows with this name, and an address or number of one of the others."""
    mailboxes, phones = _reached(rows)
    reached = Q(mailbox__in=mailboxes, mailbox__gt="") | Q(phone_e164__in=phones, phone_e164__gt="")
    return Q(reached, folded_name=name)


def _reached(rows: Iterable[Row]) -> tuple[set[str], set[str]]:
    rows = list(rows)
    return {row.mailbox for row in rows} - {""}, {row.phone_e164 for row in rows} - {""}


def _questions(name: str, rows: Iterable[Row]) -> list[Enquiry]:
    """Questions have no columns to find a person by: there are few, and they are read."""
    mailboxes, phones = _reached(rows)
    return [
        row
        for row in Enquiry.objects.order_by("pk")
        if contacts.fold(row.name) == name
        and (contacts.mailbox(row.email) in mailboxes or row.phone_e164 in phones)
    ]
