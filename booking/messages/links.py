"""Links to visits and wishes, and the message that has all those of an address once more."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from booking.calendars.doubts import unsettled
from booking.messages.notifications import Context, Kind, Notification, address, of_clinic
from booking.models import Appointment, WaitlistEntry
from booking.visits import sending_again, tokens
from booking.wording import zone_name


def manage_url(visit: Appointment) -> str:
    """The link that opens a visit; empty where no known key made it."""
    token = tokens.current(visit)
    return address("booking:manage", token) if token else ""


def wish_url(wish: WaitlistEntry) -> str:
    """The link that opens a wish without a visit."""
    return address("booking:open_wish", tokens.current(wish) or tokens.make(wish))


class LinksAgain(Notification[Any]):
    """The links to all coming visits and wishes of an address, for somebody who has lost them.

    It hangs on one of the visits, or where there is none on a wish; that is no more than its
    address. What has come or gone since it was asked for does not matter. Of a visit that is not
    so any more it says to call, not when and where it was: who reads that would come for nothing.
    """

    titles = {Kind.LINK: gettext_lazy("%(clinic)s: the links that you asked for")}

    def rows(self) -> QuerySet[Any]:
        return WaitlistEntry.objects.all() if self.owed.wish_id else Appointment.objects.all()

    def is_over(self, now: datetime) -> bool:
        """Whether nothing is left that there could be a link to."""
        visits = sending_again.visits_of(self.email, now)
        return not visits and not sending_again.wishes_of(self.email, now)

    def context(self, now: datetime) -> Context:
        visits = sending_again.visits_of(self.email, now)
        untrue = unsettled(visits)
        return of_clinic(self.clinic) | {
            "visits": [
                {
                    "visit": visit,
                    "zone": zone_name(visit.starts_at),
                    "url": manage_url(visit),
                    "is_untrue": visit in untrue,
                }
                for visit in visits
            ],
            "wishes": [
                {"wish": wish, "url": wish_url(wish)}
                for wish in sending_again.wishes_of(self.email, now)
            ],
        }
