"""Where patients are treated, for what has to say it: in a clinic with one place, nothing has."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from booking import hours
from booking.models import Location, WorkingHours


def to_name(now: datetime) -> dict[int, str]:
    """Names by primary key of the locations at which somebody works, today or later; none where
    there is but one. One query.
    """
    held = WorkingHours.objects.filter(location=OuterRef("pk"), therapist__active=True)
    worked = Exists(held.exclude(valid_until__lt=hours.today(now)))
    found = dict(Location.objects.filter(worked).order_by().values_list("pk", "name"))
    return found if len(found) > 1 else {}
