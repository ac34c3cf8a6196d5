"""What can be booked."""

import re
from datetime import datetime, timedelta

from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

HOURS = re.compile(r"\d+")
LONGEST_LEAD_HOURS = 30 * 24
MOST_REMINDERS = 5
SHORTEST_MINUTES, LONGEST_MINUTES = 5, 480  # of a visit


def lead_hours(text: str) -> list[int]:
    """The whole hours that a list such as "72, 24" names, longest first."""
    return sorted({int(number) for number in HOURS.findall(text)}, reverse=True)


def validate_lead_hours(text: str) -> None:
    """Raises ValidationError for what is no list of a few lead times in whole hours."""
    hours = lead_hours(text)
    if re.sub(r"\d+|[,\s]", "", text):
        raise ValidationError(_("Write whole hours with commas between them, such as 72, 24."))
    if hours and not 1 <= hours[-1] <= hours[0] <= LONGEST_LEAD_HOURS:
        raise ValidationError(_("A reminder goes out between 1 and 720 hours before a visit."))
    if len(hours) > MOST_REMINDERS:
        raise ValidationError(_("Five reminders of one visit are enough."))


class VisitTypeQuerySet(models.QuerySet["VisitType"]):
    """Questions about visit types."""

    def offered(self) -> "VisitTypeQuerySet":
        """Those that can be booked at all: by the desk, some by patients too."""
        return self.filter(active=True)

    def online(self) -> "VisitTypeQuerySet":
        """Those that patients can book themselves."""
        return self.offered().filter(online=True)

    def get_by_natural_key(self, slug: str) -> "VisitType":
        return self.get(slug=slug)


@auditlog.register(exclude_fields=["appointments"])
class VisitType(models.Model):
    """A kind of visit and its rules; lengths in minutes."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=45)
    active = models.BooleanField(
        default=True,
        help_text=_(
            "Untick to withdraw it: nobody can book it any more. Visits already booked are listed,"
            " to be dealt with."
        ),
    )
    online = models.BooleanField(
        _("booked online"), default=False, help_text=_("Patients can book it themselves.")
    )
    step_minutes = models.PositiveSmallIntegerField(
        _("starts every … minutes"),
        default=15,
        help_text=_("Visits start every so many minutes from opening."),
    )
    fills_day = models.BooleanField(
        _("times that fill the day"),
        default=True,
        help_text=_(
            "Patients are shown only starts that lower by one, never more, how many such visits"
            " still fit that day; of these those that leave no gap too short for any visit, if"
            " there are any. Untick to show every start."
        ),
    )
    buffer_before = models.PositiveSmallIntegerField(
        _("free before, in minutes"), default=0, help_text=_("Minutes kept free before a visit.")
    )
    buffer_after = models.PositiveSmallIntegerField(
        _("free after, in minutes"), default=0, help_text=_("Minutes kept free after a visit.")
    )
    notice_minutes = models.PositiveIntegerField(
        _("soonest online, in minutes"),
        default=120,
        help_text=_("Online, at least so many minutes ahead."),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("furthest online, in days"),
        default=60,
        help_text=_("Online, at most so many days ahead."),
    )
    change_window_hours = models.PositiveSmallIntegerField(
        _("patients change it until, in hours"),
        default=24,
        help_text=_("Later than this before a visit, a change takes a call."),
    )
    reminder_hours = models.CharField(
        _("reminders, in hours before"),
        max_length=40,
        blank=True,
        default="72, 24",
        validators=[validate_lead_hours],
        help_text=_(
            "Remind by e-mail so many hours before a visit: 72, 24 is three days and one day."
            " Empty for no reminders. A change holds for visits already booked too."
        ),
    )
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    no_show_fee = models.DecimalField(
        _("fee for who does not come"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("For who does not come, or cancels later than a change is free. Empty: none."),
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = VisitTypeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    minutes__gte=SHORTEST_MINUTES,
                    step_minutes__gte=5,
                    minutes__lte=LONGEST_MINUTES,
                ),
                name="booking_visittype_minutes_in_range",
                violation_error_message=_("A visit and its step take at least five minutes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def reminder_leads(self) -> list[int]:
        """Hours before a visit at which its patient is reminded, longest first."""
        return lead_hours(self.reminder_hours)

    def earliest_start(self, now: datetime) -> datetime:
        """First instant at which a visit may start that a patient books now: minimum notice."""
        return now + timedelta(minutes=self.notice_minutes)

    def book_until(self, starts_at: datetime) -> datetime:
        """The last instant (UTC) at which a patient may book a visit that starts then."""
        return starts_at - timedelta(minutes=self.notice_minutes)

    def change_until(self, starts_at: datetime) -> datetime:
        """Last instant at which a patient may move or cancel a visit that starts then."""
        return starts_at - timedelta(hours=self.change_window_hours)

    def is_late(self, starts_at: datetime, now: datetime) -> bool:
        """Whether it is too late by then to change such a visit without a call."""
        return now > self.change_until(starts_at)
