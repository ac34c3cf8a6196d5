"""The statuses of a visit, which may follow which, and what is so of a visit by its status."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.choices import CancelReason


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


class Standing:
    """How a visit stands: what its status and its times say of it."""

    __slots__ = ()
    status: Any
    cancel_reason: Any
    starts_at: Any
    cancelled_at: Any

    @property
    def status_said(self) -> str:
        """The status in the desk's words, with why it was cancelled where that was said."""
        said = str(AppointmentStatus(self.status).label)
        if self.status == CANCELLED and self.cancel_reason:
            return f"{said}: {CancelReason(self.cancel_reason).label}"
        return said

    @property
    def is_active(self) -> bool:
        """Whether it holds its time."""
        return self.status in ACTIVE

    def is_upcoming(self, now: datetime) -> bool:
        """Whether it is booked and has not begun."""
        return bool(self.status == BOOKED and self.starts_at > now)

    def may_become(self, status: str, now: datetime) -> bool:
        """Whether one step leads to that status now. Nobody missed a visit before its start."""
        if status == NO_SHOW and now < self.starts_at:
            return False
        return status in TRANSITIONS[self.status]

    def can_undo(self, now: datetime) -> bool:
        """Whether its cancellation is fresh enough to be taken back."""
        cancelled_at = self.cancelled_at if self.status == CANCELLED else None
        return cancelled_at is not None and now <= cancelled_at + UNDO
