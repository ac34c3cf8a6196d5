"""That somebody of the staff telephoned: about a visit, a question or a wish."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.enquiry import Enquiry
from booking.models.outgoing_email import exactly_one
from booking.models.waitlist import WaitlistEntry

ABOUT = ["appointment", "enquiry", "wish"]  # the foreign keys of which each row has exactly one


class ContactAttempt(models.Model):
    """One call: whether somebody was reached, when, and by whom. Of what was said, nothing."""

    class Outcome(models.TextChoices):
        CALLED = "called", _("Called")
        MESSAGE = "message", _("Left a message")

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, related_name="attempts"
    )
    enquiry = models.ForeignKey(
        Enquiry, models.CASCADE, null=True, blank=True, related_name="attempts"
    )
    wish = models.ForeignKey(
        WaitlistEntry, models.CASCADE, null=True, blank=True, related_name="attempts"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    # Of a visit: the version of it that was spoken of, and the doubts about it that whoever called
    # had before them, by their codes. What came up later, nobody was told.
    sequence = models.PositiveIntegerField(default=0)
    known = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()  # who may change the visit may say that they called
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(ABOUT), name="booking_contactattempt_about_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.made_at:%Y-%m-%d %H:%M}"

    def knew(self, prefix: str) -> bool:
        """Whether a doubt whose code begins so was before whoever called."""
        return any(code.startswith(prefix) for code in self.known)
