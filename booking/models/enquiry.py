"""A question that somebody asked from `/contact/question/`."""

import uuid
from datetime import datetime

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MASKED = ["name", "phone", "email", "message"]
AUDITED = [*MASKED, "due_at", "answered_at", "answered_by"]


class EnquiryQuerySet(models.QuerySet):
    """Questions about enquiries."""

    def open(self) -> "EnquiryQuerySet":
        """Those that nobody has answered."""
        return self.filter(answered_at__isnull=True)

    def overdue(self, now: datetime) -> "EnquiryQuerySet":
        """Open ones that ought to have been answered by now."""
        return self.open().filter(due_at__lte=now)


# Of what was asked, and who did, the history keeps only that it changed.
@auditlog.register(
    include_fields=AUDITED,
    mask_fields=MASKED,
    mask_callable="booking.models.appointment.hidden",
)
class Enquiry(models.Model):
    """A question, how to reach who asked it, and until when (UTC) it wants an answer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    message = models.TextField(_("question"), max_length=1000)
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    request_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="booking_enquiry_can_be_answered",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
        ]
        indexes = [
            # Open ones alone: the desk's first page counts them, whatever the history.
            models.Index(
                fields=["due_at"],
                condition=Q(answered_at__isnull=True),
                name="booking_enquiry_open",
            )
        ]

    def __str__(self) -> str:
        return str(_("no. %(number)s") % {"number": self.pk})  # kept in the history

    @property
    def is_answered(self) -> bool:
        """Whether somebody of the desk said that it is answered."""
        return self.answered_at is not None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it ought to have been answered by now."""
        return not self.is_answered and self.due_at <= now
