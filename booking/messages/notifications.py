"""What a notification is: something that somebody is told, however it is sent.

It knows whom it is for, whether it would still be true, and what a template needs to say it, as
the rows are at send time. `emails` makes an e-mail of it; another way of sending reads the same
class. `kinds` has the notifications that there are.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise, cached_property

from booking import contacts
from booking.models import (
    Appointment,
    Clinic,
    Enquiry,
    OutgoingEmail,
    Series,
    TimeOffer,
    WaitlistEntry,
)
from booking.wording import one_line, zone_name

Kind = OutgoingEmail.Kind
Context = dict[str, object]
Row = TypeVar("Row", Appointment, Series, Enquiry, WaitlistEntry, TimeOffer, User)


class Notification(ABC, Generic[Row]):
    """One message that is owed, and `about`: the row that it tells of, as it is now.

    `titles` names the kinds of messages that a class writes, and gives the title of each, in which
    `%(clinic)s` and `%(reference)s` are filled in. The templates are named like the kinds.
    """

    titles: ClassVar[Mapping[Kind, str | Promise]]
    to_desk: ClassVar[bool] = False

    def __init__(self, owed: OutgoingEmail, about: Row | None = None) -> None:
        """Read the row that it is about, in one query; or tell of that which is given."""
        self.owed, self.kind = owed, Kind(owed.kind)
        self.about: Row = about or self.rows().get(emails=owed.pk)

    @abstractmethod
    def rows(self) -> QuerySet[Row]:
        """The rows that it may be about, with all that the message shows of them."""

    @property
    def email(self) -> str:
        """The address that an e-mail goes to, empty if there is none."""
        return settings.FRONT_DESK_EMAIL if self.to_desk else self.about.email

    @abstractmethod
    def is_over(self, now: datetime) -> bool:
        """Whether it would say what is no longer so, or what helps nobody any more."""

    def is_lost(self, now: datetime) -> bool:
        """Whether it was tried in vain, and is too late now to be tried again."""
        return False

    def needs_a_call(self, now: datetime) -> bool:
        """Whether, where there is no address to send it to, somebody must be told otherwise."""
        return False

    def is_held_back(self, now: datetime) -> bool:
        """Whether it stays owed for now, as what it is about is in doubt."""
        return False

    def leaves(self, now: datetime) -> bool:
        """Begin what lasts from the moment it leaves; False where it must not leave after all."""
        return True

    def given_up(self, now: datetime) -> None:
        """End what lasts for as long as it is under way."""

    @cached_property
    def clinic(self) -> Clinic:
        """The clinic as it is now; one query for all that says its name or shows its colours."""
        return Clinic.objects.current()

    @property
    def title(self) -> str:
        """One line: the subject of an e-mail."""
        words = {"clinic": self.clinic.name, "reference": self.reference}
        return one_line(str(self.titles[self.kind]) % words)

    @property
    def reference(self) -> str:
        """The visit's, for titles that name it."""
        return ""

    @property
    def template(self) -> str:
        """The file name, without its ending, of the templates that say it."""
        return self.kind

    @abstractmethod
    def context(self, now: datetime) -> Context:
        """What the templates show."""

    @property
    def event(self) -> Appointment | None:
        """The visit that a calendar should have as it is now, if it should ask about it."""
        return None

    @property
    def events(self) -> Sequence[Appointment]:
        """Several visits that a calendar can have in one file, where it is about more than one."""
        return ()

    @property
    def key(self) -> str:
        """One for each notification, whatever the try: a receiver can tell a second copy."""
        # Each message to a user has an occasion of its own.
        row = "" if isinstance(self.about, User) else self.about.uuid.hex
        parts = [self.kind, str(self.owed.sequence), self.owed.occasion, row]
        return ".".join(part for part in parts if part)


def address(view: str, *arguments: object) -> str:
    """The address of a page as a message needs it, whole."""
    return settings.BASE_URL + reverse(view, args=arguments)


def of_visit(clinic: Clinic, visit: Appointment | TimeOffer) -> Context:
    """What every message about one visit shows, booked or offered."""
    return of_clinic(clinic, visit.location.phone) | {
        "appointment": visit,
        "minutes": visit.minutes,
        "zone": zone_name(visit.starts_at),
        "change_until": visit.visit_type.change_until(visit.starts_at),
    }


def of_clinic(clinic: Clinic, phone: str = "") -> Context:
    """Its name and look, and where to call: a location's own telephone, else the clinic's."""
    return {
        "clinic": clinic,
        "clinic_name": clinic.name,
        "phone": phone or settings.CLINIC_PHONE,
        "phone_link": contacts.phone_link(phone) if phone else settings.CLINIC_PHONE_LINK,
    }
