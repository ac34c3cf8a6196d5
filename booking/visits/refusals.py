"""Every no of a service: what could not be done, and how it is answered."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booking.models import Appointment


class Refused(Exception):
    """A service did not do what it was asked to do, and has written nothing.

    `status` is the HTTP status of the answer, `code` a word by which a page or a program tells one
    refusal from another, `problem` a sentence for whoever asked; each subclass states all three.
    `desk_problem` is what staff read instead, where that is another.
    """

    status: HTTPStatus
    code: str
    problem: str | Promise
    desk_problem: str | Promise = ""

    @property
    def for_staff(self) -> str | Promise:
        """The sentence in the desk's words."""
        return self.desk_problem or self.problem


class SlotUnavailable(Refused):
    """The time cannot be booked: taken, closed, or outside the rules.

    `others` are the visits that hold some of it, where a service found them: for staff who may see
    that calendar, never for patients.
    """

    status = HTTPStatus.CONFLICT
    code = "taken"
    problem = _("That time cannot be booked.")
    desk_problem = _("That time is already taken. Nothing was changed.")

    def __init__(self, others: Iterable[Appointment] = ()) -> None:
        super().__init__()
        self.others = list(others)

    @property
    def for_staff(self) -> str | Promise:
        if not self.others:
            return self.desk_problem
        words = gettext("That time is already taken by %(visits)s. Nothing was changed.")
        return words % {"visits": named(self.others)}


def named(visits: Iterable[Appointment]) -> str:
    """Visits in a sentence for staff: `Omar Haddad, 9:30–10:15 a.m. (K7M-2QF)`, each."""
    return "; ".join(f"{visit.name}, {_span(visit)} ({visit.reference})" for visit in visits)


def _span(visit: Appointment) -> str:
    ends = (time_format(localtime(moment), "P") for moment in (visit.starts_at, visit.ends_at))
    return "–".join(ends)


class SeriesTaken(SlotUnavailable):
    """Some of several times are taken; none was booked or moved.

    `taken` is `clashes.taken` of those that were asked for.
    """

    code = "series-taken"
    problem = _("Some of these times cannot be booked. None was.")
    desk_problem = _("Some of these times are taken. Nothing was changed.")

    def __init__(self, taken: Mapping[int, Appointment | None] | None = None) -> None:
        super().__init__()
        self.taken = taken or {}


class TooLate(Refused):
    """Too near the visit, or past it: a change takes a call."""

    status = HTTPStatus.CONFLICT
    code = "late"
    problem = _("It is too late to change this visit here. Please call us.")


class NotAllowed(Refused):
    """The appointment's status does not lead there."""

    status = HTTPStatus.CONFLICT
    code = "status"
    problem = _("That cannot be done with this visit now.")
    desk_problem = _("Somebody changed this visit meanwhile. See how it is now.")


class VisitsToCome(Refused):
    """Nobody is erased who is still expected."""

    status = HTTPStatus.CONFLICT
    code = "to-come"
    problem = _("There are visits to come. Cancel them first.")
    desk_problem = _("There are visits to come. Cancel them first. Nothing was erased.")


class OtherPlace(Refused):
    """The visit would be at a place at which whoever books does not work."""

    status = HTTPStatus.FORBIDDEN
    code = "place"
    problem = _("That is at another place. Nothing was changed.")
    desk_problem = _("Then it would be at a place that is none of yours. Nothing was changed.")


class Changed(Refused):
    """The visit is no longer as whoever acts on it saw it: ask again about it as it is now."""

    status = HTTPStatus.CONFLICT
    code = "changed"
    problem = _("Your visit has changed since you opened this page. Nothing was changed now.")
    desk_problem = NotAllowed.desk_problem


class KeyReused(Refused):
    """The form's key came with another content before."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "reused"
    problem = _("This form was already sent, with other details. Nothing was done again.")
    desk_problem = _("This form has already booked a visit. Open a new one to book.")


class OverLimit(Refused):
    """Enough was sent from there for now: a call helps."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "limit"
    problem = _("You have sent as much as we take at a time. Please call us.")


class MailboxFull(OverLimit):
    """Strangers can have filled the mailbox for today and tomorrow: nobody would hear of it."""

    code = "mailbox"
    problem = _("We cannot write to your e-mail address right now. Please call us.")


class OnlineFull(OverLimit):
    """Everybody together has sent as much of a form as is taken online in an hour."""

    code = "full"
    problem = _("We cannot take more online right now. Please call us.")
