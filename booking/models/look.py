"""That a member of staff looked at a patient: who, when, at what; numbers alone, no names."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.constraints import AppendOnly

# The database deletes none that is younger, whoever asks: a manager's period is at least a year,
# which of 365.25 days leaves the two clocks six hours to differ by.
LEAST_DAYS = 365


class Look(models.Model):
    """One member of staff at one page about one row, once in a quarter of an hour."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        SERIES = "series", _("Visits booked together")
        WISH = "wish", _("Earlier-time wish")
        OFFER = "offer", _("Offered time")
        EMAIL = "email", _("E-mail")
        QUESTION = "question", _("Question")
        CHANGE = "change", _("Change")
        DAY = "day", _("Day")
        LIST = "list", _("List")

    # Neither goes with its user nor forgets them. Null only so that who has left is joined.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"))
    quarter = models.DateTimeField()  # the quarter of an hour that it lies in
    page = models.CharField(_("page"), max_length=60)  # the name of its address
    kind = models.CharField(_("of what"), max_length=10, choices=Kind)
    # The row's primary key; of a day its digits, 20261130; of a list 0.
    key = models.BigIntegerField(_("number"), default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("look at a patient")
        verbose_name_plural = _("who looked at whom")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["at"], name="booking_look_at"),
            models.Index(fields=["by", "at"], name="booking_look_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "by", "page", "quarter"], name="booking_look_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("visit", "series", "wish", "offer", "email", "question"),
                        *("change", "day", "list"),
                    ]
                ),
                name="booking_look_known_kind",
            ),
            AppendOnly(at="at", days=LEAST_DAYS, name="booking_look_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key or ''}".strip()
