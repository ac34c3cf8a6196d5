"""What the desk should know whatever the day: what should not wait, and what is new."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Q

from booking.calendars import hours
from booking.calendars.doubts import untrue
from booking.desk.news import Changed, unseen
from booking.models import Appointment, Enquiry, Estimate, OnlineBooking, OutgoingEmail, Source
from booking.visits import duplicates, full_hours
from booking.visits.full_hours import FullHours


@dataclass
class Notices:
    """What the desk should know whatever the day."""

    paused: bool
    full: FullHours | None
    given_up: int
    to_deal_with: int
    changed: dict[int, Changed]  # by their patients, the visit's primary key first
    twice: int
    estimates: dict[str, int]
    new: dict[str, int]
    questions: dict[str, int]


def notices(user: AbstractUser, now: datetime) -> Notices:
    """What should not wait, and what is new since yesterday."""
    visible = Appointment.objects.visible_to(user)
    estimates = Estimate.objects.visible_to(user)
    may_see_estimates = user.has_perm("booking.view_estimate")
    sources = visible.new_since_yesterday(now).order_by().values_list("source")
    new = dict(sources.annotate(Count("pk")))
    return Notices(
        paused=OnlineBooking.objects.filter(paused=True).exists(),
        full=full_hours.since_yesterday(now) if _may_be_full(new) else None,
        given_up=OutgoingEmail.objects.visible_to(user).to_telephone(now).count(),
        to_deal_with=len(untrue(visible, now)),
        changed=unseen(user),
        twice=duplicates.among(visible, now).count(),
        estimates=estimates.count_owed(hours.today(now)) if may_see_estimates else {},
        new=new,
        questions=_questions(now) if user.has_perm("booking.view_enquiry") else {},
    )


def _may_be_full(new: dict[str, int]) -> bool:
    """Whether it is worth asking: on most days fewer visits are booked than one hour takes."""
    return new.get(Source.ONLINE, 0) >= settings.ONLINE_BOOKINGS_AN_HOUR


def _questions(now: datetime) -> dict[str, int]:
    """How many are open, and how many of these are overdue."""
    overdue = Count("pk", filter=Q(due_at__lte=now))
    return Enquiry.objects.open().aggregate(open=Count("pk"), overdue=overdue)
