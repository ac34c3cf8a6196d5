"""The statuses of a visit, and which may follow which."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentStatus(models.TextChoices):
    """Values are FHIR Appointment.status codes; labels are the desk's words."""

    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    FULFILLED = "fulfilled", _("Seen")
    NO_SHOW = "noshow", _("Did not attend")
    CANCELLED = "cancelled", _("Cancelled")


BOOKED, ARRIVED, FULFILLED, NO_SHOW, CANCELLED = AppointmentStatus
# The statuses in which a visit holds its time: a missed one frees the chair. As plain strings,
# for the constraint's SQL and its migration.
ACTIVE = [BOOKED.value, ARRIVED.value, FULFILLED.value]
TRANSITIONS: dict[str, set[AppointmentStatus]] = {
    BOOKED: {ARRIVED, NO_SHOW, CANCELLED},
    ARRIVED: {FULFILLED, BOOKED},
    FULFILLED: {ARRIVED},
    NO_SHOW: {BOOKED, ARRIVED},
    CANCELLED: set(),  # final, but for a short undoing
}
UNDO = timedelta(minutes=10)  # how long a cancellation can be taken back
