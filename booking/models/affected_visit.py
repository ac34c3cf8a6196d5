"""Which booked visits a closure or a therapist's time off hurt as it was saved."""

from django.db import models

from booking.models.appointment import Appointment
from booking.models.calendar import Closure, TimeOff
from booking.models.outgoing_email import exactly_one

ABSENCES = ["closure", "time_off"]  # the foreign keys of which each row has exactly one


class AffectedVisit(models.Model):
    """One such visit, and which version of it that was: so that nobody is lost from the list once
    the visit is moved or cancelled. How it stands now, the visit itself says.
    """

    closure = models.ForeignKey(Closure, models.CASCADE, null=True, related_name="+")
    time_off = models.ForeignKey(TimeOff, models.CASCADE, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()  # who may see the visit may see what hurt it
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(ABSENCES), name="booking_affectedvisit_by_one_absence"
            ),
            *(
                models.UniqueConstraint(
                    fields=[name, "appointment"], name=f"booking_affectedvisit_once_by_{name}"
                )
                for name in ABSENCES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closure_id or self.time_off_id} {self.appointment_id}"
