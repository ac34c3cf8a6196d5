"""The one message about all visits of a series, and what has become of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from booking.calendars.doubts import unsettled
from booking.messages.links import manage_url
from booking.messages.notifications import Context, Kind, Notification, address, of_clinic
from booking.models import Appointment, AppointmentStatus, Series
from booking.wording import one_line, zone_name

CANCELLED = AppointmentStatus.CANCELLED


class SeriesToPatient(Notification[Series]):
    """Every visit of it that is not past, as it is when the message leaves: so a newer message says
    all that one before it said. Each with the link that changes that visit alone.

    It goes to one address, and tells of no visit that has another one.
    """

    titles = {
        Kind.SERIES: gettext_lazy("%(clinic)s: your visits are booked"),
        Kind.SERIES_MOVED: gettext_lazy("%(clinic)s: your visits have moved"),
        Kind.SERIES_CANCELLED: gettext_lazy("%(clinic)s: visits are cancelled"),
    }

    def rows(self) -> QuerySet[Series]:
        visits = Appointment.objects.with_details().order_by("starts_at", "pk")
        return Series.objects.prefetch_related(Prefetch("visits", visits))

    @cached_property
    def own(self) -> list[Appointment]:
        """Those of its visits that belong to the address."""
        return [visit for visit in self.about.visits.all() if visit.email == self.email]

    def to_come(self, now: datetime) -> list[Appointment]:
        """Those that are not past and stand, or were cancelled."""
        told = (visit for visit in self.own if visit.is_active or visit.status == CANCELLED)
        return [visit for visit in told if visit.ends_at > now]

    def is_over(self, now: datetime) -> bool:
        """Whether a newer one says more, or no visit is left to tell of: one that stands, or was
        cancelled where that is the news.

        Of a cancellation that was taken back it still tells what stands: the message before it,
        which it overtook, may never have left.
        """
        if self.owed.sequence != self.about.sequence:
            return True
        tells = (row.is_active or self.kind == Kind.SERIES_CANCELLED for row in self.to_come(now))
        return not any(tells)

    def is_held_back(self, now: datetime) -> bool:
        """Whether something of a visit to come is not so any more, as for a message about one."""
        return bool(unsettled(row for row in self.own if row.is_upcoming(now)))

    def needs_a_call(self, now: datetime) -> bool:
        return bool(self.owed.sequence) and not self.is_over(now)

    @property
    def template(self) -> str:
        """As the visits are: of a cancellation that was taken back, that they are booked."""
        is_taken_back = all(row.status != CANCELLED for row in self.own)
        return Kind.SERIES if is_taken_back and self.kind == Kind.SERIES_CANCELLED else self.kind

    @property
    def title(self) -> str:
        words = {"clinic": self.clinic.name}
        return one_line(str(self.titles[Kind(self.template)]) % words)

    @property
    def events(self) -> Sequence[Appointment]:
        """Those that were to come as it was owed."""
        return self.to_come(self.owed.due_at)

    def context(self, now: datetime) -> Context:
        visits = self.to_come(now)
        standing = [visit for visit in visits if visit.is_active]
        first = (standing or visits)[0]
        return of_clinic(self.clinic, first.location.phone) | {
            "first": first,
            "lines": [_line(visit, now) for visit in visits],
            "count": len(standing),
            "zone": zone_name(first.starts_at),
            "is_moved": self.kind == Kind.SERIES_MOVED,
            "same_place": len({visit.location_id for visit in standing}) == 1,
            "book_url": address("booking:book"),
        }


def _line(visit: Appointment, now: datetime) -> Context:
    """What the list says of one visit."""
    return {
        "visit": visit,
        "zone": zone_name(visit.starts_at),
        "is_cancelled": visit.status == CANCELLED,
        "may_change": visit.may_change(now),
        "url": manage_url(visit) if visit.status != CANCELLED else "",
    }
