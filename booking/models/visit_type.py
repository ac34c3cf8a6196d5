"""What can be booked."""

from datetime import datetime, timedelta

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VisitTypeManager(models.Manager["VisitType"]):
    def get_by_natural_key(self, slug: str) -> "VisitType":
        return self.get(slug=slug)


@auditlog.register(exclude_fields=["appointments"])
class VisitType(models.Model):
    """A kind of visit and its rules; lengths in minutes."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    minutes = models.PositiveSmallIntegerField(default=45)
    online = models.BooleanField(default=False, help_text=_("Patients can book it themselves."))
    step_minutes = models.PositiveSmallIntegerField(
        default=15, help_text=_("Visits start every so many minutes from opening.")
    )
    buffer_before = models.PositiveSmallIntegerField(
        default=0, help_text=_("Minutes kept free before a visit.")
    )
    buffer_after = models.PositiveSmallIntegerField(
        default=0, help_text=_("Minutes kept free after a visit.")
    )
    notice_minutes = models.PositiveIntegerField(
        default=120, help_text=_("Online, at least so many minutes ahead.")
    )
    horizon_days = models.PositiveSmallIntegerField(
        default=60, help_text=_("Online, at most so many days ahead.")
    )
    change_window_hours = models.PositiveSmallIntegerField(
        default=24, help_text=_("Later than this before a visit, a change takes a call.")
    )
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = VisitTypeManager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, step_minutes__gte=5, minutes__lte=480),
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

    def change_until(self, starts_at: datetime) -> datetime:
        """Last instant at which a patient may move or cancel a visit that starts then."""
        return starts_at - timedelta(hours=self.change_window_hours)
