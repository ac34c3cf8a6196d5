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


def notices(
    user: AbstractUser, now: datetime, changed: dict[int, Changed], to_deal_with: int, twice: int
) -> Notices:
    """What should not wait, and what is new since yesterday. What patients `changed`, and how many
    visits are not true any more, or may be one person's `twice`, the caller knows: of the day that
    is shown, or of all to come.
    """
    visible = Appointment.objects.visible_to(user)
    estimates = Estimate.objects.visible_to(user)
    may_see_estimates = user.has_perm("booking.view_estimate")
    sources = visible.new_since_yesterday(now).order_by().values_list("source")
    new = dict(sources.annotate(Count("pk")))
    return Notices(
        paused=OnlineBooking.objects.filter(paused=True).exists(),
        full=full_hours.since_yesterday(now) if _may_be_full(new) else None,
        given_up=_lost(user, now),
        to_deal_with=to_deal_with,
        changed=changed,
        twice=twice,
        estimates=estimates.count_owed(hours.today(now)) if may_see_estimates else {},
        new=new,
        questions=_questions(now) if user.has_perm("booking.view_enquiry") else {},
    )


def of_all_days(user: AbstractUser, now: datetime) -> Notices:
    """The same, of all that is to come."""
    visible = Appointment.objects.visible_to(user)
    twice = duplicates.among(visible, now).count()
    return notices(user, now, unseen(user), len(untrue(visible, now)), twice)


def _lost(user: AbstractUser, now: datetime) -> int:
    """How many e-mails to telephone about; on most days none is lost, which is quickly asked."""
    rows = OutgoingEmail.objects.lost()
    return rows.visible_to(user).to_telephone(now).count() if rows.exists() else 0


def _may_be_full(new: dict[str, int]) -> bool:
    """Whether it is worth asking: on most days fewer visits are booked than one hour takes."""
    return new.get(Source.ONLINE, 0) >= settings.ONLINE_BOOKINGS_AN_HOUR


def _questions(now: datetime) -> dict[str, int]:
    """How many are open, and how many of these are overdue."""
    overdue = Count("pk", filter=Q(due_at__lte=now))
    return Enquiry.objects.open().aggregate(open=Count("pk"), overdue=overdue)
