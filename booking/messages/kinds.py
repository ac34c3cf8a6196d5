"""The notifications that there are: about visits, questions, wishes, offered times, passwords.

Titles, and whatever goes to the front desk, hold no personal data. Even the patient's own message
does not repeat name or reason: an address can be mistyped, and a stranger could have us send
words of their own to anybody.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from booking.calendars.doubts import unsettled
from booking.earlier import deadlines, standing
from booking.messages.links import LinksAgain, manage_url, wish_url
from booking.messages.notifications import (
    Context,
    Kind,
    Notification,
    address,
    of_clinic,
    of_visit,
)
from booking.messages.series import SeriesToPatient
from booking.messages.staff_links import Invitation, NewPassword
from booking.models import (
    Appointment,
    AppointmentStatus,
    Enquiry,
    OutgoingEmail,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits import reminders, tokens
from booking.wording import zone_name


class AboutVisit(Notification[Appointment]):
    """What is said of a visit, true until it is moved, cancelled or past."""

    of_cancelled: ClassVar = {Kind.CANCELLED, Kind.DESK_CANCELLED}

    def rows(self) -> QuerySet[Appointment]:
        return Appointment.objects.with_details()

    def is_over(self, now: datetime) -> bool:
        """Whether the visit has been moved or cancelled since, or is past."""
        if self.owed.sequence != self.about.sequence:
            return True
        if self.about.ends_at <= now:  # the mail server was away for days
            return True
        if self.kind in self.of_cancelled:
            return self.about.status != AppointmentStatus.CANCELLED
        return not self.about.is_active

    @property
    def reference(self) -> str:
        return self.about.reference


class VisitToPatient(AboutVisit):
    """All that the page of the visit says, and the links that change it."""

    def is_held_back(self, now: datetime) -> bool:
        """Whether something of a visit to come is not so any more, and the desk has not yet dealt
        with it: who is told of it would come for nothing. Three queries.
        """
        if AboutVisit.is_over(self, now) or not self.about.is_upcoming(now):
            return False
        return bool(unsettled([self.about]))

    def context(self, now: datetime) -> Context:
        visit, url = self.about, manage_url(self.about)
        return of_visit(self.clinic, visit) | {
            "may_change": visit.may_change(now),
            "manage_url": url,
            "come_url": f"{url}?next=come" if url else "",
            "move_url": f"{url}?next=move" if url else "",
            "book_url": address("booking:book"),
            "waits": self.kind == Kind.MOVED and visit.wishes.waiting(now).confirmed().exists(),
        }


class VisitChanged(VisitToPatient):
    """What has become of the visit, with the event for a calendar."""

    titles = {
        Kind.CONFIRMATION: gettext_lazy("%(clinic)s: your visit is booked"),
        Kind.MOVED: gettext_lazy("%(clinic)s: your visit has moved"),
        Kind.CANCELLED: gettext_lazy("%(clinic)s: your visit is cancelled"),
        Kind.DETAILS: gettext_lazy("%(clinic)s: details of your visit have changed"),
    }

    def needs_a_call(self, now: datetime) -> bool:
        """Whether it tells of a change: what was booked at first, its patient knows."""
        return bool(self.owed.sequence) and not self.is_over(now)

    @property
    def event(self) -> Appointment:
        return self.about


class Reminder(VisitToPatient):
    """That the visit is coming up; asks whether they come."""

    titles = {Kind.REMINDER: gettext_lazy("%(clinic)s: your visit is coming up")}

    def is_over(self, now: datetime) -> bool:
        """Whether it is overtaken as others are, or the patient is there, or it is too late."""
        if super().is_over(now) or self.about.status != AppointmentStatus.BOOKED:
            return True
        return reminders.is_late(self.owed, self.about, now)


class VisitToDesk(AboutVisit):
    """Reference, therapist, time and a link for staff who sign in."""

    titles = {
        Kind.DESK_NEW: gettext_lazy("New visit %(reference)s"),
        Kind.DESK_MOVED: gettext_lazy("Moved visit %(reference)s"),
        Kind.DESK_CANCELLED: gettext_lazy("Cancelled visit %(reference)s"),
    }
    to_desk = True
    template = "desk"

    def context(self, now: datetime) -> Context:
        admin_url = address("admin:booking_appointment_change", self.about.pk)
        return of_visit(self.clinic, self.about) | {"heading": self.title, "admin_url": admin_url}


class FullHourToDesk(Notification[Appointment]):
    """That as many visits were booked online in an hour as are taken: they may be made up."""

    titles = {Kind.DESK_FULL: gettext_lazy("Online booking has reached its limit")}
    to_desk = True
    template = "desk_full"
    helps_for = timedelta(days=1)

    def rows(self) -> QuerySet[Appointment]:
        return Appointment.objects.all()

    def is_over(self, now: datetime) -> bool:
        """Whether it is old news, whatever has become of the visit that filled the hour."""
        return now >= self.owed.due_at + self.helps_for

    def context(self, now: datetime) -> Context:
        return of_clinic(self.clinic) | {
            "heading": self.title,
            "limit": settings.ONLINE_BOOKINGS_AN_HOUR,
            "reached_at": self.owed.due_at,
            "zone": zone_name(self.owed.due_at),
            "admin_url": address("desk:day"),
        }


class QuestionToDesk(Notification[Enquiry]):
    """Until when a question wants an answer, and a link for staff who sign in."""

    titles = {Kind.DESK_ENQUIRY: gettext_lazy("New question")}
    to_desk = True
    template = "desk_enquiry"

    def rows(self) -> QuerySet[Enquiry]:
        return Enquiry.objects.all()

    def is_over(self, now: datetime) -> bool:
        """Whether it is answered: late is better than never."""
        return self.about.is_answered

    def context(self, now: datetime) -> Context:
        return of_clinic(self.clinic) | {
            "heading": self.title,
            "enquiry": self.about,
            "zone": zone_name(self.about.due_at),
            "admin_url": address("admin:booking_enquiry_change", self.about.pk),
        }


class WishToPatient(Notification[WaitlistEntry]):
    """What somebody without a visit asked for, and the link that confirms it or leaves the list."""

    titles = {Kind.WISH: gettext_lazy("%(clinic)s: your place on the earlier-time list")}

    def rows(self) -> QuerySet[WaitlistEntry]:
        return WaitlistEntry.objects.with_details()

    def is_over(self, now: datetime) -> bool:
        return not WaitlistEntry.objects.waiting(now).filter(pk=self.about.pk).exists()

    def context(self, now: datetime) -> Context:
        return of_clinic(self.clinic) | {
            "wish": self.about,
            "kept_minutes": deadlines.minutes_to_answer(),
            "wish_url": wish_url(self.about),
        }


class OfferToPatient(Notification[TimeOffer]):
    """A sooner time, until when it is kept, and the link that takes it or leaves it."""

    titles = {Kind.OFFER: gettext_lazy("%(clinic)s: a sooner time is free")}

    def rows(self) -> QuerySet[TimeOffer]:
        return TimeOffer.objects.with_details()

    def is_over(self, now: datetime) -> bool:
        late = deadlines.is_late(self.about, now)
        return late or standing.of(self.about, now) != TimeOffer.State.OPEN

    def is_lost(self, now: datetime) -> bool:
        """Whether it was tried in vain for as long as the offer could wait."""
        return bool(self.owed.last_error) and deadlines.is_late(self.about, now)

    def leaves(self, now: datetime) -> bool:
        """The time to answer begins; False where the offer is over."""
        return deadlines.begin(offer=self.about, now=now)

    def given_up(self, now: datetime) -> None:
        """The offer ends, as nobody knows of it."""
        deadlines.end(self.about, now)

    def context(self, now: datetime) -> Context:
        token = tokens.current(self.about) or tokens.make(self.about)
        return of_visit(self.clinic, self.about) | {
            "offer": self.about,
            "visit": self.about.entry.appointment,
            "offer_url": address("booking:open_offer", token),
        }


WRITTEN: list[type[Notification]] = [
    VisitChanged,
    SeriesToPatient,
    Reminder,
    VisitToDesk,
    FullHourToDesk,
    QuestionToDesk,
    WishToPatient,
    LinksAgain,
    OfferToPatient,
    NewPassword,
    Invitation,
]
OF_KIND = {kind: written for written in WRITTEN for kind in written.titles}


def of(owed: OutgoingEmail) -> Notification:
    """What a message that is owed has to say; reads what it is about, in one query."""
    return OF_KIND[Kind(owed.kind)](owed)
