"""Good-faith estimates that are owed to patients who pay themselves."""

from datetime import date

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import ACTIVE, Appointment
from booking.models.staff_places import of_places


class EstimateQuerySet(models.QuerySet):
    """Questions about estimates."""

    def visible_to(self, user: PermissionsMixin) -> "EstimateQuerySet":
        """Those of the visits that a signed-in user may see. Not whether they may see estimates.

        Asked from the estimates' side: there are few, and a long past has many visits.
        """
        if user.has_perm("booking.see_every_appointment"):
            return self.filter(of_places(user, "appointment__location"))
        return self.filter(appointment__therapist__user=user)

    def owed(self) -> "EstimateQuerySet":
        """Those to be given still; a visit that does not take place needs none."""
        return self.filter(given_at__isnull=True, appointment__status__in=ACTIVE)

    def count_owed(self, today: date) -> dict[str, int]:
        """How many are owed, and how many of them should have been given before today."""
        late = Count("pk", filter=Q(due_on__lt=today))
        return self.owed().aggregate(owed=Count("pk"), overdue=late)


@auditlog.register(include_fields=["appointment", "due_on", "given_at", "given_by"])
class Estimate(models.Model):
    """One visit's estimate: until which clinic day, and who said when that it was given."""

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="estimate")
    due_on = models.DateField(_("due"))
    given_at = models.DateTimeField(_("given"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )

    objects = EstimateQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            # Owed ones alone: the desk's first page counts them, whatever the history.
            models.Index(
                fields=["due_on"],
                condition=Q(given_at__isnull=True),
                name="booking_estimate_owed",
            )
        ]

    def __str__(self) -> str:
        return str(self.due_on)
